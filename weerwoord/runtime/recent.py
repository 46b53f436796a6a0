"""The conversations of the last minutes, kept in memory so that a turn does not read what it wrote itself."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from rasa.shared.core.events import Event

LIMIT = 256  # conversations, about 0.1 MB each


@dataclass(frozen=True)
class Kept:
    """A conversation between two turns.

    Attributes:
        events: what the next turn needs of it.
        last: number of the newest event that was in the database then.
    """

    events: tuple[Event, ...]
    last: int


class Recent:
    """The conversations that were used last.

    Another server may have gone on with one since, or deleted it: compare `last` with the database.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def get(self, sender: str) -> Kept | None:
        """A conversation, None when it is not there."""
        kept = self._kept.get(sender)
        if kept is not None:
            self._kept.move_to_end(sender)
        return kept

    def put(self, sender: str, events: Sequence[Event], last: int) -> None:
        """Keep a conversation; the one that was used longest ago gives way."""
        self._kept[sender] = Kept(tuple(events), last)
        self._kept.move_to_end(sender)
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def drop(self, sender: str) -> None:
        """Forget a conversation."""
        self._kept.pop(sender, None)
