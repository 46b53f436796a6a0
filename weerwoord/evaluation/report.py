"""`docs/judge-report.md`: how good the judge is, said plainly."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from weerwoord.evaluation.labelled import Judged
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
from weerwoord.recogniser import DOUBTFUL, FOUND, FOUND_BESIDE, Recogniser
from weerwoord.rubric import Rubric
from weerwoord.scenario import scenarios

RUNS = 100  # timed, after as many to warm up
YARDSTICK = 512  # rows and columns of the matrix whose product with itself is timed beside each reply
# name, goal, whether more is better
GOALS = {
    "micro_f1": ("element micro-F1", 0.90, True),
    "macro_f1": ("element macro-F1", 0.86, True),
    "kappa_goal": ("kappa of the verdict on the goal", 0.85, True),
    "kappa_reschedule": ("kappa of the verdict on another moment", 0.85, True),
    "kappa_pitch": ("kappa of the verdict on the pitch", 0.85, True),
    "false_praise": ("false praise: a better verdict than the labels give", 0.04, False),
}
UNRELATED_GOAL = 0.02
VOICE_GOAL = 0.06  # lower than the mean at most
KNOWN_LIMITS = """\
- The labels are of language models that read the rubric, not of coaches. Two of them agree almost perfectly, which
  says that the rubric is clear, not that a coach would agree. Until coaches have corrected enough talks, read these
  figures as agreement with the rubric.
- The judge reads one reply and the line before it. What a reply means by something said earlier, it does not know.
- Irony, and politeness that hides a reproach, it mostly takes at its word.
- A trade, a place or a turn of phrase that is in no text it learnt from is judged by its likeness in meaning only.
- The replies were written for this purpose; real talks may hold kinds of replies that nobody thought of.
"""


def report(
    file: str,
    replies: Sequence[Judged],
    unrelated: Sequence[Judged],
    judge: Recogniser,
    rubric: Rubric,
    curve: Path,
    tried: Path,
    coaches: Sequence[str] = (),
) -> str:
    """The report as Markdown.

    Args:
        file: name of the labelled file, to be shown.
        replies: the labelled replies, judged.
        unrelated: texts about other things, judged; may be empty.
        judge: is timed.
        rubric: the rules of the verdicts.
        curve: the learning curve, when it was measured.
        tried: what was tried and measured by hand, as Markdown; may be missing.
        coaches: what coaches made of the judge, see `weerwoord.evaluation.agreement.section`.
    """
    t = table(replies, rubric)
    measured, between = scores(t, rubric), intervals(t, rubric)
    voices = {v: s["micro_f1"] for v, s in by_voice(replies, rubric).items()}
    lines = [
        "# How good the judge is",
        "",
        f"Measured on {len(replies)} labelled replies (`{file}`) with `make evaluate`. An element is named from a",
        f"probability of {FOUND:.2f} on, one that neither praises nor blames beside it from {FOUND_BESIDE:.2f} on,",
        f"and is doubtful from {DOUBTFUL:.2f} on.",
        "Between brackets: 95 % interval (percentile bootstrap over the replies).",
        f"The times are in comparison with the product of two matrices of {YARDSTICK} x {YARDSTICK} numbers on the",
        "same thread: other work on the machine slows both.",
        "",
        "| score | goal | measured |",
        "| --- | --- | --- |",
    ]
    for name, (label, goal, more) in GOALS.items():
        low, high = between[name]
        lines.append(f"| {label} | {'≥' if more else '≤'} {goal:.2f} | {measured[name]:.3f} ({low:.3f}–{high:.3f}) |")
    if unrelated:
        found = any_found(unrelated)
        lines.append(
            f"| unrelated texts ({len(unrelated)}) with anything found | ≤ {UNRELATED_GOAL:.2f} | {found:.3f} |"
        )
    mean = statistics.mean(voices.values())
    lines.append(f"| lowest voice below the mean | ≤ {VOICE_GOAL:.2f} | {mean - min(voices.values()):.3f} |")
    for words, goal in ((25, 5), (110, 15)):
        took, ratio = _speed(judge, words)
        lines.append(
            f"| median time of a reply of {words} words, one thread | ≤ {goal} ms "
            f"| {took:.1f} ms, {ratio:.1f} times the yardstick |"
        )
    lines += ["", f"Precision {measured['precision']:.3f}, recall {measured['recall']:.3f}.", "", "## By voice", ""]
    lines += ["| voice | micro-F1 |", "| --- | --- |", *(f"| {v or '–'} | {s:.3f} |" for v, s in voices.items())]
    lines += [
        "",
        "## By element",
        "",
        "| element | labelled | precision | recall | F1 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for e in by_element(t, rubric):
        lines.append(f"| `{e.element}` | {e.count} | {e.precision:.2f} | {e.recall:.2f} | {e.f1:.2f} |")
    lines += ["", "## Commonest confusions", "", "| missed | said instead | replies |", "| --- | --- | --- |"]
    lines += [f"| {_code(m)} | {_code(x)} | {n} |" for m, x, n in confusions(replies)]
    bins, error = calibration(replies)
    lines += [
        "",
        "## Calibration",
        "",
        f"Expected calibration error {error:.3f}. When the judge says a probability of …",
        "",
    ]
    lines += ["| said | elements | was so | |", "| --- | --- | --- | --- |"]
    lines += [f"| {b.said:.2f} | {b.count} | {b.was:.2f} | {'█' * round(20 * b.was)} |" for b in bins]
    lines += ["", *coaches, *_learning_curve(curve)]
    if tried.is_file():
        lines += [tried.read_text(encoding="utf-8")]
    lines += ["## What it does not know", "", KNOWN_LIMITS]
    return "\n".join(lines)


def _code(element: str) -> str:
    return f"`{element}`" if element else "(nothing)"


def _learning_curve(file: Path) -> list[str]:
    if not file.is_file():
        return []
    points = json.loads(file.read_text(encoding="utf-8"))
    lines = [
        "## Learning curve",
        "",
        "Trained on the texts of a part of the writers, measured on the same replies (`make evaluate CURVE=1`).",
        "",
        "| texts | micro-F1 | macro-F1 | false praise |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {p['texts']} | {p['micro_f1']:.3f} | {p['macro_f1']:.3f} | {p['false_praise']:.3f} |" for p in points]
    return [*lines, ""]


def _speed(judge: Recogniser, words: int) -> tuple[float, float]:
    """Median milliseconds of one reply on one thread, and how many times those of a product of matrices beside it.

    Every reply is another, so that nothing is remembered. Other work on the machine slows both alike.
    """
    said = " ".join(line for s in scenarios().values() for line in s.examples.values()).split()
    square = np.ones((YARDSTICK, YARDSTICK), dtype=np.float32)
    took, beside = [], []
    with threadpool_limits(limits=1):
        for run in range(2 * RUNS):
            text = " ".join([str(run), *(said[(i + run) % len(said)] for i in range(words - 1))])
            began = time.perf_counter()
            judge.judge(text, "Zegt u het maar.")
            then = time.perf_counter()
            square @ square
            took.append(1000 * (then - began))
            beside.append(1000 * (time.perf_counter() - then))
    median = statistics.median(took[RUNS:])
    return median, median / statistics.median(beside[RUNS:])
