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
    assert "donderdag" in GOOD[slot["start"] : slot["end"]]


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
