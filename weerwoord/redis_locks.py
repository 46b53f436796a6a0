"""Locks across servers, on Redis: see `weerwoord.locks`."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from weerwoord.locks import WAIT, LockError

LIFETIME = 3.0  # seconds after which a server that died holds nothing any more
RENEW = 1.0  # seconds between signs of life
LOOK = 0.5  # seconds after which who waits looks whether those before him still live
RESTART = 4.0  # seconds that Redis may be away before somebody is told

_log = logging.getLogger(__name__)

# Of each lock Redis holds a queue of tickets, a sign of life of each ticket, and a list by which a ticket is woken. All
# keys of a lock carry the same {tag}, so that they live on the same node of a cluster.
# KEYS: queue. ARGV: prefix of signs of life, ticket, lifetime in ms. Returns 1 when it is this ticket's turn.
_TAKE = """
redis.call('SET', ARGV[1] .. ARGV[2], 1, 'PX', ARGV[3])
if not redis.call('LPOS', KEYS[1], ARGV[2]) then redis.call('RPUSH', KEYS[1], ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], 20 * ARGV[3])
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if first == ARGV[2] then return 1 end
  if redis.call('EXISTS', ARGV[1] .. first) == 1 then return 0 end
  redis.call('LPOP', KEYS[1])
end
"""
# KEYS: queue. ARGV: prefix of signs of life, ticket, lifetime in ms, prefix of what wakes. Returns 1 when it was held.
_LEAVE = """
local held = redis.call('LREM', KEYS[1], 1, ARGV[2])
redis.call('DEL', ARGV[1] .. ARGV[2], ARGV[4] .. ARGV[2])
local first = redis.call('LINDEX', KEYS[1], 0)
if first then
  redis.call('RPUSH', ARGV[4] .. first, 1)
  redis.call('PEXPIRE', ARGV[4] .. first, ARGV[3])
end
return held
"""


class LocksOnRedis:
    """For several servers: a fair queue in Redis, changed only by scripts that run as a whole.

    Who leaves wakes the next. A server that dies stops giving signs of life, and those behind it go on. When Redis is
    emptied two may hold the same lock for a moment: the database refuses the second (`Conflict`).

    Args:
        url: of Redis.
        prefix: of all keys.
    """

    def __init__(self, url: str, prefix: str) -> None:
        self._redis: Redis[bytes] = Redis.from_url(url, socket_timeout=RESTART, socket_connect_timeout=1)
        self._prefix = prefix
        self._take = self._redis.register_script(_TAKE)
        self._leave = self._redis.register_script(_LEAVE)

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """See `Locks`."""
        # a conversation is named by its secret number, which Redis need not know
        lock = f"{self._prefix}:{{{hashlib.sha256(name.encode()).hexdigest()[:32]}}}"
        ticket = secrets.token_hex(8)
        try:
            await self._wait(lock, ticket)
            alive = asyncio.create_task(self._live(f"{lock}:alive:{ticket}"))
            try:
                yield
            finally:
                alive.cancel()
        finally:
            with contextlib.suppress(RedisError, OSError):
                held = await self._leave(
                    keys=[f"{lock}:queue"],
                    args=[f"{lock}:alive:", ticket, _ms(LIFETIME), f"{lock}:wake:"],
                )
                if not held:
                    _log.warning("a lock was lost before its end")

    async def _wait(self, lock: str, ticket: str) -> None:
        clock = asyncio.get_running_loop().time
        limit, away_since = clock() + WAIT, None
        while clock() < limit:
            try:
                args = [f"{lock}:alive:", ticket, _ms(LIFETIME)]
                if await self._take(keys=[f"{lock}:queue"], args=args):
                    return
                await self._redis.blpop([f"{lock}:wake:{ticket}"], timeout=LOOK)
                away_since = None
            except (RedisError, OSError) as error:
                away_since = away_since or clock()
                if clock() - away_since > RESTART:
                    raise LockError("Redis is away") from error
                await asyncio.sleep(0.1)
        raise LockError("waited too long")

    async def _live(self, key: str) -> None:
        while True:
            await asyncio.sleep(RENEW)
            with contextlib.suppress(RedisError, OSError):
                await self._redis.pexpire(key, _ms(LIFETIME))

    async def check(self) -> None:
        """See `Locks`."""
        try:
            await self._redis.ping()
        except (RedisError, OSError) as error:
            raise LockError("Redis is away") from error


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
