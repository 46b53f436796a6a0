"""`weerwoord progress` as a process: the charts, JSON, what is due, deleting, bad input."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.shell import one_sentence, terminal, weerwoord
from weerwoord.cli.progress import as_dict
from weerwoord.diary import Diary, Drilled, Talked

NOW = datetime.now(timezone.utc)
pytestmark = pytest.mark.usefixtures("diary_file")


def practise(file: Path, user: str = "sam") -> None:
    diary = Diary(file, user)
    verdicts = [("absent", "opened"), ("partial", "dismissed"), ("clear", "opened")]
    for day, (verdict, outcome) in enumerate(verdicts, 1):
        said = {"goal": verdict, "reschedule": "absent", "pitch": "absent"}
        diary.keep_talk(Talked(f"2026-01-0{day}T10:00:00+00:00", "ruud", "mistaken", outcome, said, (), 4))
    for second in range(40):
        verdict = "clear" if second % 2 else "absent"
        diary.keep_drill(Drilled(f"2026-01-05T10:00:{second:02}+00:00", "leave_choice", "ruud", verdict, (), 9.0), {})
    diary.close()


def test_the_charts_show_what_was_reached_in_order_and_fit_in_80_columns(diary_file: Path) -> None:
    practise(diary_file)
    done = weerwoord("progress", "--user", "sam")
    assert (done.returncode, done.stderr) == (0, "")
    for told in ("Gesprekken: 3.", ".+#", "1 van 3", "solliciteren: 2 van 3", "nog niet gedaan",
                 "Korte oefeningen: 40.", "20 van 40", "Volgende stap: weerwoord chat --level 2"):  # fmt: skip
        assert told in done.stdout, told
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_has_every_answer_and_only_of_this_user(diary_file: Path) -> None:
    practise(diary_file)
    practise(diary_file, "kim")
    told = json.loads(weerwoord("progress", "--user", "sam", "--json").stdout)
    assert told["user"] == "sam" and len(told["talks_done"]) == 3 and len(told["drills_done"]) == 40
    assert told["criteria"]["goal"] == {"count": 3, "clear": 1, "verdicts": ["absent", "partial", "clear"]}
    assert told["drills"]["reschedule"]["count"] == 40 and told["levels"]["mistaken"] == {"count": 3, "good": 2}
    assert set(told) == set(as_dict(Diary(diary_file, "sam"), NOW)) and told["due"] == 0


def test_somebody_new_is_told_how_to_begin() -> None:
    assert "weerwoord drill" in weerwoord("progress", "--user", "nieuw").stdout


@pytest.mark.usefixtures("trained_model")
def test_what_was_drilled_badly_is_due_and_comes_first() -> None:
    weerwoord("drill", "--goal", "--user", "sam", "--rounds", "1", given="Mooi weer vandaag.\n")
    told = json.loads(weerwoord("progress", "--user", "sam", "--json").stdout)
    assert told["drills"]["goal"]["verdicts"] == ["absent"] and len(told["drills_done"]) == 1


def test_deleting_asks_first_and_then_leaves_no_word(diary_file: Path) -> None:
    practise(diary_file, "sam-met-een-lange-naam")
    options = ("progress", "--user", "sam-met-een-lange-naam", "--forget")
    assert "niets gewist" in weerwoord(*options, given="nee\n").stdout
    assert "niets gewist" in weerwoord(*options, given="").stdout
    with terminal(*options) as shell:
        shell.wait_for("Typ ja.")
        shell.wait_for("Jij: ")
        shell.type("Ja\r")
        assert "43" in shell.rest()
    assert b"sam-met-een-lange-naam" not in diary_file.read_bytes()


def test_a_file_that_cannot_be_read_is_one_sentence(diary_file: Path) -> None:
    diary_file.write_bytes(b"dit is geen database" * 100)
    assert "WEERWOORD_DRILLS" in one_sentence(weerwoord("progress"))
    assert "--user" in one_sentence(weerwoord("progress", "--user"))
