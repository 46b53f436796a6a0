"""The diary keeps what was practised, apart for each user, and can forget."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from fsrs import Card

from weerwoord.diary import Diary, DiaryError, Drilled, Talked

DRILLED = Drilled("2026-11-24T12:00:00+00:00", "goal", "ruud", "partial", ("reproach",), 3.2)
TALKED = Talked("2026-11-24T12:00:00+00:00", "ruud", "pressed", "abandoned", {"goal": "clear"}, (), 2)
KEY = ("goal", "ruud", "Er zijn geen banen.")


def test_what_is_kept_is_read_back_by_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "drills.db"
    card = Card(card_id=0)
    Diary(path, "sam").keep_drill(DRILLED, {KEY: card})
    Diary(path, "sam").keep_talk(TALKED)
    sam, kim = Diary(path, "sam"), Diary(path, "kim")
    assert (sam.drills(), sam.talks(), sam.cards()) == ((DRILLED,), (TALKED,), {KEY: card})
    assert (kim.drills(), kim.talks(), kim.cards()) == ((), (), {})


def test_a_talk_that_goes_on_is_kept_once(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "drills.db", "sam")
    for turns in (1, 2):
        diary.keep_talk(Talked(**{**TALKED.__dict__, "turns": turns}))
    assert [talk.turns for talk in diary.talks()] == [2]


def test_forgetting_leaves_nothing_readable(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "drills.db", "sam")
    diary.keep_drill(DRILLED, {KEY: Card(card_id=0)})
    other = Diary(tmp_path / "drills.db", "kim")
    other.keep_talk(TALKED)
    assert diary.forget() == 1 and diary.cards() == {} and len(other.talks()) == 1
    diary.close()
    assert b"geen banen" not in (tmp_path / "drills.db").read_bytes()


def test_a_file_that_is_none_of_ours_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "drills.db"
    path.write_bytes(b"geen database, maar wel van iemand")
    for place in (path, tmp_path, path / "x.db", Path("/proc/drills.db")):
        with pytest.raises(DiaryError, match="WEERWOORD_DRILLS"):
            Diary(place, "sam")
    assert path.read_bytes() == b"geen database, maar wel van iemand"


def test_broken_rows_are_told(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "drills.db", "sam")
    with sqlite3.connect(tmp_path / "drills.db") as db:
        db.execute("INSERT INTO done VALUES ('sam', 'drill', '1', '{}'), ('sam', 'talk', '1', 'wat')")
        db.execute("INSERT INTO card VALUES ('sam', 'a', 'b', 'c', '[]')")
    for read in (diary.drills, diary.talks, diary.cards):
        with pytest.raises(DiaryError):
            read()


def test_what_another_program_holds_does_not_lose_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = Diary(tmp_path / "drills.db", "sam")
    diary.keep_drill(DRILLED, {})
    diary._db.execute("PRAGMA busy_timeout = 10")
    with sqlite3.connect(tmp_path / "drills.db") as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(DiaryError):
            diary.keep_talk(TALKED)
    assert diary.drills() == (DRILLED,) and diary.talks() == ()
