"""`weerwoord coach` and `weerwoord corrections`, as a user types them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import yaml

from tests.shell import weerwoord
from tests.talks import coach, group, held
from weerwoord.messages import message
from weerwoord.store import Store

PASSWORD = "vier woorden achter elkaar"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'kept.db'}")
    yield made
    made.database.engine.dispose()


@pytest.fixture
def run(kept: Store, tmp_path: Path) -> Run:
    """The command in a process of its own, with the store of the test."""
    return partial(weerwoord, WEERWOORD_DATABASE=tmp_path / "kept.db")


def test_an_account_from_beginning_to_end(run: Run, kept: Store) -> None:
    assert message("cli.coach.none") in run("coach", "list").stdout
    made = run("coach", "add", "Els de Wit", given=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.returncode == 0 and PASSWORD not in made.stdout + made.stderr
    assert kept.coaches.log_in("els de wit", PASSWORD, "here") is not None
    taken = run("coach", "add", "ELS de wit", given=f"{PASSWORD}\n{PASSWORD}\n")
    assert taken.returncode == 2 and "Er is al een coach" in taken.stderr
    assert [c["name"] for c in json.loads(run("coach", "list", "--json").stdout)] == ["Els de Wit"]
    run("coach", "password", "Els de Wit", given=f"{PASSWORD}!\n{PASSWORD}!\n")
    assert kept.coaches.log_in("Els de Wit", PASSWORD, "here") is None
    assert kept.coaches.log_in("Els de Wit", PASSWORD + "!", "here") is not None
    assert run("coach", "remove", "Els de Wit").returncode == 0 and not kept.coaches.any()
    assert run("coach", "remove", "Els de Wit").returncode == 2


def test_a_group_goes_to_a_colleague(run: Run, kept: Store) -> None:
    els, jan = coach(kept, "Els de Wit"), coach(kept, "Jan Smit")
    mine, ours = group(kept, els, "joris", name="Maandag"), group(kept, els, name="Dinsdag")
    assert kept.groups.share(els, ours, jan)
    refused = run("coach", "remove", "Els de Wit")
    assert refused.returncode == 2 and "Maandag" in refused.stderr and "Dinsdag" not in refused.stderr
    assert kept.coaches.get("Els de Wit") is not None
    assert run("coach", "remove", "Els de Wit", "--to", "Els de Wit").returncode == 2
    assert run("coach", "remove", "Els de Wit", "--to", "Niemand").returncode == 2
    assert run("coach", "remove", "Els de Wit", "--to", "Jan Smit").returncode == 0
    assert [g.id for g in kept.groups.of(jan)] == sorted([mine, ours], reverse=True)
    assert kept.groups.of_person("joris") == "Maandag"


@pytest.mark.parametrize(
    "typed,key",
    [("kort\nkort\n", "bad_password"), (f"{PASSWORD}\nanders\n", "differ"), ("", "bad_password")],
)
def test_a_password_that_will_not_do(run: Run, kept: Store, typed: str, key: str) -> None:
    done = run("coach", "add", "Els", given=typed)
    assert done.returncode == 2 and message(f"cli.coach.{key}", least=12, most=256) in done.stderr
    assert not kept.coaches.any()


def test_corrections_go_to_a_file_to_learn_from(run: Run, kept: Store, tmp_path: Path) -> None:
    assert run("corrections", "export").returncode == 0
    kept.coaches.add("Els", PASSWORD)
    els = kept.coaches.get("Els")
    assert els is not None
    group(kept, els, "sam")
    kept.reviews.review(els, held(kept, "sam"), 1, frozenset({"not_applying"}))
    file = tmp_path / "verbeterd.yml"
    assert run("corrections", "export", "-o", str(file)).returncode == 0
    (block,) = yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
    assert block["examples"][0]["metadata"]["elements"] == ["not_applying"]
    again = run("corrections", "export", "-o", str(file))
    assert again.returncode == 2 and str(file) in again.stderr.replace("\n", "")
    assert "| `goal` | 1 | 0.50 | 1.00 | 0.00 |" in run("corrections", "agreement").stdout
