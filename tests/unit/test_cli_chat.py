"""`weerwoord chat` as a process: a whole talk, the choices after it, leaving it, bad input."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shell import COMMAND, one_sentence, terminal, weerwoord
from weerwoord.diary import Diary
from weerwoord.settings import ROOT
from weerwoord.store import Store

GOAL = "Ik kom niet solliciteren. Ik wil graag advies van u, want ik ben nog aan het uitzoeken wat bij mij past."
RUUD = ("chat", "--partner", "ruud", "--disposition", "mistaken", "--seed", "5")
READY = 3.0  # seconds from start to the first prompt
pytestmark = pytest.mark.usefixtures("trained_model", "diary_file")


def test_a_talk_from_a_pipe_with_all_choices_after_it() -> None:
    lines = ["hint", GOAL, "stop", "wat?", "1", GOAL, "stop", "9", "zelfde partner", "Hallo.", "stop", "andere partner"]
    done = weerwoord(*RUUD, given="\n".join(lines))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Nabespreking van je gesprek met Ruud") == 3
    assert done.stdout.count("Je gaat") >= 3  # the briefing, with each new talk
    assert "Hint: " in done.stdout and f"Jij: {GOAL}" in done.stdout
    assert "Die beurt kun je niet opnieuw doen." in done.stdout
    assert "\x1b" not in done.stdout


def test_json_is_one_object_a_talk_and_the_talk_itself_goes_aside() -> None:
    done = weerwoord(*RUUD, "--json", given=f"{GOAL}\nstop\nopnieuw\nstop\n")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["outcome"], second["outcome"]) == ("opened", "abandoned")
    assert [t["retried"] for t in second["turns"]] == [True]
    assert "Ruud: " in done.stderr


@pytest.mark.parametrize("leave", ["\x03", "\x04"])
def test_leaving_keeps_what_was_done(leave: str) -> None:
    with terminal(*RUUD) as shell:
        shell.wait_for("Jij: ")
        shell.type(GOAL + "\r")
        shell.wait_for("Jij: ")
        shell.type(leave)
        shown = shell.rest()
    assert "Je doel (tip 1): duidelijk" in shown and "Traceback" not in shown
    assert shell.process.returncode == 0


def test_ready_to_type_in_three_seconds_without_rasa() -> None:
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        pytest.skip("others keep this machine busy, so its clock says nothing about us")
    took = []
    for _ in range(3):
        began = time.monotonic()
        with terminal(*RUUD, NO_COLOR="1") as shell:
            shell.wait_for("Jij: ")
            took.append(time.monotonic() - began)
            shell.type("\x04")
            shell.rest()
    assert min(took) < READY, took
    check = (
        "import sys, weerwoord.cli.main; sys.exit(any(m.split('.')[0] in ('rasa', 'tensorflow') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT).returncode == 0


def test_a_reader_that_goes_is_no_mistake() -> None:
    process = subprocess.Popen(
        [*COMMAND, *RUUD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.communicate(f"{GOAL}\nstop\n".encode())[1] == b"" and process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chat", "--partner", "sinterklaas"], "sinterklaas"),
        (["chat", "--level", "5"], "niveau van 1 tot 4"),
        (["chat", "--seed", "zeven"], "--seed"),
        (["chat", "--wat"], "--wat"),
        (["praat"], "Het commando 'praat' ken ik niet"),
        (["cht"], "Bedoel je: weerwoord chat"),
    ],
)
def test_what_was_typed_wrong_is_one_dutch_sentence(arguments: list[str], told: str) -> None:
    assert told in one_sentence(weerwoord(*arguments))


def test_no_partners_a_broken_one_and_a_wrong_setting(tmp_path: Path) -> None:
    assert "geen gesprekspartners" in one_sentence(weerwoord("chat", WEERWOORD_SCENARIOS=tmp_path))
    (tmp_path / "toos.yml").write_text("name: Toos\n", encoding="utf-8")
    assert "toos.yml:1:1" in one_sentence(weerwoord("chat", WEERWOORD_SCENARIOS=tmp_path))
    assert "WEERWOORD_PORT" in one_sentence(weerwoord("chat", WEERWOORD_PORT="poort"))
    assert "make train" in one_sentence(weerwoord("chat", WEERWOORD_MODEL=tmp_path / "geen.tar.gz"))


def test_a_talk_is_kept_after_each_turn_as_the_page_keeps_it(diary_file: Path, diary: Callable[[str], Diary]) -> None:
    weerwoord(*RUUD, "--user", "sam", given=f"hint\nHallo.\nopnieuw\n{GOAL}\nstop\n1\nHallo.\nstop\n")
    (talk,) = diary("sam").talks()
    assert (talk.channel, talk.partner, talk.seed, talk.turns, talk.stopped) == ("terminal", "ruud", 5, 1, True)
    assert (talk.outcome, talk.verdicts["goal"]) == ("abandoned", "absent")  # the turn that won him was taken back
    kept = Store(f"sqlite:///{diary_file}").talks.transcript(talk.key)
    assert kept is not None
    assert [(t.reply, t.retried) for t in kept.turns] == [("Hallo.", True), (GOAL, True), ("Hallo.", False)]


def test_two_talks_at_once_do_not_mix(diary: Callable[[str], Diary]) -> None:
    with terminal(*RUUD) as first:
        first.wait_for("Jij: ")
        first.type("Hallo.\r")
        first.wait_for("Jij: ")
        weerwoord("chat", "--partner", "fatima", given="Hoi.\nHoi Fatima.\n")
        first.type(GOAL + "\r\x04")
        first.rest()
    assert [(t.partner, t.turns) for t in diary(getpass.getuser()).talks()] == [("ruud", 2), ("fatima", 2)]


def test_where_nothing_can_be_kept_nothing_begins() -> None:
    assert "WEERWOORD_DATABASE" in one_sentence(weerwoord(*RUUD, given="hallo\n", WEERWOORD_DATABASE="/proc/kept.db"))


def test_bytes_that_are_no_text_stop_nothing() -> None:
    done = subprocess.run([*COMMAND, *RUUD], input=b"\xff\xfe hallo\nstop\n", capture_output=True, cwd=ROOT)
    assert done.returncode == 0 and b"Traceback" not in done.stderr
