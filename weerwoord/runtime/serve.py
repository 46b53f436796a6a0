"""`weerwoord serve`: the assistants and the web app together, one address, stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus

from weerwoord.dutch import PIPELINE, installed_identity
from weerwoord.messages import message
from weerwoord.scenario import ScenarioError, scenarios
from weerwoord.settings import Settings, SettingsError, read_settings
from weerwoord.store import StoreError, store
from weerwoord.trained import NoModel, trained_with

START_LIMIT = 90.0  # seconds; a slow machine needs ten
ASSISTANT, WEB = "De assistent", "De webpagina"


class CannotRun(RuntimeError):
    """Something is in the way; the message says what, in Dutch."""


def check(s: Settings) -> None:
    """Check what the parts would only complain about when they have been loaded.

    Raises:
        CannotRun: the model is missing, broken or of another pipeline, a scenario has mistakes, or the database cannot
            be used.
    """
    check_model(s)
    try:
        scenarios(s.scenarios)
        store().database.check()
    except (ScenarioError, StoreError) as error:
        raise CannotRun(str(error)) from error


def check_ports(s: Settings) -> None:
    """Check that all parts can listen.

    Raises:
        CannotRun: a port is taken.
    """
    check_port("WEERWOORD_PORT", s.host, s.port)
    for port in s.assistant_ports:
        check_port("WEERWOORD_ASSISTANT_PORT", "127.0.0.1", port)


def check_port(setting: str, host: str, port: int) -> None:
    """Check that a port can be listened on.

    Args:
        setting: the setting that chooses the port.
        host: address to listen on.
        port: the port.

    Raises:
        CannotRun: it is taken.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotRun(message("setup.port_in_use", port=port, setting=setting)) from error


def check_model(s: Settings) -> None:
    """Check that there is a model and that it fits the Dutch pipeline that is installed.

    Raises:
        CannotRun: there is none, it is broken, or it was trained with another pipeline.
    """
    try:
        needed, installed = trained_with(s.model), installed_identity(PIPELINE)
    except NoModel as error:
        raise CannotRun(str(error)) from error
    if needed != installed:
        raise CannotRun(message("setup.other_pipeline", trained_with=needed, installed=installed))


def _answers(url: str) -> bool:
    """Whether a part answers.

    Raises:
        CannotRun: it answers that it has no model (409), which Rasa says when a model cannot be loaded.
    """
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.CONFLICT:
            raise CannotRun(message("setup.broken_model", file=read_settings().model.name)) from error
        return True
    except OSError:
        return False


def _wait(part: str, process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotRun(message("setup.part_stopped", part=part))
        if _answers(url):
            return
        time.sleep(0.02)
    raise CannotRun(message("setup.not_ready", part=part, seconds=round(START_LIMIT)))


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class _Part:
    """A process of ours: what it is called, the module that runs it, where it answers, and what is set for it."""

    name: str
    module: str
    url: str
    env: dict[str, str] = field(default_factory=dict)


def _parts(s: Settings) -> list[_Part]:
    assistants = [
        _Part(
            ASSISTANT,
            "weerwoord.runtime.assistant",
            f"http://127.0.0.1:{port}/status",
            {"WEERWOORD_ASSISTANT_PORT": str(port), "WEERWOORD_ASSISTANTS": "1"},  # itself, not those behind it
        )
        for port in s.assistant_ports
    ]
    return [*assistants, _Part(WEB, "weerwoord.runtime.web", f"http://{s.host}:{s.port}/api/health")]


def run() -> int:
    """Start all parts, wait until they answer, stop all on Ctrl-C or when one of them stops.

    Returns:
        The exit code.
    """
    wanted = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: wanted.set())
    processes: list[subprocess.Popen[bytes]] = []
    try:
        s = read_settings()
        check_ports(s)
        quiet = None if s.log_level in ("INFO", "DEBUG") else subprocess.DEVNULL
        parts = _parts(s)
        for part in parts:
            env = {**os.environ, "PYTHONWARNINGS": "ignore", **part.env}
            command = [sys.executable, "-m", part.module]
            # a session of its own: Ctrl-C reaches only us, and we stop the parts in order
            processes.append(
                subprocess.Popen(command, cwd=s.root, env=env, stdout=quiet, stderr=quiet, start_new_session=True)
            )
        check(s)  # while the parts are starting
        print(message("setup.starting"), flush=True)
        for part, process in zip(parts, processes):
            _wait(part.name, process, part.url)
        print(message("setup.ready", address=f"http://{s.host}:{s.port}/"), flush=True)
        while not wanted.wait(0.5):
            for part, process in zip(parts, processes):
                if process.poll() is not None:
                    raise CannotRun(message("setup.part_stopped", part=part.name))
    except (CannotRun, SettingsError) as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        _stop(processes)
    print(message("setup.stopped"))
    return 0
