"""`weerwoord export`, `my-data` and `retention`, as a user types them."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.shell import weerwoord
from tests.talks import alike, consent
from weerwoord.messages import message
from weerwoord.store import Store
from weerwoord.store.tables import TALK

Run = Callable[..., "subprocess.CompletedProcess[str]"]
REPLY = "Ik ben Joris de Groot en ik werkte bij Jansen Bouw in Leiden."


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'kept.db'}")
    yield made
    made.database.engine.dispose()


@pytest.fixture
def run(kept: Store, tmp_path: Path) -> Run:
    """The command in a process of its own, with the store of the test."""
    return partial(weerwoord, WEERWOORD_DATABASE=tmp_path / "kept.db")


def _shared(kept: Store, sender: str = "somebody") -> None:
    kept.talks.keep(sender, "rest", alike(REPLY))
    consent(kept, sender)


def test_an_export_hides_names_unless_asked(kept: Store, run: Run) -> None:
    _shared(kept)
    hidden = run("export", "--format", "jsonl")
    assert hidden.returncode == 0 and hidden.stderr == ""
    assert json.loads(hidden.stdout)["turns"][0]["reply"].startswith("Ik ben Persoon 1 en")
    assert "Joris" in run("export", "--no-pseudonymise").stdout


def test_a_file_is_private_and_never_overwritten(kept: Store, run: Run, tmp_path: Path) -> None:
    _shared(kept)
    file = tmp_path / "talks.csv"
    done = run("export", "--format", "csv", "-o", str(file))
    assert done.stdout == "" and message("cli.export.done", count=1, file=file) in done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    again = run("export", "--format", "csv", "-o", str(file))
    assert again.returncode == 2 and again.stderr.strip() == message("cli.export.exists", file=file)
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--format", "pdf"], 2, message("cli.export.no_format", asked="pdf", known="markdown, csv, jsonl, xapi")),
        (["--since", "gisteren"], 2, message("cli.export.no_date", given="gisteren")),
        (["--person", "' OR 1=1"], 0, message("cli.export.nothing")),
        (["--until", "2001-01-01"], 0, message("cli.export.nothing")),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(
    kept: Store, run: Run, arguments: list[str], code: int, sentence: str
) -> None:
    _shared(kept)
    done = run("export", *arguments)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (code, "", sentence)


def test_a_place_where_nothing_can_be_written(kept: Store, run: Run, tmp_path: Path) -> None:
    _shared(kept)
    done = run("export", "-o", str(tmp_path / "no" / "such" / "folder.md"))
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr


def test_my_data_by_code(kept: Store, run: Run, tmp_path: Path) -> None:
    _shared(kept)
    kept.talks.keep("other", "rest", alike("Ik zoek Pannenkoekland."))
    code = kept.people.new_code("somebody")
    told = json.loads(run("my-data", "export", "--code", code).stdout)
    assert told["talks"][0]["turns"][0]["reply"] == REPLY and "Pannenkoekland" not in str(told)
    wrong = run("my-data", "delete", "--code", "AAAA-AAAA-AAAA", "--yes")
    assert wrong.returncode == 2 and wrong.stderr.strip() == message("my_data.no_code")
    kept_all = run("my-data", "delete", "--code", code, given="nee\n")
    assert message("my_data.kept") in kept_all.stdout and kept.people.get("somebody") is not None
    gone = run("my-data", "delete", "--code", code, given="ja\n")
    assert gone.returncode == 0 and message("my_data.gone") in gone.stdout
    assert kept.people.get("somebody") is None and kept.people.get("other") is not None
    assert not any(b"Jansen Bouw" in file.read_bytes() for file in tmp_path.iterdir())


def test_my_data_of_the_terminal(kept: Store, run: Run) -> None:
    kept.talks.keep(kept.terminals.sender("sam"), "terminal", alike(REPLY))
    told = json.loads(run("my-data", "export", "--user", "sam").stdout)
    assert told["talks"][0]["channel"] == "terminal" and told["terminal_user"] == [{"name": "sam"}]
    assert run("my-data", "delete", "--user", "sam", "--yes").returncode == 0
    assert json.loads(run("my-data", "export", "--user", "sam").stdout)["talks"] == []


def test_retention_by_command(kept: Store, run: Run, tmp_path: Path) -> None:
    _shared(kept)
    assert run("retention").stdout.strip() == message("retention.nothing", days=180)
    with kept.database.writing() as connection:
        connection.execute(sa.update(TALK).values(started_at=0.0))
    assert run("retention", "--days", "7").stdout.strip() == message("retention.done", days=7, talks=1)
    assert not any(b"Jansen Bouw" in file.read_bytes() for file in tmp_path.iterdir())
    assert message("export.dropped") in run("export").stdout
    assert run("retention", "--days", "0").returncode == 2
