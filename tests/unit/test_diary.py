"""The diary is the part of the store that is of one user of the terminal."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from fsrs import Card

from weerwoord.diary import Diary, take_over
from weerwoord.partner import start
from weerwoord.scenario import scenarios
from weerwoord.store import Drilled, Store, StoreError

DRILLED = Drilled(1764000000.0, "goal", "ruud", "partial", ("reproach",), 3.2)
KEY = ("goal", "ruud", "Er zijn geen banen.")


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'kept.db'}")


def test_what_is_kept_is_read_back_by_its_user_alone(kept: Store) -> None:
    card = Card(card_id=0)
    Diary(kept, "sam").keep_drill(DRILLED, {KEY: card})
    sam, kim = Diary(kept, "sam"), Diary(kept, "kim")
    assert (sam.drills(), sam.cards()) == ((DRILLED,), {KEY: card})
    assert (kim.drills(), kim.cards(), kim.talks()) == ((), {}, ())


def test_a_talk_in_which_nothing_was_said_is_no_practice(kept: Store) -> None:
    reaction = start(scenarios()["ruud"], "pressed", 1)
    diary = Diary(kept, "sam")
    assert diary.keep_talk([{"start": reaction.state.as_dict(), "opening": reaction.line}])
    assert diary.talks() == ()


def test_forgetting_leaves_nothing_readable(kept: Store, tmp_path: Path) -> None:
    diary, other = Diary(kept, "sam-met-een-lange-naam"), Diary(kept, "kim")
    diary.keep_drill(DRILLED, {KEY: Card(card_id=0)})
    other.keep_drill(DRILLED, {})
    assert kept.people.forget(diary.sender) and diary.cards() == {} and len(other.drills()) == 1
    for file in tmp_path.glob("kept.db*"):
        assert b"geen banen" not in file.read_bytes() and b"lange-naam" not in file.read_bytes()
    assert Diary(kept, "sam-met-een-lange-naam").drills() == ()  # and may begin again


def _old_file(folder: Path, data: str) -> Path:
    """What version 0.1 kept."""
    file = folder / "drills.db"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE card (user TEXT, focus TEXT, partner TEXT, line TEXT, state TEXT)")
        db.execute("CREATE TABLE done (user TEXT, kind TEXT, at TEXT, data TEXT)")
        db.execute("INSERT INTO card VALUES ('sam', ?, ?, ?, ?)", (*KEY, Card(card_id=0).to_json()))
        db.execute("INSERT INTO done VALUES ('sam', 'drill', '1', ?), ('kim', 'talk', '1', '{}')", (data,))
    return file


def test_what_an_older_version_kept_is_taken_over_once(kept: Store, tmp_path: Path) -> None:
    data = (
        '{"at": "2026-11-24T12:00:00+00:00", "focus": "goal", "partner": "ruud", "verdict": "clear", '
        '"pitfalls": [], "seconds": 2.0}'
    )
    file = _old_file(tmp_path, data)
    renamed = take_over(kept, file)
    assert renamed.is_file() and not file.exists()
    sam = Diary(kept, "sam")
    assert [(d.at, d.verdict) for d in sam.drills()] == [(1795521600.0, "clear")] and list(sam.cards()) == [KEY]


def test_what_cannot_be_taken_over_stays_where_it_is(
    kept: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _old_file(tmp_path, '{"at": "gisteren"}')
    with pytest.raises(ValueError):
        take_over(kept, file)
    assert file.is_file()
    file.write_bytes(b"geen database" * 100)
    with pytest.raises(sqlite3.Error):
        take_over(kept, file)
    assert file.is_file()
    file.unlink()
    file = _old_file(
        tmp_path,
        '{"at": "2026-11-24T12:00:00", "focus": "a", "partner": "b", "verdict": "c", "pitfalls": [], "seconds": 1}',
    )

    def full(*_: object) -> None:
        raise StoreError("vol")

    monkeypatch.setattr(kept.drills, "write", full)
    with pytest.raises(StoreError):
        take_over(kept, file)
    assert file.is_file() and Diary(kept, "sam").drills() == ()
