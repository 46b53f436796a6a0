"""`weerwoord drill` as a process: rounds, what comes back, the time limit, leaving, bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shell import one_sentence, terminal, weerwoord
from weerwoord.diary import Diary

GOAL = "Ik kom niet solliciteren. Ik wil graag advies van u, want ik ben nog aan het uitzoeken wat bij mij past."
HALF = "Nee hoor, ik kom niet solliciteren."
pytestmark = pytest.mark.usefixtures("trained_model", "diary_file")


def test_rounds_show_what_counted_what_was_missing_and_a_better_example(
    diary_file: Path, diary: Callable[[str], Diary]
) -> None:
    given = f"hint\n\n{GOAL}\n{HALF}\nSorry, sorry dat ik u stoor, ik ga wel weer.\nstop\n"
    done = weerwoord("drill", "--goal", "--seed", "3", "--user", "sam", given=given)
    assert (done.returncode, done.stderr) == (0, "")
    for told in ("Ronde 1 – Je doel", "Hint: ", "Je zei niets.", "[Ik kom niet solliciteren.]", "Kan nog beter: ",
                 "Bijvoorbeeld: ", "Let op, ", "1 van 3 goed", "Volgende stap: weerwoord drill --goal"):  # fmt: skip
        assert told in done.stdout, told
    assert [d.verdict for d in diary("sam").drills()] == ["clear", "partial", "absent"]
    assert b"solliciteren. Ik wil" not in diary_file.read_bytes()


def test_what_was_missing_comes_back_in_the_next_session_too() -> None:
    options = ("drill", "--goal", "--user", "sam", "--json", "--rounds", "1")
    (first,) = json.loads(weerwoord(*options, given=HALF).stdout)["rounds"]
    (second,) = json.loads(weerwoord(*options, given=GOAL).stdout)["rounds"]
    assert (second["line"], second["focus"]) == (first["line"], first["missing"][0])
    (other,) = json.loads(weerwoord(*options[:3], "kim", *options[4:], "--seed", "1", given=GOAL).stdout)["rounds"]
    assert other["focus"] == "goal"


def test_json_and_the_seed() -> None:
    def lines(user: str) -> list[str]:
        done = weerwoord("drill", "--seed", "9", "--user", user, "--json", "--rounds", "3", given=f"{GOAL}\n" * 9)
        told = json.loads(done.stdout)
        assert set(told) == {"user", "seed", "rounds", "summary", "next"} and len(told["rounds"]) == 3
        assert sum(s["answers"] for s in told["summary"].values()) == 3
        return [r["line"] for r in told["rounds"]]

    assert lines("a") == lines("b") and len(set(lines("c"))) == 3


def test_a_partner_and_a_level() -> None:
    done = weerwoord("drill", "--pitch", "--partner", "Fatima", "--level", "4", "--json", given=f"{GOAL}\n" * 3)
    assert {(r["partner"], r["disposition"]) for r in json.loads(done.stdout)["rounds"]} == {("fatima", "unwinnable")}


def test_mixed_does_not_give_the_focus_away_and_the_warm_up_does() -> None:
    assert "Ronde 1" not in weerwoord("drill", given=f"{GOAL}\n").stdout
    warm = weerwoord("drill", "--warm-up", given=f"{GOAL}\n" * 20).stdout
    assert "Ronde 6" in warm and "Ronde 7" not in warm and "Succes met je gesprek" in warm


@pytest.mark.parametrize("leave", ["\x03", "\x04"])
def test_leaving_keeps_what_was_done(leave: str, diary: Callable[[str], Diary]) -> None:
    with terminal("drill", "--goal", "--user", "sam") as shell:
        shell.wait_for("Jij: ")
        shell.type(GOAL + "\r")
        shell.wait_for("Jij: ")
        shell.type("half een zin" + leave + ("\x04\x04" if leave == "\x04" else ""))
        if leave == "\x04":
            shell.type("\x15\x04")  # on a line with words Ctrl-D only deletes; empty it first
        shown = shell.rest()
    assert "Aantal antwoorden: 1." in shown and "Traceback" not in shown and shell.process.returncode == 0
    assert len(diary("sam").drills()) == 1


def test_the_time_limit_does_not_take_away_what_is_typed() -> None:
    with terminal("drill", "--goal", "--limit", "1", "--rounds", "1") as shell:
        shell.wait_for("Jij: ")
        shell.type("Ik kom niet ")
        shell.wait_for("De tijd is om.")
        shell.type("solliciteren.\r")
        shown = shell.rest()
    assert "[Ik kom niet solliciteren.]" in shown and "seconden over" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--rounds", "0"], "--rounds"),
        (["--limit", "nul"], "--limit"),
        (["--partner", "sinterklaas"], "sinterklaas"),
        (["--level", "9"], "'9'"),
        (["--goall"], "--goal"),
        (["over"], "Dit commando begrijp ik niet"),
    ],
)
def test_what_was_typed_wrong_is_one_dutch_sentence(arguments: list[str], told: str) -> None:
    assert told in one_sentence(weerwoord("drill", *arguments))


def test_no_model_and_no_place_to_keep_anything(tmp_path: Path) -> None:
    assert "make train" in one_sentence(weerwoord("drill", WEERWOORD_MODEL=tmp_path / "geen.tar.gz"))
    assert "WEERWOORD_DATABASE" in one_sentence(weerwoord("drill", WEERWOORD_DATABASE="/proc/kept.db"))


def test_a_full_disk_still_shows_the_summary(diary_file: Path) -> None:
    with terminal("drill", "--goal", "--user", "sam") as shell:
        shell.wait_for("Jij: ")
        shell.type(GOAL + "\r")
        shell.wait_for("Jij: ")
        for file in diary_file.parent.glob("kept.db*"):
            file.write_bytes(b"weg" * 9000)
        shell.type(GOAL + "\r")
        shown = shell.rest()
    assert "Aantal antwoorden: 1." in shown and "WEERWOORD_DATABASE" in shown and shell.process.returncode == 2
