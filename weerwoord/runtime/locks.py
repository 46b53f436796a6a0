"""Rasa's lock store on our locks: in this process, or on Redis when the settings name one.

Rasa's own store on Redis reads, changes and writes its tickets in three steps, so that two servers lose messages of the
same conversation; and it looks only once a second whether it is its turn.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LockStore

from weerwoord import metrics
from weerwoord.locks import locks
from weerwoord.settings import settings


class PracticeLockStore(LockStore):  # type: ignore[misc]
    """One message of a conversation at a time, in the order of arrival.

    Raises:
        LockError: it did not become the message's turn, or Redis is away.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        self.locks = locks(settings().redis, "turn")

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[None]:
        """Hold a conversation; Rasa's own lifetime and pause mean nothing here."""
        asked = time.perf_counter()
        async with self.locks.hold(conversation_id):
            metrics.LOCK_WAIT.observe(time.perf_counter() - asked)
            yield
