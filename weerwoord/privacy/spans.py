"""Where personal data stands in a text, and of what kind it is."""

from __future__ import annotations

from collections.abc import Iterator
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


class Found:
    """Spans of one text that do not overlap: what was found first, stays.

    Args:
        length: of the text, in characters.
    """

    def __init__(self, length: int) -> None:
        self._spans: list[Span] = []
        self._taken = bytearray(length)

    def add(self, span: Span) -> None:
        """Add one, unless something was found there already."""
        if self.free(span.start, span.end):
            self._spans.append(span)
            self._taken[span.start : span.end] = b"\1" * (span.end - span.start)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing was found in this stretch."""
        return not any(self._taken[start:end])

    def __iter__(self) -> Iterator[Span]:
        return iter(sorted(self._spans))
