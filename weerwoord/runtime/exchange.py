"""The message that is being answered: what the channel knows of it and the store keeps with it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


class Conflict(RuntimeError):
    """Another message of the same conversation was kept in the meantime; nothing of this one was."""


class Answered(Exception):
    """The message was answered before.

    Attributes:
        replies: what was answered.
    """

    def __init__(self, replies: list[Any]) -> None:
        super().__init__()
        self.replies = replies


@dataclass(frozen=True)
class Exchange:
    """A message and what has been answered to it so far.

    Attributes:
        message: id that the browser gave it.
        replies: of the channel, which adds to them.
    """

    message: str
    replies: list[Any]


# of this task: the channel sets it, and Rasa's code between channel and store knows nothing of it
CURRENT: ContextVar[Exchange | None] = ContextVar("exchange", default=None)
