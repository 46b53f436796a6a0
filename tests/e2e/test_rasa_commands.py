"""Rasa's own commands take this project for an ordinary one."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.e2e.servers import Browser, Servers, card
from weerwoord.bench.bots import free_ports
from weerwoord.messages import message
from weerwoord.settings import ROOT

RASA = str(Path(sys.executable).with_name("rasa"))
GOAL = "Ik kom niet om te solliciteren. Ik wil graag uw advies, want ik ben me nog aan het oriënteren."
START = '/start_practice{"partner": "ruud", "disposition": "mistaken", "seed": 7}'
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "PYTHONWARNINGS": "default::UserWarning",
    "SANIC_HOST": "127.0.0.1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def rasa(*arguments: str, seconds: int) -> str:
    done = subprocess.run(
        [RASA, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=seconds, env={**os.environ, **QUIET}
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-2000:]
    return said


def test_data_validate_has_nothing_to_say() -> None:
    said = rasa("data", "validate", "--fail-on-warnings", seconds=120)
    assert "No story structure conflicts found" in said
    ours = [line for line in said.splitlines() if "UserWarning" in line or " WARNING " in line or " ERROR " in line]
    assert ours == []


def test_the_test_stories_are_predicted(trained_model: None, tmp_path: Path) -> None:
    model = str(ROOT / "models" / "weerwoord.tar.gz")
    rasa("test", "core", "--stories", "tests", "--e2e", "-m", model, "--out", str(tmp_path), seconds=120)
    told = yaml.safe_load((ROOT / "tests" / "test_stories.yml").read_text(encoding="utf-8"))
    report = yaml.safe_load((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    assert (tmp_path / "failed_test_stories.yml").read_text().startswith("# None of the test stories failed")
    assert report["conversation_accuracy"]["total"] == len(told["stories"]) >= 10


class Stock:
    """`rasa run` and the web app, with an action server that can be started and stopped."""

    def __init__(self, folder: Path) -> None:
        self.port, self.assistant_port, self.actions_port = free_ports(3)
        self.address = f"http://127.0.0.1:{self.port}"
        self.assistant = f"http://127.0.0.1:{self.assistant_port}"
        self.env = {
            **os.environ,
            **QUIET,
            "WEERWOORD_PORT": str(self.port),
            "WEERWOORD_ASSISTANT_PORT": str(self.assistant_port),
            "WEERWOORD_DATABASE": str(folder / "talks.db"),
        }
        endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
        endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{self.actions_port}/webhook"
        (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
        self.running: list[subprocess.Popen[bytes]] = []
        self.actions: subprocess.Popen[bytes] | None = None
        where = ["-i", "127.0.0.1", "-p", str(self.assistant_port), "--endpoints", str(folder / "endpoints.yml")]
        self.start([RASA, "run", "--enable-api", "-m", "models/weerwoord.tar.gz", *where])
        self.start([sys.executable, "-m", "weerwoord.runtime.web"])

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=quiet, stderr=quiet)
        self.running.append(process)
        return process

    def start_actions(self) -> subprocess.Popen[bytes]:
        process = self.start([RASA, "run", "actions", "-p", str(self.actions_port)])
        self.wait(f"http://127.0.0.1:{self.actions_port}/health", lambda answer: answer.is_success)
        self.actions = process
        return process

    def with_actions(self) -> None:
        """Start the action server unless one runs."""
        if self.actions is None or self.actions.poll() is not None:
            self.start_actions()

    @staticmethod
    def wait(url: str, good: Callable[[httpx.Response], Any], seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if good(httpx.get(url)):
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.3)
        raise TimeoutError(url)


@pytest.fixture(scope="module")
def stock(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    started = Stock(tmp_path_factory.mktemp("stock"))
    try:
        started.wait(f"{started.address}/api/health", lambda answer: answer.json()["assistant"])
        yield started
    finally:
        for process in started.running:
            process.terminate()
        for process in started.running:
            process.wait(timeout=30)


@pytest.mark.slow
def test_rasa_run_with_an_action_server_that_comes_and_goes(stock: Stock) -> None:
    sorry = message("web.errors.no_answer")
    browser = Browser(stock)
    assert browser.press(START) == [{"text": sorry}]  # not there yet
    actions = stock.start_actions()
    assert card(browser.press(START), "partner")
    assert browser.slots()["phase"] == "brush_off"

    actions.terminate()
    actions.wait(timeout=30)
    assert browser.say(GOAL) == [{"text": sorry}]
    assert browser.slots()["phase"] == "brush_off"
    stock.start_actions()
    told = card(browser.say(GOAL), "partner")
    assert told is not None and told["phase"] == "open"
    assert card(browser.press("/stop"), "debrief")


SCRIPTS: dict[str, tuple[str, ...]] = {
    "two talks, with all that can be said to the program in them": (
        "/session_start",
        '/consent{"coach_may_read": true}',
        START,
        "Goedemiddag, fijn dat ik even langs mag komen.",
        "hint",
        GOAL,
        "opnieuw",
        GOAL,
        "Hoe ziet een werkdag er bij u uit?",
        "xyzzy qwerty",
        "stop",
        "nabespreking",
        '/try_again{"turn": 1}',
        '/start_practice{"partner": "karin", "disposition": "unwinnable", "seed": 11}',
        "Wat een lomperik bent u.",
        "Ik vind dit heel onbeschoft van u, wat een waardeloze manier van doen.",
        "Nog iets na het gesprek.",
        "/same_partner",
        "Oké, dan ga ik wel naar P&O.",
    ),
    "one's own experience, with a question and an empty answer in between": (
        "/share_experience",
        "Ik kwam op gesprek en hij keek steeds op zijn horloge.",
        "Hij zei: ik heb maar vijf minuten.",
        "/help",
        "Hij had het druk, denk ik.",
        "Ik zei dat ik een andere keer terug kon komen.",
        "Ik zou meteen een andere afspraak voorstellen.",
        "/help",
        "/share_experience",
        "/stop",
    ),
    "what cannot be done, and everything deleted": (
        '/start_practice{"partner": "niemand"}',
        '/start_practice{"seed": "veel"}',
        "/hint",
        "/try_again",
        "ja",
        START,
        "a" * 1999,
        "/restart",
        "/delete_my_data",
        "nee",
        "/delete_my_data",
        "ja",
    ),
}
VARY = ("timestamp", "message_id", "sender_id", "recipient_id", "latest_event_time", "model_id")


def plain(told: Any) -> Any:
    """Without what differs from one moment, one conversation or one number of threads to the other."""
    if isinstance(told, dict):
        return {key: plain(value) for key, value in told.items() if key not in VARY}
    if isinstance(told, list):
        return [plain(value) for value in told]
    return round(told, 2) if isinstance(told, float) else told


def played(assistant: str, script: tuple[str, ...]) -> list[Any]:
    """The replies to each line of a script, then the slots and every event that was stored."""
    sender, told = secrets.token_urlsafe(32), []
    for line in script:
        answer = httpx.post(
            f"{assistant}/webhooks/rest/webhook", json={"sender": sender, "message": line}, timeout=60
        ).raise_for_status()
        told.append((line[:40], plain(answer.json())))
    path = f"{assistant}/conversations/{sender}/tracker"
    kept = httpx.get(path, params={"include_events": "ALL"}, timeout=60).raise_for_status().json()
    return [*told, ("slots", plain(kept["slots"])), *(("event", plain(event)) for event in kept["events"])]


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_the_same_script_on_rasa_run_and_on_ours(stock: Stock, servers: Servers, script: tuple[str, ...]) -> None:
    stock.with_actions()
    stocks, ours = played(stock.assistant, script), played(servers.assistant, script)
    for one, other in zip(stocks, ours):
        assert one == other
    assert len(stocks) == len(ours) > len(script)
