"""`weerwoord play` as a process: transcripts, JSON, expectations and bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from weerwoord.settings import ROOT

GOOD = "Ik zie dat u het druk heeft. Zullen we een andere afspraak maken, bijvoorbeeld donderdag om tien uur?"
EXPECTED = """
partner: ruud
disposition: pressed
seed: 7
turns:
  - Goedemiddag meneer Vermeulen.
  - say: {good}
    expect:
      elements: [propose_other_moment, concrete_slot]
      not: [ask_for_job]
      verdicts: {{reschedule: clear}}
      phase: ended
expect:
  outcome: {outcome}
  criteria: {{reschedule: clear, pitch: absent}}
  pitfalls: []
"""
pytestmark = pytest.mark.usefixtures("trained_model")


def play(*arguments: str | Path, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "weerwoord.cli.main", "play", *map(str, arguments)]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=ROOT, env={"PATH": "/usr/bin:/bin", **env}, timeout=60
    )


def test_a_text_with_controls(tmp_path: Path) -> None:
    file = tmp_path / "antwoorden.txt"
    file.write_text(f"# oefening\n\nHeeft u geen baan voor mij?\nopnieuw\ngeef me een hint\n{GOOD}\nNog iets.\n")
    done = play(file, "--partner", "ruud", "--disposition", "pressed", "--seed", "7", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["outcome"], told["unplayed"]) == (0, "appointment", 1)
    assert [t["retried"] for t in told["turns"]] == [True, False]
    assert told["criteria"]["reschedule"] == "clear" and told["pitfalls"] == []
    last = told["turns"][-1]
    assert last["verdicts"]["reschedule"] == "clear" and last["phase"] == "ended"
    assert {"reply", "elements", "doubtful", "verdicts", "partner", "phase", "interest", "patience"} <= last.keys()
    slot = next(e for e in last["elements"] if e["element"] == "concrete_slot")
    assert "donderdag" in GOOD[slot["start"] : slot["end"]] and slot["evidence"] in GOOD
    assert last["hints"] == 1 and 0 <= last["interest"] <= 10 and 0 <= last["patience"] <= 10


def test_the_same_seed_gives_the_same_talk_and_people_can_read_it() -> None:
    options = ("-", "--partner", "fatima", "--disposition", "2", "--seed", "3")
    first, second = (play(*options, given="Hoi Fatima, heb je even?\nstop\n") for _ in range(2))
    assert first.returncode == 0 and first.stdout == second.stdout
    assert "Jij: Hoi Fatima" in first.stdout and "Nabespreking" in first.stdout


@pytest.mark.parametrize(("outcome", "code"), [("appointment", 0), ("opened", 1)])
def test_expectations(tmp_path: Path, outcome: str, code: int) -> None:
    file = tmp_path / "toets.yml"
    file.write_text(EXPECTED.format(good=GOOD, outcome=outcome), encoding="utf-8")
    done = play(file, "--expect")
    assert done.returncode == code, done.stderr
    assert bool(done.stderr) == bool(code)
    assert ("Alles klopt. Aantal verwachtingen: 9." in done.stdout) == (code == 0)
    told = json.loads(play(file, "--expect", "--json").stdout)
    assert len(told["unmet"]) == code


@pytest.mark.parametrize(
    ("name", "content", "options", "told"),
    [
        ("x.txt", b"\xff\xfe\x00", (), "UTF-8"),
        ("x.yml", b"turns: [", (), "regel"),
        ("x.yml", b"wat: 1", (), "turns"),
        ("x.yml", b"turns: [1]", (), "antwoord 1"),
        ("x.yml", b"turns: [hallo]\nexpect: {wat: 1}", (), "'wat'"),
        ("x.yml", b"turns: [hallo]\nexpect: {pitfalls: [geen]}", (), "'geen'"),
        ("x.yml", b"turns: [hallo]\nexpect: {outcome: [1]}", (), "'outcome'"),
        ("x.yml", b"turns: [hallo]\nseed: zeven", (), "seed"),
        ("x.txt", b"hallo", ("--expect",), "verwachtingen"),
        ("x.txt", b"# alleen uitleg\n\n", (), "geen antwoorden"),
        ("x.yml", b"turns: []", (), "geen antwoorden"),
        ("x.yml", b"turns: [hallo]\nseed: true", (), "seed"),
        ("x.yml", b"turns: [hallo]\npartner: [ruud]", (), "'partner'"),
        ("x.yml", b"turns: [hallo]\ndisposition: [1]", (), "Houding"),
        ("x.yml", b"turns: [2026-99-99]", (), "YAML"),
        ("x.YAML", b"turns: " + b"[" * 100_000, (), "YAML"),
        ("x.yml", b"turns: [hallo]\nexpect: {outcome: apointment}", (), "abandoned"),
        ("x.yml", b"turns: [hallo]\nexpect: {criteria: {goaal: clear}}", (), "'goaal'"),
        ("x.yml", b"turns: [{say: hallo, expect: {verdicts: {goal: goed}}}]", (), "partial"),
        ("x.yml", b"turns: [{say: hallo, expect: {phase: half}}]", (), "wavering"),
        ("x.txt", b"hallo", ("--partner", "sinterklaas"), "sinterklaas"),
        ("x.txt", b"hallo", ("--disposition", "9"), "'9'"),
    ],
)
def test_bad_input_is_one_sentence(
    tmp_path: Path, name: str, content: bytes, options: tuple[str, ...], told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = play(tmp_path / name, *options)
    assert done.returncode == 2 and done.stdout == ""
    assert told in done.stderr and done.stderr.count("\n") == 1


def test_no_file_and_no_model(tmp_path: Path) -> None:
    assert play(tmp_path / "weg.txt").returncode == 2
    done = play("-", given="hallo", WEERWOORD_MODEL=str(tmp_path / "geen.tar.gz"))
    assert done.returncode == 2 and "make train" in done.stderr and done.stderr.count("\n") == 1


GOAL = "Ik kom niet solliciteren. Ik wil graag uw advies."
PITCH = (
    "Ik ben Joris en ik heb tien jaar administratie gedaan. Uw organisatie boeit me al jaren. "
    "Els raadde me aan met u te praten, u weet hier veel van. Mag ik u een paar vragen stellen?"
)
BYE = "Dank u wel voor uw tijd. Tot ziens."


@pytest.mark.parametrize(
    ("disposition", "lines", "outcome", "phase", "pitfalls"),
    [
        ("pressed", ["Goedemiddag."], "abandoned", "brush_off", []),
        ("pressed", [GOOD, BYE], "appointment", "ended", []),
        ("pressed", ["stop", GOOD], "abandoned", None, []),
        ("mistaken", [GOAL], "opened", "open", []),
        ("mistaken", [GOAL, "stop"], "opened", "open", []),
        ("mistaken", [GOAL, BYE], "opened", "ended", []),
        ("mistaken", [GOAL, "opnieuw"], "abandoned", "open", []),
        ("reluctant", [GOOD, PITCH], "opened", "open", []),
        ("unwinnable", [GOAL, BYE], "kept_dignity", "ended", []),
        ("unwinnable", ["Ik ben Joris en ik werk als boekhouder.", BYE], "kept_dignity", "ended", []),
        ("unwinnable", ["Goedemiddag.", BYE], "dismissed", "ended", []),
        ("unwinnable", ["Heeft u een baan voor mij?", BYE], "dismissed", "ended", ["ask_for_job"]),
    ],
)
def test_what_stands_when_the_answers_run_out(
    disposition: str, lines: list[str], outcome: str, phase: str | None, pitfalls: list[str]
) -> None:
    options = ("-", "--partner", "ruud", "--disposition", disposition, "--seed", "7", "--json")
    told = json.loads(play(*options, given="\n".join(lines)).stdout)
    assert (told["outcome"], told["pitfalls"]) == (outcome, pitfalls), told
    assert (told["turns"][-1]["phase"] if told["turns"] else None) == phase


def test_nothing_is_written_where_nothing_can_be_written_or_read() -> None:
    for options in ((), ("--json",)):
        command = f"{sys.executable} -W ignore -m weerwoord.cli.main play - {' '.join(options)}"
        done = subprocess.run(
            ["bash", "-c", f"{command} > /dev/full"], input="hallo\n", capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 2 and "De schijf is vol." in done.stderr and done.stderr.count("\n") == 1
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command} | true"],
            input="hallo\n",
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
        assert (done.returncode, done.stderr) == (0, "")
