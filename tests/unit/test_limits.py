"""So often and no more, each for himself, counted the same in the process and on Redis."""

from __future__ import annotations

import asyncio
import secrets

import pytest
import redis

from weerwoord.limits import Limits, is_here, network_of
from weerwoord.rate import Rate

REDIS = "redis://127.0.0.1:6379/9"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_one_by_one() -> None:
    clock, rate = Clock(), Rate(5, 10.0)
    limits = Limits(clock=clock)

    def take(who: str = "one") -> float:
        return asyncio.run(limits.take(who, rate))

    assert [take() for _ in range(5)] == [0.0] * 5
    assert take() == pytest.approx(2.0)
    assert take("another") == 0.0
    clock.now += 2.0
    assert take() == 0.0 and take() > 0
    clock.now += 100.0
    assert [take() > 0 for _ in range(6)] == [False] * 5 + [True]


@pytest.mark.parametrize("url", ["", REDIS])
def test_looking_counts_nothing(url: str) -> None:
    if url:
        on_redis()
    limits, rate = Limits(url), Rate(1, 60.0)
    who = secrets.token_hex(8)

    async def run() -> list[bool]:
        look = [await limits.take(who, rate, count=False) > 0 for _ in range(3)]
        await limits.take(who, rate)
        return [*look, await limits.take(who, rate, count=False) > 0]

    assert asyncio.run(run()) == [False, False, False, True]


def on_redis() -> None:
    """Skips the test where there is no Redis."""
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError:
        pytest.skip("no Redis on 127.0.0.1:6379")


def test_two_servers_count_together_on_redis() -> None:
    on_redis()
    rate, who = Rate(4, 60.0), f"somebody {secrets.token_hex(8)}"

    async def run() -> list[float]:
        servers = [Limits(REDIS), Limits(REDIS)]
        return [await servers[n % 2].take(who, rate) for n in range(5)]

    *taken, last = asyncio.run(run())
    assert taken == [0.0] * 4 and 10 < last <= 15


def test_without_redis_each_counts_for_itself() -> None:
    async def run() -> list[float]:
        limits = Limits("redis://127.0.0.1:1/0")
        return [await limits.take("somebody", Rate(1, 60.0)) for _ in range(2)]

    first, second = asyncio.run(run())
    assert first == 0.0 and second > 0


@pytest.mark.parametrize(
    ("address", "network", "here"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "::/64", True),
        ("203.0.113.9", "203.0.113.9", False),
        ("2001:db8::1", "2001:db8::/64", False),
        ("2001:db8::ffff:1", "2001:db8::/64", False),
        ("testclient", "testclient", False),
    ],
)
def test_what_counts_as_one_address(address: str, network: str, here: bool) -> None:
    assert network_of(address) == network and is_here(address) == here
