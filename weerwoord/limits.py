"""How often somebody may ask: counted in this process, or across servers on Redis."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from weerwoord.rate import Rate

REMEMBERED = 50_000  # names in the memory of one process

_log = logging.getLogger(__name__)


# The same as Rate.take, on the clock of Redis. KEYS: name. ARGV: gap, period, in seconds; 0 only to look. Returns the
# wait in ms.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local after = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + ARGV[1]
local wait = after - now - ARGV[2]
if wait > 0.000001 then return math.ceil(wait * 1000) end
if ARGV[3] == '0' then return 0 end
redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000))
return 0
"""


class Limits:
    """Counts by name.

    When Redis is away each process counts for itself: nobody is refused because of that.

    Args:
        redis: URL of Redis, "" to count in this process.
        clock: seconds that only go up, for tests.
    """

    def __init__(self, redis: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._full_until: OrderedDict[str, float] = OrderedDict()
        self._take_there: Any = None
        if redis:
            from redis.asyncio import Redis  # only here: it takes a quarter of a second to load
            from redis.exceptions import RedisError

            client: Redis[bytes] = Redis.from_url(redis, socket_timeout=0.5, socket_connect_timeout=0.5)
            self._take_there = client.register_script(_TAKE)
            self._away: tuple[type[Exception], ...] = (RedisError, OSError)

    async def take(self, name: str, rate: Rate, count: bool = True) -> float:
        """Count one.

        Args:
            name: of who asks; kept as a hash.
            rate: what is allowed to him.
            count: False only to look.

        Returns:
            How many seconds to wait before asking again; 0 when it is allowed now.
        """
        key = "weerwoord:limit:" + hashlib.sha256(name.encode()).hexdigest()[:32]
        if self._take_there is not None:
            try:
                return int(await self._take_there(keys=[key], args=[rate.gap, rate.seconds, int(count)])) / 1000
            except self._away as error:
                _log.warning("limits without Redis: %s", type(error).__name__)
        return self._take_here(key, rate, count)

    def _take_here(self, key: str, rate: Rate, count: bool) -> float:
        full_until, wait = rate.take(self._full_until.get(key, 0.0), self._clock())
        if not count:
            return wait
        self._full_until[key] = full_until
        self._full_until.move_to_end(key)
        while len(self._full_until) > REMEMBERED:
            self._full_until.popitem(last=False)
        return wait


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network, because a home or an office has as many as it likes."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def is_here(address: str) -> bool:
    """Whether an address is this machine's own: its only user, or a proxy that the settings do not know."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
