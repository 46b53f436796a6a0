"""How far the judge agrees with coaches, and coaches with each other; pure functions on their reviews.

A review is a coach's list of the elements in one reply, beside the judge's. Kappa is on the verdict of a criterion
(absent, partial, clear), precision and recall on its elements. Source: Cohen 1960 (kappa).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import combinations

from weerwoord.rubric import VERDICTS, Rubric
from weerwoord.store.reviews import Correction

ENOUGH = 30  # reviews; with fewer a figure says little


@dataclass(frozen=True)
class Agreement:
    """Agreement on one criterion, or on the pitfalls.

    Attributes:
        name: identifier of the criterion, or `pitfall`.
        count: reviews, or pairs of reviews.
        precision: share of the elements of the one that the other names too; None when there are none.
        recall: the same the other way round.
        kappa: of the verdicts, beyond chance; None when all verdicts are the same one.
    """

    name: str
    count: int
    precision: float | None
    recall: float | None
    kappa: float | None


Pair = tuple[frozenset[str], frozenset[str]]


def of_judge(corrections: Sequence[Correction], rubric: Rubric) -> list[Agreement]:
    """The judge against coaches, by criterion: precision is how often the coach leaves an element standing."""
    return _agreement([(c.judged, c.elements) for c in corrections], rubric)


def of_coaches(corrections: Iterable[Correction], rubric: Rubric) -> list[Agreement]:
    """Coaches against each other, where two reviewed the same turn; the one with the lower number comes first."""
    return _agreement(_pairs(corrections), rubric)


def by_month(corrections: Sequence[Correction], rubric: Rubric) -> dict[str, list[Agreement]]:
    """The judge against coaches, by month of the review (UTC)."""
    months: dict[str, list[Correction]] = {}
    for c in sorted(corrections, key=lambda c: c.at):
        months.setdefault(datetime.fromtimestamp(c.at, timezone.utc).strftime("%Y-%m"), []).append(c)
    return {month: of_judge(some, rubric) for month, some in months.items()}


def _pairs(corrections: Iterable[Correction]) -> list[Pair]:
    turns: dict[tuple[int, int], list[Correction]] = {}
    for c in corrections:
        turns.setdefault((c.talk, c.number), []).append(c)
    return [
        (one.elements, other.elements)
        for some in turns.values()
        for one, other in combinations(sorted(some, key=lambda c: c.coach), 2)
    ]


def _agreement(pairs: Sequence[Pair], rubric: Rubric) -> list[Agreement]:
    told = []
    for name in (*rubric.criteria, "pitfall"):
        kind = frozenset(rubric.of_kind(name))
        given = sum(len(one & kind) for one, _ in pairs)
        wanted = sum(len(other & kind) for _, other in pairs)
        both = sum(len(one & other & kind) for one, other in pairs)
        told.append(
            Agreement(
                name=name,
                count=len(pairs),
                precision=both / given if given else None,
                recall=both / wanted if wanted else None,
                kappa=kappa([(_verdict(one, name, rubric), _verdict(other, name, rubric)) for one, other in pairs]),
            )
        )
    return told


def _verdict(elements: frozenset[str], name: str, rubric: Rubric) -> int:
    if name in rubric.criteria:
        return VERDICTS.index(rubric.criteria[name].verdict(elements))
    return int(bool(elements & frozenset(rubric.of_kind(name))))


def kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa of two raters.

    Args:
        pairs: what each said of the same thing.

    Returns:
        1 for full agreement, 0 for what chance gives; None without pairs, or when both only ever said the same one
        thing.

    >>> kappa([(0, 0), (1, 1), (0, 1), (1, 1)])
    0.5
    """
    count = len(pairs)
    if not count:
        return None
    said = {value for pair in pairs for value in pair}
    if len(said) == 1:
        return None
    same = sum(one == other for one, other in pairs) / count
    chance = sum(sum(a == v for a, _ in pairs) * sum(b == v for _, b in pairs) for v in said) / count**2
    return (same - chance) / (1 - chance)


def section(corrections: Sequence[Correction], rubric: Rubric) -> list[str]:
    """The part of the report about coaches, as Markdown; empty without reviews."""
    if not corrections:
        return []
    turns = {(c.talk, c.number) for c in corrections}
    lines = [
        "## Coaches and the judge",
        "",
        f"{len(corrections)} reviews of {len(turns)} replies by {len({c.coach for c in corrections})} coaches, who",
        "confirmed or corrected what the judge had found in real talks. Kappa is on the verdict of the criterion (for",
        "pitfalls: any or none); precision and recall are on its elements, the coach's list being right.",
        "",
    ]
    if len(corrections) < ENOUGH:
        lines += [f"Fewer than {ENOUGH} reviews: these figures say little yet.", ""]
    lines += ["| criterion | reviews | precision | recall | kappa |", "| --- | --- | --- | --- | --- |"]
    lines += [_row(f"`{a.name}`", a) for a in of_judge(corrections, rubric)]
    months = by_month(corrections, rubric)
    if len(months) > 1:
        lines += ["", "By month:", "", "| month | criterion | reviews | precision | recall | kappa |"]
        lines += ["| --- | --- | --- | --- | --- | --- |"]
        lines += [_row(f"{month} | `{a.name}`", a) for month, some in months.items() for a in some]
    pairs = of_coaches(corrections, rubric)
    if pairs[0].count:
        lines += ["", "Where two coaches reviewed the same reply, the one against the other:", ""]
        lines += ["| criterion | pairs | precision | recall | kappa |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(f"`{a.name}`", a) for a in pairs]
    return [*lines, ""]


def _row(first: str, a: Agreement) -> str:
    cells = (_figure(x) for x in (a.precision, a.recall, a.kappa))
    return f"| {first} | {a.count} | {' | '.join(cells)} |"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
