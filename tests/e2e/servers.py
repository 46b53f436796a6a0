"""The servers of `make run` as a user meets them, and a browser that talks to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Protocol

import httpx

from weerwoord.bench.bots import free_ports
from weerwoord.settings import ROOT
from weerwoord.web.common import COOKIE

Reply = dict[str, Any]


class Servers:
    """The servers of one `make run`."""

    def __init__(self, folder: Path, **env: str) -> None:
        assistants = int(env.get("WEERWOORD_ASSISTANTS", "1"))
        self.port, self.assistant_port, *_ = free_ports(1 + assistants)
        self.database = folder / "talks.db"
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "weerwoord", "serve"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={
                **os.environ,
                "WEERWOORD_PORT": str(self.port),
                "WEERWOORD_ASSISTANT_PORT": str(self.assistant_port),
                "WEERWOORD_DATABASE": str(self.database),
                **env,
            },
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def assistant(self) -> str:
        return f"http://127.0.0.1:{self.assistant_port}"

    def until_ready(self) -> str:
        assert self.process.stdout is not None
        said = [self.process.stdout.readline(), self.process.stdout.readline()]
        return "".join(said)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


class Behind(Protocol):
    """What stands behind a web app."""

    assistant: Any  # address
    database: Any  # file


class WebServer:
    """One more web app before the assistant of a `make run`; it can be stopped and started again.

    Args:
        servers: whose assistant and database it uses.
        env: settings of its own.
    """

    def __init__(self, servers: Behind, **env: str) -> None:
        self.assistant, self.port = servers.assistant, free_ports()[0]
        self._env = {
            "WEERWOORD_PORT": str(self.port),
            "WEERWOORD_ASSISTANT_URL": servers.assistant,
            "WEERWOORD_DATABASE": str(servers.database),
            **env,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "weerwoord.runtime.web"], cwd=ROOT, env={**os.environ, **self._env}
        )
        for _ in range(300):
            assert self._process.poll() is None, "the web app stopped"
            try:
                httpx.get(f"{self.address}/api/health", timeout=2)
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the web app does not answer")

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)
            self._process = None


class Place(Protocol):
    """Where a browser goes: the addresses of the web app and of the assistant behind it."""

    @property
    def address(self) -> str: ...
    @property
    def assistant(self) -> str: ...


class Browser:
    """Somebody on the page: a cookie of his own, and a look behind the scenes for the test."""

    def __init__(self, servers: Place) -> None:
        self.http = httpx.Client(base_url=servers.address, timeout=30)
        self.assistant = servers.assistant
        self.http.get("/")

    @property
    def sender(self) -> str:
        return str(self.http.cookies[COOKIE])

    def say(self, text: str, payload: bool = False) -> list[Reply]:
        """Type something, or press a button (`payload`)."""
        answer = self.http.post("/api/messages", json={"text": text, "payload": payload})
        assert answer.status_code == 200, answer.text
        replies: list[Reply] = answer.json()["replies"]
        return replies

    def press(self, payload: str) -> list[Reply]:
        return self.say(payload, payload=True)

    def start(self, partner: str, disposition: str, seed: int = 7) -> list[Reply]:
        return self.press(f'/start_practice{{"partner": "{partner}", "disposition": "{disposition}", "seed": {seed}}}')

    def tracker(self) -> dict[str, Any]:
        """What Rasa keeps of this conversation."""
        path = f"{self.assistant}/conversations/{self.sender}/tracker"
        kept: dict[str, Any] = httpx.get(path, params={"include_events": "ALL"}).raise_for_status().json()
        return kept

    def slots(self) -> dict[str, Any]:
        slots: dict[str, Any] = self.tracker()["slots"]
        return slots


def card(replies: list[Reply], kind: str) -> dict[str, Any] | None:
    """The custom payload of one type among the replies."""
    found = [r["custom"] for r in replies if r.get("custom", {}).get("type") == kind]
    return found[-1] if found else None
