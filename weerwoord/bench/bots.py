"""The two bots: how each is trained and started, and what is said to it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from weerwoord import quick_yaml
from weerwoord.settings import ROOT

RASA = str(Path(sys.executable).with_name("rasa"))
START_LIMIT, TRAINING_LIMIT = 600.0, 3600.0  # seconds
MB = 1024 * 1024
PORTS = range(20_000, 32_000)  # below those that Linux gives to connections
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
_ACTION = """from rasa_sdk import Action


class ActionHelloWorld(Action):
    def name(self):
        return "action_hello_world"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Hello World!")
        return []
"""
STOCK_ENV = {"RASA_TELEMETRY_ENABLED": "false", "SANIC_HOST": "127.0.0.1", "TF_CPP_MIN_LOG_LEVEL": "3"}
STOCK_EPOCHS = 100
_ASKED = ["do the action", "run the action", "please do the action", "start the action now", "action please"]


def free_ports(count: int = 1) -> range:
    """Ports of this machine, one after another, that nobody uses and that the system gives to no connection.

    Args:
        count: how many.
    """
    while True:
        first = random.choice(PORTS)
        ports = range(first, first + count)
        with contextlib.ExitStack() as probes:
            try:
                for port in ports:
                    probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return ports


@dataclass(frozen=True)
class Bot:
    """A bot that can be started.

    Attributes:
        name: in the report.
        commands: its processes.
        folder: where they run.
        env: what is set for them.
        ready: addresses that all answer when it is ready; an answer in JSON with a false in it is not ready.
        addresses: of its REST channel; conversations take them by turns.
        messages: what is said, over and over; each runs a custom action.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    folder: Path
    env: dict[str, str]
    ready: tuple[str, ...]
    addresses: tuple[str, ...]
    messages: tuple[str, ...]


class Running:
    """A bot that runs; a context."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._processes: list[subprocess.Popen[bytes]] = []
        self._open = contextlib.ExitStack()
        self.start_seconds = 0.0

    def __enter__(self) -> Running:
        errors = self._open.enter_context(tempfile.TemporaryFile())
        began = time.perf_counter()
        for command in self.bot.commands:
            # a session each: whatever it starts itself is counted and stopped with it
            self._processes.append(
                subprocess.Popen(
                    command,
                    cwd=self.bot.folder,
                    env={**os.environ, **self.bot.env},
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    start_new_session=True,
                )
            )
        while not all(_answers(url) for url in self.bot.ready):
            if time.perf_counter() - began > START_LIMIT or any(p.poll() is not None for p in self._processes):
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip()
                self.__exit__()
                raise RuntimeError(f"{self.bot.name} did not start. {said}")
            time.sleep(0.02)
        self.start_seconds = time.perf_counter() - began
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        for process in self._processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._open.close()

    def memory(self) -> float:
        """Memory of all its processes in MiB; what they share is counted once (Linux: PSS)."""
        lines = [line for proc in self._procs() for line in (proc / "smaps_rollup").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / MB

    def processor(self) -> float:
        """Seconds of processor that all its processes have used."""
        fields = [(proc / "stat").read_text().rpartition(")")[2].split() for proc in self._procs()]
        return sum(int(user) + int(system) for _, *rest in fields for user, system in [rest[10:12]]) / CLOCK_TICKS

    def _procs(self) -> list[Path]:
        todo, found = [p.pid for p in self._processes], []
        while todo:
            proc = Path(f"/proc/{todo.pop()}")
            found.append(proc)
            todo += map(int, (proc / "task" / proc.name / "children").read_text().split())
        return found


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            body = answer.read()
    except (urllib.error.URLError, OSError):
        return False
    return b"false" not in body


@dataclass(frozen=True)
class Training:
    """What a training cost.

    Attributes:
        seconds: by the clock.
        cpu: seconds of all cores together.
    """

    seconds: float
    cpu: float


def train(command: Sequence[str], folder: Path, env: dict[str, str]) -> Training:
    """Train a bot.

    Args:
        command: what trains it.
        folder: where.
        env: what is set for it.

    Raises:
        RuntimeError: it failed, or took longer than is sensible.
    """
    began, before = time.perf_counter(), os.times()
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        code = process.wait(timeout=TRAINING_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if code != 0:
        raise RuntimeError(f"training failed: {' '.join(command)}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Training(time.perf_counter() - began, cpu)


def stock_project(folder: Path) -> None:
    """Make the project of `rasa init` with one custom action, in a folder that is not there yet."""
    import rasa  # only its folder; the template is a part of the package

    shutil.copytree(Path(rasa.__file__).parent / "cli" / "initial_project", folder)
    (folder / "actions" / "actions.py").write_text(_ACTION)
    (folder / "credentials.yml").write_text("rest:\n")
    nlu, domain, rules = (folder / name for name in ("data/nlu.yml", "domain.yml", "data/rules.yml"))
    asked = {"intent": "ask_action", "examples": "".join(f"- {text}\n" for text in _ASKED)}
    _change(nlu, lambda content: content["nlu"].append(asked))
    _change(rules, lambda content: content["rules"].append(_RULE))
    _change(domain, lambda content: content.update(actions=["action_hello_world"]))
    _change(domain, lambda content: content["intents"].append("ask_action"))


def stock_on_ours(folder: Path, epochs: int) -> None:
    """Make a project of the template's NLU pipeline and all our texts.

    Args:
        folder: where; it is not there yet.
        epochs: of its networks; the template has `STOCK_EPOCHS`.
    """
    import rasa

    template = Path(rasa.__file__).parent / "cli" / "initial_project" / "config.yml"
    # the pipeline that Rasa takes when none is given stands in the template as a comment
    lines = [line[2:] for line in template.read_text().splitlines() if line.startswith("#   ")]
    pipeline = "\n".join(lines[: next(i for i, line in enumerate(lines) if "MemoizationPolicy" in line)])
    folder.mkdir()
    config = f"recipe: default.v1\nassistant_id: bench\nlanguage: nl\npipeline:\n{pipeline}\n"
    (folder / "config.yml").write_text(config.replace(f"epochs: {STOCK_EPOCHS}", f"epochs: {epochs}"))
    shutil.copytree(ROOT / "data" / "nlu", folder / "data")


_RULE = {"rule": "the action", "steps": [{"intent": "ask_action"}, {"action": "action_hello_world"}]}


def _change(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = quick_yaml.load(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def stock(folder: Path) -> Bot:
    """The bot of `rasa init` on free ports, with its action server."""
    port, actions = free_ports(2)
    (folder / "endpoints.yml").write_text(f'action_endpoint:\n  url: "http://127.0.0.1:{actions}/webhook"\n')
    return Bot(
        name="rasa init",
        commands=(
            (RASA, "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port)),
            (RASA, "run", "actions", "-p", str(actions)),
        ),
        folder=folder,
        env=STOCK_ENV,
        ready=(f"http://127.0.0.1:{port}/status", f"http://127.0.0.1:{actions}/health"),
        addresses=(f"http://127.0.0.1:{port}/webhooks/rest/webhook",),
        messages=tuple(_ASKED),
    )


def ours(folder: Path, assistants: int = 1) -> Bot:
    """Our page on a free port with assistants behind it, and a database of its own.

    Args:
        folder: where the database is.
        assistants: how many; the page sends each conversation to one of them, and so does the load.
    """
    port, *behind = free_ports(1 + assistants)
    start = {"partner": "ruud", "disposition": "mistaken", "seed": 7}
    return Bot(
        name=f"Weerwoord, assistants: {assistants}",
        commands=((sys.executable, "-W", "ignore", "-m", "weerwoord", "serve"),),
        folder=ROOT,
        env={
            "WEERWOORD_PORT": str(port),
            "WEERWOORD_ASSISTANT_PORT": str(behind[0]),
            "WEERWOORD_ASSISTANTS": str(assistants),
            "WEERWOORD_DATABASE": str(folder / f"bench-{assistants}.db"),
        },
        ready=(
            f"http://127.0.0.1:{port}/api/health",
            *(f"http://127.0.0.1:{port}/status" for port in behind),
        ),
        addresses=tuple(f"http://127.0.0.1:{port}/webhooks/rest/webhook" for port in behind),
        messages=(
            f"/start_practice{json.dumps(start)}",
            "Goedemiddag, fijn dat ik even langs mag komen.",
            "Ik zie dat u het druk heeft.",
            "Ik ben Joris en ik heb tien jaar administratie gedaan bij een verzekeraar.",
            "Ik kom niet om te solliciteren, ik wil graag uw advies.",
            "Hoe ziet een werkdag er bij u uit?",
            "Wat vindt u het leukste aan uw werk?",
        ),
    )
