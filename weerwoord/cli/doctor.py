"""`weerwoord doctor`: whether everything is in order here, and how to mend what is not."""

from __future__ import annotations

import json
import platform
import shutil
import sqlite3
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import typer
from rich.text import Text

from weerwoord.cli.common import AS_JSON, FAILED, Screen
from weerwoord.dutch import PIPELINE, installed_identity, is_installed
from weerwoord.messages import message
from weerwoord.runtime.serve import CannotRun, check_model, check_port
from weerwoord.runtime.slim import RASA
from weerwoord.runtime.training import is_up_to_date
from weerwoord.scenario import ScenarioError, scenarios
from weerwoord.settings import ROOT, Settings, SettingsError, read_settings
from weerwoord.store.database import Database, StoreError
from weerwoord.trained import NoModel
from weerwoord.trained import judge as trained_judge

PYTHONS = ((3, 8), (3, 10))  # that Rasa 3.6 runs on
SPACE_NEEDED = 500  # MB: a training with its model, and room for talks
SAMPLE = "Goedemiddag, ik kom niet solliciteren. Ik kom graag om advies."
MB = 1024 * 1024

State = Literal["good", "note", "bad"]
COLOURS: dict[State, str] = {"good": "green", "note": "yellow", "bad": "bold red"}  # the word says it too


@dataclass(frozen=True)
class Check:
    """What was looked at, and how it is.

    Attributes:
        name: of what was looked at.
        state: `bad` when something does not work, `note` when it works but should be known.
        text: how it is, with how to mend it.
    """

    name: str
    state: State
    text: str


def doctor(as_json: bool = AS_JSON) -> None:
    """Check everything and say what is wrong."""
    screen = Screen(aside=as_json)
    found = []
    for check in checks():
        found.append(check)
        state, name = message(f"cli.doctor.{check.state}"), message(f"cli.doctor.name.{check.name}")
        screen.print(Text.assemble((f"{state:<8}", COLOURS[check.state]), f"{name}: {check.text}"))
    bad = sum(check.state == "bad" for check in found)
    screen.print("\n" + message("cli.doctor.ill" if bad else "cli.doctor.healthy", count=bad))
    if as_json:
        print(json.dumps({"healthy": not bad, "checks": [asdict(check) for check in found]}, ensure_ascii=False))
    if bad:
        raise typer.Exit(FAILED)


def checks() -> Iterator[Check]:
    """Every check, one by one; those that need the settings are left out when these are wrong."""
    yield _python()
    yield _rasa()
    try:
        s = read_settings()
    except SettingsError as error:
        yield Check("settings", "bad", str(error))
        return
    yield _say("settings", "good", env=ROOT / ".env") if (ROOT / ".env").is_file() else _say("settings", "default")
    yield _pipeline()
    yield _model(s)
    yield _partners(s)
    yield _port(s, "page", "WEERWOORD_PORT", s.host, s.port)
    for port in s.assistant_ports:
        yield _port(s, "assistant", "WEERWOORD_ASSISTANT_PORT", "127.0.0.1", port)
    yield _database(s)
    yield _disk(s)


def _say(name: str, key: str, state: State = "good", **values: object) -> Check:
    return Check(name, state, message(f"cli.doctor.{name}.{key}", **values))


def _python() -> Check:
    lowest, highest = PYTHONS
    fits = lowest <= sys.version_info[:2] <= highest
    return _say("python", "good" if fits else "other", "good" if fits else "bad", version=platform.python_version())


def _rasa() -> Check:
    try:
        installed = version("rasa")
    except PackageNotFoundError:
        return _say("rasa", "none", "bad")
    if installed != RASA:
        return Check("rasa", "bad", message("setup.other_rasa", installed=installed, needed=RASA))
    return _say("rasa", "good", version=installed)


def _pipeline() -> Check:
    known = installed_identity(PIPELINE)
    return (
        _say("pipeline", "good", known=known)
        if is_installed(PIPELINE)
        else _say("pipeline", "stand_in", "note", known=known)
    )


def _model(s: Settings) -> Check:
    try:
        check_model(s)
        began = time.perf_counter()
        trained_judge().judge(SAMPLE)
        took = time.perf_counter() - began
    except (CannotRun, NoModel) as error:
        return Check("model", "bad", str(error))
    if not is_up_to_date(s):
        return _say("model", "old", "note")
    return _say("model", "good", seconds=f"{took:.1f}".replace(".", ","))


def _partners(s: Settings) -> Check:
    try:
        known = scenarios(s.scenarios)
    except ScenarioError as error:
        return _say("partners", "broken", "bad", problem=error.problems[0])
    if not known:
        return Check("partners", "bad", message("cli.no_partners", folder=s.scenarios))
    return _say("partners", "good", count=len(known), names=", ".join(sorted(known)))


def _port(s: Settings, name: str, setting: str, host: str, port: int) -> Check:
    try:
        check_port(setting, host, port)
    except CannotRun as error:
        if _is_ours(f"http://{s.host}:{s.port}/api/health"):
            return _say(name, "ours", port=port)
        return Check(name, "bad", str(error))
    return _say(name, "good", port=port)


def _is_ours(url: str) -> bool:
    """Whether our own page answers, so that the port is taken by what should have it."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return json.load(answer).get("web") is True
    except (OSError, ValueError, AttributeError):
        return False


def _database(s: Settings) -> Check:
    file = s.database_file
    if file is not None:
        return _writable("database", file, lambda: _try_write(file))
    try:
        server = Database(s.database)
    except StoreError as error:
        return Check("database", "bad", str(error))
    return _say("database", "good", file=server.where)


def _try_write(file: Path) -> None:
    if not file.exists():
        if not file.parent.is_dir():
            raise OSError
        file.touch()
        file.unlink()
        return
    with closing(sqlite3.connect(file, timeout=2)) as db:
        if db.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError
        db.execute("BEGIN IMMEDIATE")
        db.rollback()


def _writable(name: str, file: Path, attempt: Callable[[], None]) -> Check:
    try:
        attempt()
    except (OSError, sqlite3.Error):
        return Check(name, "bad", message("cli.doctor.cannot", file=file))
    return _say(name, "good", file=file)


def _disk(s: Settings) -> Check:
    free = min(shutil.disk_usage(_folder(path)).free for path in (s.database_file, s.model) if path) // MB
    enough = free >= SPACE_NEEDED
    return _say("disk", "good" if enough else "full", "good" if enough else "bad", free=free, needed=SPACE_NEEDED)


def _folder(path: Path) -> Path:
    """The nearest folder above a file that is there."""
    return next(parent for parent in path.parents if parent.is_dir())
