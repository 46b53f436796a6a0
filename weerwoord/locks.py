"""One message of a conversation at a time, in the order of arrival: within this process, or across servers on Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol
from weakref import WeakValueDictionary

WAIT = 25.0  # seconds to wait for one's turn; a browser and the web app wait longer


class LockError(RuntimeError):
    """It did not become one's turn, or Redis is away."""


class Locks(Protocol):
    """Who may go on with a conversation."""

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn and keep it.

        Args:
            name: of what is held, a conversation.

        Raises:
            LockError: it did not become one's turn in time.
        """
        ...

    async def check(self) -> None:
        """Look whether locks can be had.

        Raises:
            LockError: they cannot.
        """
        ...


class LocksInProcess:
    """For one server: no network, no polling."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """See `Locks`."""
        lock = self._locks.setdefault(name, asyncio.Lock())
        if lock.locked():
            try:
                await asyncio.wait_for(lock.acquire(), WAIT)
            except asyncio.TimeoutError:
                raise LockError("waited too long") from None
        else:
            await lock.acquire()
        try:
            yield
        finally:
            lock.release()

    async def check(self) -> None:
        """See `Locks`."""


def locks(redis: str, prefix: str) -> Locks:
    """The locks that fit the settings.

    Args:
        redis: URL of Redis, "" for one server without it.
        prefix: tells the locks of one part of the program from those of another.
    """
    if not redis:
        return LocksInProcess()
    from weerwoord.redis_locks import LocksOnRedis  # only here: its client takes a quarter of a second to load

    return LocksOnRedis(redis, f"weerwoord:{prefix}")
