"""The rubric as data: which elements a reply can have and which verdicts they make (`rubric.yml`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from weerwoord import quick_yaml
from weerwoord.settings import settings

Verdict = Literal["absent", "partial", "clear"]
VERDICTS: tuple[Verdict, ...] = ("absent", "partial", "clear")


class RubricError(ValueError):
    """`rubric.yml` cannot be used; the message says why."""


@dataclass(frozen=True)
class Element:
    """One thing that a reply can do.

    Attributes:
        id: identifier, as used in data, code and evaluation files.
        kind: `goal`, `reschedule`, `pitch`, `conversation` or `pitfall`.
        name: short Dutch label.
        missing: Dutch sentence for when it would have helped.
        hint: Dutch nudge that does not give the sentence away.
        why: for a pitfall, why it does not help; else empty.
    """

    id: str
    kind: str
    name: str
    missing: str
    hint: str
    why: str = ""


@dataclass(frozen=True)
class Criterion:
    """One of the three criteria, with the rule that turns elements into a verdict."""

    id: str
    name: str
    tip: int
    why: str
    clear_all: frozenset[str]
    clear_any: frozenset[str]
    clear_at_least: int
    partial_any: frozenset[str]
    spoken: Mapping[str, str]

    def verdict(self, elements: Collection[str]) -> Verdict:
        """The verdict on a set of elements (rubric, "Verdict")."""
        found = set(elements)
        if self.clear_all <= found and len(self.clear_any & found) >= self.clear_at_least:
            return "clear"
        return "partial" if self.partial_any & found else "absent"


@dataclass(frozen=True)
class DispositionText:
    """What we tell about a partner's hidden disposition after the talk."""

    level: int
    name: str
    truth: str
    works: str


@dataclass(frozen=True)
class OutcomeText:
    """What we tell about the way a talk ended, and the one next step."""

    name: str
    next: str


@dataclass(frozen=True)
class Rubric:
    """All elements and criteria, in the order of the file, and what we say after a talk."""

    elements: Mapping[str, Element]
    criteria: Mapping[str, Criterion]
    verdict_names: Mapping[str, str]
    dispositions: Mapping[str, DispositionText]
    outcomes: Mapping[str, OutcomeText]

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Identifiers of the elements of one kind, in the order of the file."""
        return tuple(e.id for e in self.elements.values() if e.kind == kind)

    def verdicts(self, elements: Iterable[str]) -> dict[str, Verdict]:
        """The verdict of each criterion on a set of elements."""
        found = set(elements)
        return {c.id: c.verdict(found) for c in self.criteria.values()}

    def missing(self, criterion: str, elements: Collection[str]) -> tuple[str, ...]:
        """The elements that would lift the verdict on a criterion to `clear`.

        Returns an empty tuple when it is clear already; otherwise first what cannot be missed, then the choices.
        """
        rule = self.criteria[criterion]
        if rule.verdict(elements) == "clear":
            return ()
        order = self.of_kind(criterion)
        needed = [e for e in order if e in rule.clear_all and e not in elements]
        short = len(rule.clear_any & set(elements)) < rule.clear_at_least
        choice = [e for e in order if short and e in rule.clear_any and e not in elements]
        return (*needed, *choice)


def better(a: Verdict, b: Verdict) -> Verdict:
    """The better of two verdicts."""
    return max(a, b, key=VERDICTS.index)


def _criterion(name: str, data: Mapping[str, Any]) -> Criterion:
    clear = data["clear"]
    return Criterion(
        id=name,
        name=data["name"],
        tip=data["tip"],
        why=data["why"],
        clear_all=frozenset(clear["all"]),
        clear_any=frozenset(clear["any"]),
        clear_at_least=clear["at_least"],
        partial_any=frozenset(data["partial"]["any"]),
        spoken=data["spoken"],
    )


def read_rubric(path: Path) -> Rubric:
    """Read a rubric file.

    Raises:
        RubricError: a field is missing, or a criterion names an element that is not there.
    """
    data = cast(dict[str, Any], quick_yaml.load(path.read_text(encoding="utf-8")))
    try:
        elements = {name: Element(id=name, **fields) for name, fields in data["elements"].items()}
        criteria = {name: _criterion(name, fields) for name, fields in data["criteria"].items()}
        names = data["verdicts"]
        dispositions = {k: DispositionText(**v) for k, v in data["dispositions"].items()}
        outcomes = {k: OutcomeText(**v) for k, v in data["outcomes"].items()}
    except (KeyError, TypeError) as error:
        raise RubricError(f"{path.name}: {error}") from error
    for c in criteria.values():
        for unknown in (c.clear_all | c.clear_any | c.partial_any) - set(elements):
            raise RubricError(f"{path.name}: criterion {c.id!r} names {unknown!r}, which is no element")
    return Rubric(
        elements=elements,
        criteria=criteria,
        verdict_names=names,
        dispositions=dispositions,
        outcomes=outcomes,
    )


@lru_cache(maxsize=1)
def rubric() -> Rubric:
    """The rubric of this installation."""
    return read_rubric(settings().rubric)
