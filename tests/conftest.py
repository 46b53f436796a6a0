"""What tests share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from argon2 import PasswordHasher

from tests.e2e.servers import Servers
from weerwoord import passwords
from weerwoord.diary import Diary
from weerwoord.scenario import MIN_FACTS, THOUGHTS_FOR
from weerwoord.settings import ROOT
from weerwoord.situations import DISPOSITIONS, SITUATIONS
from weerwoord.store import Store


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves an event loop running, in which others cannot start theirs."""
    items.sort(key=lambda item: "tests/browser/" in item.path.as_posix())


@pytest.fixture(scope="session")
def trained_model() -> None:
    """A model trained on what stands here; in a process of its own, because training replaces parts of Rasa."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "weerwoord.runtime.training"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="session")
def servers(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """One `make run` for all tests that only talk to it."""
    started = Servers(tmp_path_factory.mktemp("serve"))
    assert f"{started.address}/" in started.until_ready()
    yield started
    assert started.stop() == 0


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are kept in the same way, but take no time; for tests that are about something else."""
    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def small_partner() -> dict[str, Any]:
    """The values of the smallest scenario that is complete, to break in tests."""
    return {
        "name": "Toos",
        "full_name": "Toos de Boer",
        "role": "bakker",
        "organisation": "een bakkerij",
        "place": "achter de toonbank",
        "address": "je",
        "pronoun": "zij",
        "briefing": "Je gaat langs bij Toos.",
        "openings": {d: [f"Opening {n} voor {d}." for n in range(4)] for d in DISPOSITIONS},
        "lines": {
            situation: {phase: [f"Zin {n} bij {situation} in {phase}" for n in range(4)] for phase in phases}
            for situation, phases in SITUATIONS.items()
        },
        "thoughts": {s: [f"Gedachte {n} bij {s}." for n in range(2)] for s in THOUGHTS_FOR},
        "objections": ["We zijn maar een kleine zaak."],
        "facts": {
            f"fact_{n}": {"asks": [f"Vraag {n}{letter}?" for letter in "abc"], "answer": f"Antwoord {n}."}
            for n in range(MIN_FACTS)
        },
        "colleague": {"name": "Bert", "role": "bezorger"},
        "examples": {k: f"Voorbeeld van {k}." for k in ("goal", "reschedule", "pitch", "close")},
    }


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Any], Path]:
    """Writes values, or a text as it is, to a scenario file of the test and returns its path."""

    def write(values: Any) -> Path:
        path = tmp_path / "toos.yml"
        text = values if isinstance(values, str) else yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def diary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database in which the commands of this test keep what was practised."""
    path = tmp_path / "kept.db"
    monkeypatch.setenv("WEERWOORD_DATABASE", str(path))
    return path


@pytest.fixture
def diary(diary_file: Path) -> Callable[[str], Diary]:
    """Gives what the commands of this test kept of a user."""
    return lambda user: Diary(Store(f"sqlite:///{diary_file}"), user)
