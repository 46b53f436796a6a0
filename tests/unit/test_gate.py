"""The judge may not get worse: a labelled set of our own, written apart from the training texts, holds the floor."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from weerwoord.evaluation.labelled import judged, read_labelled
from weerwoord.evaluation.scores import any_found, scores, table
from weerwoord.examples import read_examples
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.settings import ROOT
from weerwoord.trained import judge

GATE = ROOT / "tests" / "gate" / "gate.jsonl"
PLAIN = ROOT / "tests" / "gate" / "plain.jsonl"
UNRELATED = ROOT / "tests" / "gate" / "unrelated.jsonl"
# a little under what `make evaluate` measured; raise them when the judge gets better, never lower them
FLOORS = {"micro_f1": 0.95, "macro_f1": 0.945, "kappa_goal": 0.92, "kappa_reschedule": 0.87, "kappa_pitch": 0.94}
CEILINGS = {"false_praise": 0.03}
PLAIN_FLOOR = 0.93
UNRELATED_CEILING = 0.075
OTHER_SETS = ROOT.parent / "shared" / "eval"


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_the_judge_is_not_worse_than_it_was(trained_model: Path) -> None:
    measured = scores(table(judged(read_labelled(GATE), judge()), rubric()), rubric())
    fallen = {n: measured[n] for n, floor in FLOORS.items() if measured[n] < floor}
    fallen |= {n: measured[n] for n, ceiling in CEILINGS.items() if measured[n] > ceiling}
    assert not fallen, f"worse than before: {fallen}; read the errors with make evaluate before changing a floor"


def test_the_plainest_replies_are_understood(trained_model: Path) -> None:
    replies = judged(read_labelled(PLAIN), judge())
    assert scores(table(replies, rubric()), rubric())["micro_f1"] >= PLAIN_FLOOR


def test_hardly_anything_is_found_in_what_is_about_something_else(trained_model: Path) -> None:
    assert any_found(judged(read_labelled(UNRELATED), judge())) <= UNRELATED_CEILING


@pytest.mark.parametrize(
    "greeting", ["Hoi.", "hallo", "Dag.", "Goedemorgen!", "Hoi {name}!", "Dag {name}.", "hey {name}"]
)
def test_whoever_only_greets_at_first_is_found_to_do_nothing_else(trained_model: Path, greeting: str) -> None:
    for partner in scenarios().values():
        for opening in {line for lines in partner.openings.values() for line in lines}:
            judgement = judge().judge(greeting.format(name=partner.name), opening).as_first()
            assert judgement.elements == {"greet"}, opening


def test_no_text_to_measure_on_is_learnt_from() -> None:
    learnt = {_plain(e.text) for e in read_examples(ROOT / "data" / "nlu") if e.voice}
    for file in (GATE, PLAIN, UNRELATED):
        assert not {_plain(r.text) for r in read_labelled(file)} & learnt


@pytest.mark.skipif(not OTHER_SETS.is_dir(), reason="the labelled sets beside the project are not here")
def test_no_text_of_the_sets_beside_the_project_is_learnt_from() -> None:
    learnt = {_plain(e.text) for e in read_examples(ROOT / "data" / "nlu") if e.voice}
    for file in OTHER_SETS.glob("*.jsonl"):
        texts = (json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines())
        # what anyone says, such as "ja" or a control, may stand in both
        assert not {t for t in map(_plain, texts) if t.count(" ") > 2} & learnt


def test_the_gate_covers_every_voice_and_nearly_every_element() -> None:
    replies = read_labelled(GATE)
    assert len({r.voice for r in replies}) == 8
    assert len(set().union(*(r.elements for r in replies)) & set(rubric().elements)) >= len(rubric().elements) - 1


_PEAK = """
import resource, sys
from weerwoord.cli.main import app
try:
    app(["judge", sys.argv[1]])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def test_judging_many_lines_takes_no_more_memory_than_a_few(trained_model: Path, tmp_path: Path) -> None:
    peaks = []
    for count in (200, 4000):
        file = tmp_path / f"{count}.jsonl"
        with file.open("w") as out:
            for n in range(count):
                out.write(json.dumps({"id": n, "text": f"Dank u wel, nummer {n}.", "partner": f"Zin {n}."}) + "\n")
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _PEAK, str(file)],
            cwd=ROOT, capture_output=True, text=True, timeout=120, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        assert len(done.stdout.splitlines()) == count, done.stderr
        peaks.append(int(done.stderr.split()[-1]))
    assert peaks[1] < 1.15 * peaks[0]  # kilobytes
