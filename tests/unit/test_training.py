"""Training is skipped as long as nothing changed that the model depends on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_pipeline import installed
from weerwoord.runtime.training import fingerprint
from weerwoord.settings import ROOT


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("project") / "root"
    shutil.copytree(
        ROOT, root, ignore=shutil.ignore_patterns(".*", "models", "tests", "*.db*", "artefacts", "__pycache__")
    )
    yield root


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("config.yml", "# changed"),
        ("domain.yml", "# changed"),
        ("data/nlu/goal.yml", "# changed"),
        ("data/rules.yml", "# changed"),
        ("weerwoord/recogniser.py", "CHANGED = 1"),
        ("weerwoord/linear.py", "CHANGED = 1"),
        ("requirements.lock", "scikit-learn==0.0.1"),
    ],
)
def test_what_the_model_depends_on(copy: Path, file: str, change: str) -> None:
    before = fingerprint(copy)
    assert before == fingerprint(copy)
    _append(copy / file, change)
    assert fingerprint(copy) != before


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("scenarios/ruud.yml", "# changed"),
        ("rubric.yml", "# changed"),
        ("weerwoord/partner.py", "CHANGED = 1"),
        ("weerwoord/messages.py", "CHANGED = 1"),
        ("weerwoord/recogniser.py", "# changed"),
        ("weerwoord/web/app.py", "CHANGED = 1"),
        ("requirements.lock", "httpx==0.0.1"),
        ("README.md", "changed"),
    ],
)
def test_what_it_does_not_depend_on(copy: Path, file: str, change: str) -> None:
    before = fingerprint(copy)
    _append(copy / file, change)
    assert fingerprint(copy) == before


def _append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"\n{text}\n")


def test_another_dutch_pipeline_needs_another_training(copy: Path, tmp_path: Path) -> None:
    before = fingerprint(copy)
    with installed(tmp_path / "old", "98.0"):
        old = fingerprint(copy)
    with installed(tmp_path / "new", "99.0"):
        assert len({before, old, fingerprint(copy)}) == 3
