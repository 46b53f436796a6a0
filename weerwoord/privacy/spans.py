"""Where personal data stands in a text, and of what kind it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["person", "organisation", "place", "phone", "email", "address", "number", "birth", "account"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, order=True)
class Span:
    """Personal data in a text.

    Attributes:
        start: offset in characters.
        end: offset just behind it.
        kind: what it is.
        own: True when people give it as their own ("ik ben ..."): never left alone.
    """

    start: int
    end: int
    kind: Kind
    own: bool = False

    def overlaps(self, start: int, end: int) -> bool:
        """Whether it shares a character with another stretch of the text."""
        return self.start < end and start < self.end


class Found:
    """Spans that do not overlap: what was found first, stays."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: list[Span] = []
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        """Add one, unless something was found there already."""
        if self.free(span.start, span.end):
            self._spans.append(span)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing was found in this stretch."""
        return not any(span.overlaps(start, end) for span in self._spans)

    def __iter__(self) -> Iterator[Span]:
        return iter(sorted(self._spans))
