"""Scores of the judge against labels: F1 of the elements, kappa of the verdicts, false praise, with intervals.

Sources: Cohen 1960 (kappa); Efron and Tibshirani 1993, chapter 13 (percentile bootstrap); Guo et al. 2017 (expected
calibration error).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weerwoord.evaluation.labelled import Judged
from weerwoord.rubric import Rubric

Counts = npt.NDArray[np.float64]
VERDICTS = ("absent", "partial", "clear")
SAMPLES = 1000  # of the bootstrap
BINS = 10  # of the calibration


@dataclass(frozen=True)
class Table:
    """A row for each reply: what was right, too much and missed, and the verdicts.

    Attributes:
        right: replies x elements, 1 where an element was labelled and found.
        extra: found and not labelled; elements on which the labellers differed are left out.
        missed: labelled and not found.
        labels: replies x criteria, place of the labelled verdict in `VERDICTS`.
        given: the judge's verdicts in the same form.
    """

    right: Counts
    extra: Counts
    missed: Counts
    labels: npt.NDArray[np.int64]
    given: npt.NDArray[np.int64]


def table(replies: Sequence[Judged], rubric: Rubric) -> Table:
    """Lay labels and findings side by side.

    What the labellers differ on never decides a verdict: there the judge's side is taken.
    """
    shape = (len(replies), len(rubric.elements))
    right, extra, missed = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    labels, given = [], []
    for i, reply in enumerate(replies):
        wanted, free = reply.labelled.elements, reply.labelled.optional
        for j, element in enumerate(rubric.elements):
            is_wanted, is_found = element in wanted, element in reply.found
            right[i, j] = is_wanted and is_found
            extra[i, j] = is_found and not is_wanted and element not in free
            missed[i, j] = is_wanted and not is_found
        labels.append([VERDICTS.index(v) for v in rubric.verdicts(wanted | (reply.found & free)).values()])
        given.append([VERDICTS.index(v) for v in rubric.verdicts(reply.found).values()])
    return Table(right, extra, missed, np.array(labels), np.array(given))


def scores(t: Table, rubric: Rubric, weights: Counts | None = None) -> dict[str, float]:
    """All scores of a table by name.

    Args:
        t: the table.
        rubric: gives the names of the criteria.
        weights: how often each reply counts; default once.
    """
    w = np.ones(len(t.right)) if weights is None else weights
    right, extra, missed = w @ t.right, w @ t.extra, w @ t.missed
    seen = right + extra + missed > 0
    out = {
        "micro_f1": _f1(right.sum(), extra.sum(), missed.sum()),
        "macro_f1": float(np.mean(_f1_each(right, extra, missed)[seen])) if seen.any() else 1.0,
        "precision": float(right.sum() / max(1.0, (right + extra).sum())),
        "recall": float(right.sum() / max(1.0, (right + missed).sum())),
    }
    for k, name in enumerate(rubric.criteria):
        out[f"kappa_{name}"] = _kappa(t.labels[:, k], t.given[:, k], w)
    out["false_praise"] = float(w @ (t.given > t.labels).any(1) / w.sum())
    return out


def _f1(right: float, extra: float, missed: float) -> float:
    total = 2 * right + extra + missed
    return float(2 * right / total) if total else 1.0


def _f1_each(right: Counts, extra: Counts, missed: Counts) -> Counts:
    each: Counts = 2 * right / np.maximum(1e-9, 2 * right + extra + missed)
    return each


def _kappa(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], w: Counts) -> float:
    joint = np.zeros((len(VERDICTS), len(VERDICTS)))
    np.add.at(joint, (a, b), w)
    joint /= joint.sum()
    chance = float(joint.sum(0) @ joint.sum(1))
    return 1.0 if chance == 1 else float((np.trace(joint) - chance) / (1 - chance))


def intervals(t: Table, rubric: Rubric, seed: int = 1) -> dict[str, tuple[float, float]]:
    """The 95 % interval of every score, by drawing the replies again with replacement (percentile bootstrap).

    Args:
        t: the table.
        rubric: gives the names of the criteria.
        seed: makes it repeatable.
    """
    random = np.random.default_rng(seed)
    count = len(t.right)
    drawn = [
        scores(t, rubric, random.multinomial(count, np.full(count, 1 / count)).astype(float)) for _ in range(SAMPLES)
    ]
    return {
        name: tuple(float(x) for x in np.percentile([d[name] for d in drawn], (2.5, 97.5)))  # type: ignore[misc]
        for name in drawn[0]
    }


def any_found(replies: Sequence[Judged]) -> float:
    """The share of replies in which the judge finds anything."""
    return sum(bool(r.found) for r in replies) / len(replies)


def by_voice(replies: Sequence[Judged], rubric: Rubric) -> dict[str, dict[str, float]]:
    """The scores of each voice."""
    voices = sorted({r.labelled.voice for r in replies})
    return {v: scores(table([r for r in replies if r.labelled.voice == v], rubric), rubric) for v in voices}


@dataclass(frozen=True)
class ElementScore:
    """How well one element is found; `count` is how often it is labelled."""

    element: str
    count: int
    precision: float
    recall: float
    f1: float


def by_element(t: Table, rubric: Rubric) -> list[ElementScore]:
    """The scores of each element that was labelled or found."""
    out = []
    for name, right, extra, missed in zip(rubric.elements, t.right.sum(0), t.extra.sum(0), t.missed.sum(0)):
        if right + extra + missed:
            out.append(
                ElementScore(
                    element=name,
                    count=int(right + missed),
                    precision=float(right / (right + extra)) if right + extra else 1.0,
                    recall=float(right / (right + missed)) if right + missed else 1.0,
                    f1=_f1(right, extra, missed),
                )
            )
    return out


@dataclass(frozen=True)
class Bin:
    """Findings with a probability of about the same height: what was said, and how often it was so."""

    low: float
    count: int
    said: float
    was: float


def calibration(replies: Sequence[Judged]) -> tuple[list[Bin], float]:
    """The reliability of the probabilities in bins of equal width, and the expected calibration error.

    Those on which the labellers differed are left out.
    """
    said: list[float] = []
    was: list[bool] = []
    for r in replies:
        for element, p in r.scores.items():
            if element not in r.labelled.optional:
                said.append(p)
                was.append(element in r.labelled.elements)
    probability, so = np.array(said), np.array(was)
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    bins = [
        Bin(b / BINS, int((place == b).sum()), float(probability[place == b].mean()), float(so[place == b].mean()))
        for b in range(BINS)
        if (place == b).any()
    ]
    return bins, sum(b.count * abs(b.said - b.was) for b in bins) / len(said)


def confusions(replies: Sequence[Judged], top: int = 12) -> list[tuple[str, str, int]]:
    """The commonest pairs of an element that was missed and one that was said in the same reply; "" for none.

    Args:
        replies: what was judged.
        top: how many pairs.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for r in replies:
        missed = r.labelled.elements - r.found
        extra = r.found - r.labelled.elements - r.labelled.optional
        pairs.update((m, x) for m in missed or {""} for x in extra or {""} if m or x)
    return [(m, x, n) for (m, x), n in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))[:top]]
