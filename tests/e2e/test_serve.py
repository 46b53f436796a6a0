"""`make run`'s servers for real: started on free ports, talked to over HTTP, stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from weerwoord.settings import ROOT

START_LIMIT = 120  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Servers:
    """The servers of one `make run`."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.port, self.assistant_port = free_port(), free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "weerwoord.runtime.serve"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={
                **os.environ,
                "WEERWOORD_PORT": str(self.port),
                "WEERWOORD_ASSISTANT_PORT": str(self.assistant_port),
                "WEERWOORD_DATABASE": str(folder / "talks.db"),
                **env,
            },
        )

    def until_ready(self) -> str:
        assert self.process.stdout is not None
        said = [self.process.stdout.readline(), self.process.stdout.readline()]
        return "".join(said)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def servers(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    started = Servers(tmp_path_factory.mktemp("serve"))
    assert f"http://127.0.0.1:{started.port}/" in started.until_ready()
    yield started
    started.stop()


@pytest.fixture
def browser(servers: Servers) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{servers.port}", timeout=30) as client:
        client.get("/")
        yield client


def say(browser: httpx.Client, text: str, payload: bool = False) -> list[dict[str, Any]]:
    answer = browser.post("/api/messages", json={"text": text, "payload": payload})
    assert answer.status_code == 200, answer.text
    replies: list[dict[str, Any]] = answer.json()["replies"]
    return replies


def test_a_talk_over_http_and_a_reload(browser: httpx.Client) -> None:
    assert "Welkom" in say(browser, "/session_start", payload=True)[0]["text"]
    say(browser, '/start_practice{"partner": "ruud", "disposition": "pressed", "seed": 7}', payload=True)
    replies = say(browser, "Ik zie dat u het druk heeft. Zullen we een andere afspraak maken, dinsdag misschien?")
    cards = [r["custom"] for r in replies if "custom" in r]
    assert cards[0]["outcome"] == "appointment" and cards[1]["type"] == "debrief"
    told = browser.get("/api/history").json()["messages"]
    assert any(m.get("user") and m["text"].startswith("Ik zie dat") for m in told)
    assert any(m.get("custom", {}).get("type") == "debrief" for m in told)


def test_nobody_reads_anothers_talk(servers: Servers, browser: httpx.Client) -> None:
    say(browser, "/session_start", payload=True)
    with httpx.Client(base_url=f"http://127.0.0.1:{servers.port}") as stranger:
        stranger.get("/")
        assert stranger.get("/api/history").json() == {"messages": []}


def test_a_second_start_on_the_same_port_is_one_sentence(servers: Servers, tmp_path: Path) -> None:
    second = Servers(tmp_path, WEERWOORD_PORT=str(servers.port))
    out, _ = second.process.communicate(timeout=60)
    assert second.process.returncode == 1
    assert out.count("\n") == 1 and f"Poort {servers.port} is al in gebruik" in out


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    lost = Servers(tmp_path, WEERWOORD_MODEL=str(tmp_path / "geen.tar.gz"))
    out, _ = lost.process.communicate(timeout=60)
    assert lost.process.returncode == 1 and "make train" in out and out.count("\n") == 1


def children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{p}").exists() for p in pids)


def test_a_crash_of_one_part_stops_the_other(trained_model: None, tmp_path: Path) -> None:
    both = Servers(tmp_path)
    both.until_ready()
    parts = children(both.process.pid)
    assert len(parts) == 2
    os.kill(parts[0], signal.SIGKILL)
    assert both.process.wait(timeout=30) == 1
    assert both.process.stdout is not None and "is gestopt" in both.process.stdout.read()
    time.sleep(0.2)
    assert gone(parts)


def test_ctrl_c_stops_everything(trained_model: None, tmp_path: Path) -> None:
    both = Servers(tmp_path)
    both.until_ready()
    parts = children(both.process.pid)
    assert both.stop() == 0
    assert gone(parts)
