"""`make evaluate`: score the judge on labelled replies and write `docs/judge-report.md`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

import numpy as np
import typer

from weerwoord.cli.common import fail, trained
from weerwoord.evaluation.agreement import section
from weerwoord.evaluation.labelled import Labelled, LabelledError, judged, read_labelled
from weerwoord.evaluation.report import report
from weerwoord.evaluation.scores import scores, table
from weerwoord.examples import read_examples
from weerwoord.messages import message
from weerwoord.recogniser import train
from weerwoord.rubric import rubric
from weerwoord.settings import ROOT, settings
from weerwoord.store import store
from weerwoord.trained import judge

GATE = ROOT / "tests" / "gate" / "gate.jsonl"
UNRELATED = ROOT / "tests" / "gate" / "unrelated.jsonl"
REPORT = ROOT / "docs" / "judge-report.md"
CURVE = ROOT / "docs" / "learning-curve.json"
TRIED = ROOT / "docs" / "judge-tried.md"
PARTS = (0.1, 0.25, 0.5, 1.0)  # of the writers
SEED = 1


def evaluate(
    file: Path = typer.Argument(GATE, help=message("evaluate.file")),
    unrelated: Optional[Path] = typer.Option(UNRELATED, help=message("evaluate.unrelated")),
    to: Path = typer.Option(REPORT, help=message("evaluate.to")),
    learning_curve: bool = typer.Option(False, "--learning-curve", help=message("evaluate.curve")),
) -> None:
    """Score the trained judge on labelled replies and write the report."""
    judging = trained(judge)
    try:
        replies = read_labelled(file)
        others = read_labelled(unrelated) if unrelated is not None and unrelated.is_file() else []
    except LabelledError as error:
        raise fail(str(error)) from error
    if learning_curve:
        CURVE.write_text(json.dumps(_curve(replies), indent=1) + "\n", encoding="utf-8")
    name = str(file.resolve().relative_to(ROOT)) if file.resolve().is_relative_to(ROOT) else file.name
    text = report(name, judged(replies, judging), judged(others, judging), judging, rubric(), CURVE, TRIED, _coaches())
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise fail(message("evaluate.no_report", file=to, why=error.strerror or "")) from error
    print("\n".join(line for line in text.splitlines()[7:20] if line))
    print(message("evaluate.written", file=to))


def _coaches() -> list[str]:
    """What coaches made of the judge; nothing where there is no database, because measuring makes none."""
    file = settings().database_file
    if file is not None and not file.is_file():
        return []
    return section(list(store().reviews.corrections()), rubric())


def _curve(replies: list[Labelled]) -> list[dict[str, float]]:
    """Train on the texts of ever more writers, and measure."""
    examples = read_examples(ROOT / "data" / "nlu")
    writers = sorted({e.writer for e in examples})
    order = [writers[i] for i in np.random.default_rng(SEED).permutation(len(writers))]
    points = []
    for part in PARTS:
        chosen = set(order[: max(1, round(part * len(order)))])
        lessons = [e for e in examples if e.writer in chosen]
        print(message("evaluate.training", count=len(lessons)), flush=True)
        measured = scores(table(judged(replies, train(lessons, SEED)), rubric()), rubric())
        points.append({"texts": len(lessons), **{name: round(value, 4) for name, value in measured.items()}})
    return points


if __name__ == "__main__":
    typer.run(evaluate)
