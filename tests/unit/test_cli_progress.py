"""`weerwoord progress` as a process: the charts, JSON, what is due, deleting, bad input."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.shell import one_sentence, terminal, weerwoord
from weerwoord.cli.progress import as_dict
from weerwoord.diary import CHANNEL, Diary
from weerwoord.judge import Finding, Judgement
from weerwoord.partner import start
from weerwoord.practice import take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.store import Drilled, Store
from weerwoord.transcript import Transcript

NOW = datetime.now(timezone.utc)
pytestmark = pytest.mark.usefixtures("diary_file")


def practise(diary: Diary) -> None:
    """Three talks with a mistaken partner, the goal a little better each time, and forty answers."""
    for elements in ((), ("not_applying",), ("not_applying", "information_advice")):
        keep_talk(diary._store, diary.sender, CHANNEL, elements)
    for second in range(40):
        verdict = "clear" if second % 2 else "absent"
        diary.keep_drill(Drilled(1767607200.0 + second, "leave_choice", "ruud", verdict, (), 9.0), {})


def keep_talk(store: Store, sender: str, channel: str, elements: tuple[str, ...]) -> None:
    ruud, reply = scenarios()["ruud"], "Dat is mijn antwoord."
    reaction = start(ruud, "mistaken", 7)
    talk = Transcript(reaction.state, reaction.line)
    found = Judgement(found=tuple(Finding(e, 0.9, 0, len(reply)) for e in elements))
    turn = take_turn(talk, reply, found, ruud, rubric())
    records = [{"start": reaction.state.as_dict(), "opening": reaction.line}, {"turn": turn.as_dict()}]
    store.talks.keep(sender, channel, records)


def test_the_charts_show_what_was_reached_in_order_and_fit_in_80_columns(diary: Callable[[str], Diary]) -> None:
    practise(diary("sam"))
    done = weerwoord("progress", "--user", "sam")
    assert (done.returncode, done.stderr) == (0, "")
    for told in ("Gesprekken: 3.", ".+#", "1 van 3", "solliciteren: 1 van 3", "nog niet gedaan",
                 "Korte oefeningen: 40.", "20 van 40", "Volgende stap: weerwoord chat --level 2"):  # fmt: skip
        assert told in done.stdout, told
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_has_every_answer_and_only_of_this_user(diary: Callable[[str], Diary]) -> None:
    practise(diary("sam"))
    practise(diary("kim"))
    told = json.loads(weerwoord("progress", "--user", "sam", "--json").stdout)
    assert told["user"] == "sam" and len(told["talks_done"]) == 3 and len(told["drills_done"]) == 40
    assert told["criteria"]["goal"] == {"count": 3, "clear": 1, "verdicts": ["absent", "partial", "clear"]}
    assert told["drills"]["reschedule"]["count"] == 40 and told["levels"]["mistaken"] == {"count": 3, "good": 1}
    assert set(told) == set(as_dict(diary("sam"), NOW)) and told["due"] == 0


def test_somebody_new_is_told_how_to_begin() -> None:
    assert "weerwoord drill" in weerwoord("progress", "--user", "nieuw").stdout


@pytest.mark.usefixtures("trained_model")
def test_what_was_drilled_badly_is_due_and_comes_first() -> None:
    weerwoord("drill", "--goal", "--user", "sam", "--rounds", "1", given="Mooi weer vandaag.\n")
    told = json.loads(weerwoord("progress", "--user", "sam", "--json").stdout)
    assert told["drills"]["goal"]["verdicts"] == ["absent"] and len(told["drills_done"]) == 1


def test_deleting_asks_first_and_then_leaves_no_word(diary_file: Path, diary: Callable[[str], Diary]) -> None:
    practise(diary("sam-met-een-lange-naam"))
    options = ("my-data", "delete", "--user", "sam-met-een-lange-naam")
    assert "niets gewist" in weerwoord(*options, given="nee\n").stdout
    assert "niets gewist" in weerwoord(*options, given="").stdout
    with terminal(*options) as shell:
        shell.wait_for("Typ ja.")
        shell.wait_for("Jij: ")
        shell.type("Ja\r")
        assert "Alles van jou is gewist." in shell.rest()
    for file in diary_file.parent.glob("kept.db*"):
        assert b"sam-met-een-lange-naam" not in file.read_bytes() and b"mijn antwoord" not in file.read_bytes()


def test_linking_shows_the_talks_of_the_page_too(diary_file: Path, diary: Callable[[str], Diary]) -> None:
    store = Store(f"sqlite:///{diary_file}")
    code = store.people.new_code("page")
    keep_talk(store, "page", "rest", ("not_applying", "information_advice"))
    practise(diary("sam"))
    assert "Die code ken ik niet." in one_sentence(weerwoord("link", "AAAA-BBBB-CCCC", "--user", "sam"))
    assert "Die code ken ik niet." in weerwoord("link", "--user", "sam", given="").stderr
    done = weerwoord("link", "--user", "sam", given=f" {code.lower()} \n")
    assert (done.returncode, done.stderr) == (0, "") and "weerwoord progress" in done.stdout
    assert "Gesprekken: 4 (3 in de terminal, 1 op de pagina)." in weerwoord("progress", "--user", "sam").stdout
    assert json.loads(weerwoord("link", code, "--user", "kim", "--json").stdout) == {"user": "kim", "talks": 4}


def test_what_an_older_version_kept_is_taken_over_and_said(diary_file: Path, diary: Callable[[str], Diary]) -> None:
    old = diary_file.with_name("drills.db")
    old.write_bytes(b"dit is geen database" * 100)
    assert "kan lezen of verplaatsen" in weerwoord("progress", "--user", "sam").stderr and old.is_file()
    old.unlink()
    with sqlite3.connect(old) as db:
        db.execute("CREATE TABLE card (user TEXT, focus TEXT, partner TEXT, line TEXT, state TEXT)")
        db.execute("CREATE TABLE done (user TEXT, kind TEXT, at TEXT, data TEXT)")
        drilled = {"at": "2026-01-01T10:00:00+00:00", "focus": "goal", "partner": "ruud", "verdict": "clear"}
        data = json.dumps({**drilled, "pitfalls": [], "seconds": 2.0})
        db.execute("INSERT INTO done VALUES ('sam', 'drill', '1', ?)", (data,))
    done = weerwoord("progress", "--user", "sam")
    assert "drills.db.oud" in done.stderr and "Korte oefeningen: 1." in done.stdout and not old.exists()
    assert weerwoord("progress", "--user", "sam").stderr == "" and len(diary("sam").drills()) == 1


def test_a_file_that_cannot_be_read_is_one_sentence(diary_file: Path) -> None:
    diary_file.write_bytes(b"dit is geen database" * 100)
    assert "WEERWOORD_DATABASE" in one_sentence(weerwoord("progress"))
    assert "--user" in one_sentence(weerwoord("progress", "--user"))
