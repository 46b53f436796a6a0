"""Drills: one line of a partner, one answer, and when it comes back.

An exercise is a line with something to practise on it: a criterion, the pitfalls, or one element that was missing
before. When it comes back is decided by FSRS, a spaced repetition algorithm (Ye, Su and Cao 2022,
doi:10.1145/3534678.3539081), with the parameters of its library.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from fsrs import Card, Rating, Scheduler

from weerwoord.judge import Finding, Judgement
from weerwoord.rubric import Rubric, Verdict
from weerwoord.scenario import Scenario
from weerwoord.situations import Disposition

PITFALL = "pitfall"  # the kind of element that is practised by leaving it out
# The openings on which a focus is the answer that helps.
FITS: Mapping[str, tuple[Disposition, ...]] = {
    "goal": ("mistaken",),
    "reschedule": ("pressed",),
    "pitch": ("reluctant",),
    PITFALL: ("unwinnable", "mistaken"),
}
# The model sentence that helps with each disposition, for exercises in which anything good may be said.
_HELPS: Mapping[Disposition, str] = {
    "mistaken": "goal",
    "pressed": "reschedule",
    "reluctant": "pitch",
    "unwinnable": "close",
}
_GRADES: Mapping[Verdict, int] = {"absent": Rating.Again, "partial": Rating.Hard, "clear": Rating.Good}
_SCHEDULER = Scheduler(enable_fuzzing=False)  # chance would make a seed useless
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Exercise:
    """A line to answer.

    Attributes:
        focus: a criterion, `pitfall`, or an element.
        partner: identifier of who says it.
        disposition: his hidden truth.
        line: what he says.
    """

    focus: str
    partner: str
    disposition: Disposition
    line: str

    @property
    def key(self) -> Key:
        """What its card is kept under; a line that was rewritten is a new exercise."""
        return self.focus, self.partner, self.line


@dataclass(frozen=True)
class Assessment:
    """What an answer to an exercise was worth.

    Attributes:
        verdict: on the focus alone.
        counted: findings that count for the focus.
        pitfalls: pitfalls stepped in.
        missing: elements that would have helped.
        doubtful: findings among these that the judge is not sure of.
    """

    verdict: Verdict
    counted: tuple[Finding, ...]
    pitfalls: tuple[Finding, ...]
    missing: tuple[str, ...]
    doubtful: tuple[Finding, ...]


def exercises(
    partners: Iterable[Scenario], focuses: Iterable[str], disposition: Disposition | None = None
) -> tuple[Exercise, ...]:
    """Every exercise on the openings of these partners.

    Args:
        partners: who can speak.
        focuses: criteria, or `pitfall`.
        disposition: take the openings of this one; else those that fit the focus.
    """
    everyone = tuple(partners)
    return tuple(
        Exercise(focus, partner.id, hidden, line)
        for focus in focuses
        for partner in everyone
        for hidden in ((disposition,) if disposition else FITS[focus])
        for line in partner.openings[hidden]
    )


def with_elements(pool: tuple[Exercise, ...], known: Collection[Key], rubric: Rubric) -> tuple[Exercise, ...]:
    """The pool with the exercises on one element that earlier answers gave rise to."""
    single = (replace(e, focus=element) for e in pool for element in rubric.of_kind(e.focus))
    return (*pool, *(e for e in single if e.key in known))


def choose(
    pool: tuple[Exercise, ...], cards: Mapping[Key, Card], now: datetime, rng: Random, last: Exercise | None = None
) -> Exercise:
    """The next exercise: what is due, else something new, else what is due first.

    Args:
        pool: what there is to choose from, at least one.
        cards: what was practised before.
        now: with a time zone.
        rng: chooses what is new.
        last: the exercise before; neither its line nor, when it can be helped, its focus is taken again.
    """
    free = [e for e in pool if last is None or e.line != last.line] or list(pool)
    known = sorted((e for e in free if e.key in cards), key=lambda e: cards[e.key].due)
    if known and cards[known[0].key].due <= now:
        return known[0]
    new = [e for e in free if e.key not in cards]
    if not new:
        return known[0]
    focuses = sorted({e.focus for e in new})
    others = [f for f in focuses if last is None or f != last.focus] or focuses
    focus = rng.choice(others)
    return rng.choice([e for e in new if e.focus == focus])


def assess(exercise: Exercise, judgement: Judgement, rubric: Rubric) -> Assessment:
    """What a judged answer is worth for an exercise."""
    pitfalls = tuple(f for f in judgement.found if rubric.elements[f.element].kind == PITFALL)
    focus = exercise.focus
    missing: tuple[str, ...] = ()
    if focus in rubric.criteria:
        counted = tuple(f for f in judgement.found if rubric.elements[f.element].kind == focus)
        missing = rubric.missing(focus, judgement.elements)
        verdict = rubric.criteria[focus].verdict(judgement.elements)
    elif focus == PITFALL:
        counted = tuple(f for f in judgement.found if f not in pitfalls)
        said = {f.element for f in counted} - {"greet"}
        verdict = "absent" if pitfalls else "clear" if said else "partial"
    else:
        counted = tuple(f for f in judgement.found if f.element == focus)
        missing = () if counted else (focus,)
        verdict = "clear" if counted else "absent"
    doubtful = tuple(f for f in judgement.doubtful if f.element in missing)
    return Assessment(verdict, counted, pitfalls, missing, doubtful)


def reviewed(
    exercise: Exercise, found: Assessment, cards: Mapping[Key, Card], now: datetime, *, helped: bool
) -> dict[Key, Card]:
    """The cards that change by an answer.

    When a criterion was half clear, what was missing first becomes an exercise of its own, due at once.

    Args:
        exercise: what was asked.
        found: what the answer was worth.
        cards: what was practised before.
        now: with a time zone.
        helped: it came too late or after a hint, so it must come back sooner.
    """
    stepped_in = bool(found.pitfalls) and exercise.focus != PITFALL
    grade = Rating(max(Rating.Again, _GRADES[found.verdict] - stepped_in - helped))
    card, _ = _SCHEDULER.review_card(cards.get(exercise.key, _new(now)), grade, now)
    changed = {exercise.key: card}
    if found.verdict == "partial" and found.missing:
        changed[replace(exercise, focus=found.missing[0]).key] = _new(now)
    return changed


def _new(now: datetime) -> Card:
    return Card(card_id=0, due=now)  # the key tells cards apart


def example(exercise: Exercise, scenario: Scenario, rubric: Rubric) -> str:
    """A model sentence for an exercise."""
    focus = exercise.focus
    kind = rubric.elements[focus].kind if focus in rubric.elements else focus
    return scenario.examples[kind if kind in rubric.criteria else _HELPS[exercise.disposition]]


def hint(exercise: Exercise, scenario: Scenario, rubric: Rubric, asked: int) -> str:
    """A nudge for an exercise.

    Args:
        exercise: what was asked.
        scenario: who says the line.
        rubric: where the nudges stand.
        asked: how many were asked before; after the last one the model sentence follows.
    """
    focus = exercise.focus
    if focus in rubric.criteria:
        wanted = rubric.missing(focus, ())[:2]
    else:
        wanted = ("accept_brushoff",) if focus == PITFALL else (focus,)
    if asked < len(wanted):
        return rubric.elements[wanted[asked]].hint.format(**scenario.pronouns)
    return example(exercise, scenario, rubric)
