"""Progress in figures and small charts; no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from weerwoord.practice import helping_criterion
from weerwoord.rubric import VERDICTS, Rubric, Verdict
from weerwoord.situations import DISPOSITIONS
from weerwoord.store.figures import Held

SMALLEST = 5  # people in a group before any figure of it is shown
SHOWN = 24  # talks or weeks in one chart
HEIGHT, STEP, BAR = 44, 14, 10  # px of a chart, from bar to bar, of a bar
BARS: dict[Verdict, int] = {"absent": 4, "partial": 20, "clear": 40}  # px


@dataclass(frozen=True)
class Bar:
    """One bar: its place in the chart, and what it stands for."""

    x: int
    y: int
    height: int
    kind: str
    label: str


@dataclass(frozen=True)
class Chart:
    """A row of bars, the oldest first; `clear` of `count` talks were clear."""

    criterion: str
    name: str
    bars: tuple[Bar, ...]
    width: int
    clear: int
    count: int


@dataclass(frozen=True)
class Progress:
    """What talks came to.

    Attributes:
        talks: how many.
        people: of how many.
        charts: one a criterion.
        missing: elements that would have helped and were not said, the commonest first.
        pitfalls: the same of pitfalls.
    """

    talks: int
    people: int
    charts: tuple[Chart, ...]
    missing: tuple[tuple[str, int], ...]
    pitfalls: tuple[tuple[str, int], ...]


def of_person(held: Sequence[Held], rubric: Rubric) -> Progress:
    """A bar a talk."""
    return _progress(held, rubric, [_of_talks(held, c, rubric) for c in rubric.criteria])


def of_group(held: Sequence[Held], rubric: Rubric) -> Progress | None:
    """A bar a week: the share of talks that were clear; None for a group that is too small to be a crowd."""
    if len({h.person for h in held}) < SMALLEST:
        return None
    return _progress(held, rubric, [_of_weeks(held, c, rubric) for c in rubric.criteria])


def _progress(held: Sequence[Held], rubric: Rubric, charts: Iterable[Chart]) -> Progress:
    missing: Counter[str] = Counter()
    pitfalls: Counter[str] = Counter()
    for h in held:
        pitfalls.update(h.pitfalls)
        disposition = next((d for d in DISPOSITIONS if d == h.disposition), None)
        if disposition is not None:
            missing.update(rubric.missing(helping_criterion(disposition), h.said)[:1])
    return Progress(
        talks=len(held),
        people=len({h.person for h in held}),
        charts=tuple(charts),
        missing=tuple(missing.most_common(3)),
        pitfalls=tuple(pitfalls.most_common(3)),
    )


def _of_talks(held: Sequence[Held], criterion: str, rubric: Rubric) -> Chart:
    verdicts = [h.verdicts[criterion] for h in held]
    rows = [(BARS[v], v, rubric.verdict_names[v]) for v in verdicts[-SHOWN:]]
    return _chart(rows, criterion, verdicts, rubric)


def _of_weeks(held: Sequence[Held], criterion: str, rubric: Rubric) -> Chart:
    weeks: dict[date, list[Verdict]] = {}
    for h in held:
        day = date.fromtimestamp(h.at)
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(h.verdicts[criterion])
    rows = []
    for week in sorted(weeks)[-SHOWN:]:
        clear = weeks[week].count("clear")
        share = clear / len(weeks[week])
        rows.append((BARS["absent"] + round(36 * share), "clear", f"{clear}/{len(weeks[week])}"))
    return _chart(rows, criterion, [h.verdicts[criterion] for h in held], rubric)


def _chart(rows: Sequence[tuple[int, str, str]], criterion: str, verdicts: Sequence[Verdict], rubric: Rubric) -> Chart:
    bars = tuple(
        Bar(i * STEP + 2, HEIGHT - 2 - height, height, kind, label) for i, (height, kind, label) in enumerate(rows)
    )
    return Chart(
        criterion=criterion,
        name=rubric.criteria[criterion].name,
        bars=bars,
        width=max(1, len(rows)) * STEP + 4,
        clear=verdicts.count(VERDICTS[-1]),
        count=len(verdicts),
    )
