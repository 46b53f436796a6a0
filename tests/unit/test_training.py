"""Training is skipped as long as nothing changed that the model depends on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_pipeline import installed
from weerwoord.runtime.training import PACKAGES, fingerprint
from weerwoord.settings import ROOT


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("project") / "root"
    shutil.copytree(
        ROOT, root, ignore=shutil.ignore_patterns(".*", "models", "tests", "*.db*", "artefacts", "__pycache__")
    )
    yield root


@pytest.mark.parametrize(
    "file", ["config.yml", "domain.yml", "rubric.yml", "data/nlu/goal.yml", "data/rules.yml", "weerwoord/recogniser.py"]
)
def test_what_the_model_depends_on(copy: Path, file: str) -> None:
    before = fingerprint(copy)
    assert before == fingerprint(copy)
    with (copy / file).open("a", encoding="utf-8") as opened:
        opened.write("\n# changed\n")
    assert fingerprint(copy) != before


@pytest.mark.parametrize("file", ["scenarios/ruud.yml", "weerwoord/partner.py", "weerwoord/web/app.py", "README.md"])
def test_what_it_does_not_depend_on(copy: Path, file: str) -> None:
    before = fingerprint(copy)
    with (copy / file).open("a", encoding="utf-8") as opened:
        opened.write("\n# changed\n")
    assert fingerprint(copy) == before


def test_only_the_packages_that_a_model_depends_on_count(copy: Path) -> None:
    before, lock = fingerprint(copy), copy / "requirements.lock"
    whole = lock.read_text(encoding="utf-8")
    assert all(f"\n{name}==" in f"\n{whole}" for name in PACKAGES)
    lock.write_text(f"{whole}zope.interface==1.0\n", encoding="utf-8")
    assert fingerprint(copy) == before
    lock.write_text(whole.replace("\nnumpy==", "\nnumpy==9."), encoding="utf-8")
    assert fingerprint(copy) != before
    lock.write_text(whole, encoding="utf-8")


def test_another_dutch_pipeline_needs_another_training(copy: Path, tmp_path: Path) -> None:
    before = fingerprint(copy)
    with installed(tmp_path / "old", "98.0"):
        old = fingerprint(copy)
    with installed(tmp_path / "new", "99.0"):
        assert len({before, old, fingerprint(copy)}) == 3
