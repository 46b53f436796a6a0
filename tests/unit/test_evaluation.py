"""The scores are what the textbooks say, and the report says them plainly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from weerwoord.evaluation.coverage import NOTHING, coverage
from weerwoord.evaluation.labelled import Judged, Labelled, LabelledError, read_labelled
from weerwoord.evaluation.scores import (
    any_found,
    by_element,
    by_voice,
    calibration,
    confusions,
    intervals,
    scores,
    table,
)
from weerwoord.examples import Example
from weerwoord.rubric import rubric
from weerwoord.settings import ROOT

RULES = rubric()


def reply(labels: str, found: str, optional: str = "", voice: str = "terse", **probabilities: float) -> Judged:
    sets = [frozenset(x.split()) for x in (labels, found, optional)]
    return Judged(Labelled("1", "tekst", "", voice, sets[0], sets[2]), sets[1], probabilities)


def measured(*replies: Judged) -> dict[str, float]:
    return scores(table(replies, RULES), RULES)


def test_f1_counts_what_was_right_too_much_and_missed() -> None:
    got = measured(reply("greet thank", "greet close"), reply("thank", "thank"))
    assert got["micro_f1"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert got["macro_f1"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert (got["precision"], got["recall"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_what_the_labellers_differ_on_counts_neither_way() -> None:
    assert measured(reply("greet", "greet exploring", optional="exploring"))["micro_f1"] == 1
    assert measured(reply("greet", "greet exploring", optional="exploring"))["false_praise"] == 0


def test_false_praise_is_a_better_verdict_than_the_labels_give() -> None:
    praised = reply("information_advice", "information_advice not_applying")
    missed = reply("information_advice not_applying", "information_advice")
    assert measured(praised)["false_praise"] == 1 and measured(missed)["false_praise"] == 0
    assert measured(praised, missed)["false_praise"] == 0.5


def test_kappa_is_agreement_above_chance() -> None:
    nothing, partial = reply("", ""), reply("not_applying", "not_applying")
    assert measured(nothing, partial)["kappa_goal"] == 1
    # labels: absent, absent, partial, partial; judge: absent, partial, absent, partial. Agreement 1/2, chance 1/2
    half = (nothing, reply("", "not_applying"), reply("not_applying", ""), partial)
    assert measured(*half)["kappa_goal"] == pytest.approx(0)


def test_the_interval_holds_the_score_and_shrinks_with_more_replies() -> None:
    mixed = [reply("greet", "greet"), reply("greet", ""), reply("thank", "thank"), reply("", "thank")]
    few, many = (intervals(table(mixed * n, RULES), RULES)["micro_f1"] for n in (3, 30))
    score = measured(*mixed)["micro_f1"]
    assert few[0] < many[0] < score < many[1] < few[1]


def test_by_voice_by_element_and_confusions() -> None:
    replies = [reply("greet", "thank", voice="a"), reply("thank", "thank", voice="b"), reply("", "close", voice="b")]
    assert by_voice(replies, RULES)["a"]["micro_f1"] == 0 and by_voice(replies, RULES)["b"]["micro_f1"] > 0
    thanks = next(e for e in by_element(table(replies, RULES), RULES) if e.element == "thank")
    assert (thanks.count, thanks.precision, thanks.recall) == (1, 0.5, 1)
    assert confusions(replies) == [("", "close", 1), ("greet", "thank", 1)]
    assert any_found(replies) == 1 and any_found([reply("", "")]) == 0


def test_calibration_compares_what_was_said_with_what_was() -> None:
    bins, error = calibration([reply("greet", "greet", greet=0.95, thank=0.05), reply("", "", greet=0.95, thank=0.05)])
    assert [(b.low, b.count, b.was) for b in bins] == [(0.0, 2, 0.0), (0.9, 2, 0.5)]
    assert error == pytest.approx((0.05 + 0.45) / 2)


def test_coverage_counts_elements_by_voice_and_leaves_out_controls() -> None:
    examples = [Example("a", frozenset({"greet", "thank"}), voice="terse"), Example("b", frozenset(), voice="terse")]
    counts = coverage([*examples, Example("hint", frozenset())], ["greet", "thank"])
    assert counts["greet"]["terse"] == counts["thank"]["terse"] == counts[NOTHING]["terse"] == 1
    assert sum(sum(c.values()) for c in counts.values()) == 3


@pytest.mark.parametrize("line", ["geen json", '{"id": "1"}', "[1]"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(json.dumps({"id": "1", "text": "a", "elements": []}) + "\n" + line + "\n")
    with pytest.raises(LabelledError, match="regel 2"):
        read_labelled(file)


def test_a_missing_file_is_one_dutch_sentence_and_exit_code_2(trained_model: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "weerwoord.evaluation", "nergens.jsonl"],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and "nergens.jsonl" in done.stderr and "Traceback" not in done.stderr


def test_the_report_is_written(trained_model: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "weerwoord.evaluation", "--to", str(tmp_path / "report.md")],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    for part in ("micro-F1", "false praise", "By voice", "By element", "Calibration", "language models"):
        assert part in report
