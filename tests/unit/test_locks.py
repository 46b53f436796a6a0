"""One at a time, in the order of arrival, whoever waits where; and on past those who died."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
import redis

from weerwoord import locks as in_process
from weerwoord import redis_locks
from weerwoord.locks import LockError, Locks, LocksInProcess
from weerwoord.redis_locks import LocksOnRedis

REDIS = "redis://127.0.0.1:6379/9"


@pytest.fixture
def prefix() -> Iterator[str]:
    """Keys of the test's own on the Redis of this machine; skips the test where there is none."""
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        client.ping()
    except redis.RedisError:
        pytest.skip("no Redis on 127.0.0.1:6379")
    name = f"test-{id(client)}"
    yield name
    for key in client.scan_iter(f"{name}*"):
        client.delete(key)


Servers = Callable[[], Locks]


@pytest.fixture(params=["process", "redis"])
def server(request: pytest.FixtureRequest) -> Servers:
    """Makes what each server has; those within a process are one server."""
    if request.param == "redis":
        prefix = request.getfixturevalue("prefix")
        return lambda: LocksOnRedis(REDIS, prefix)
    one = LocksInProcess()
    return lambda: one


def queued() -> int:
    """How many have a ticket on Redis."""
    client = redis.Redis.from_url(REDIS)
    return sum(client.llen(key) for key in client.scan_iter("test-*:queue"))


def test_no_two_at_once_and_first_come_first_served(server: Servers) -> None:
    came: list[int] = []
    inside = 0

    async def one(locks: Locks, number: int, all_there: asyncio.Event) -> None:
        nonlocal inside
        async with locks.hold("talk"):
            inside += 1
            await all_there.wait()
            await asyncio.sleep(0.002)
            assert inside == 1
            came.append(number)
            inside -= 1

    async def run() -> None:
        servers = [server() for _ in range(3)]
        on_redis = isinstance(servers[0], LocksOnRedis)
        all_there = asyncio.Event()
        waiting = []
        for number in range(12):
            waiting.append(asyncio.create_task(one(servers[number % 3], number, all_there)))
            await asyncio.sleep(0)
            while on_redis and queued() <= number:
                await asyncio.sleep(0.005)
        all_there.set()
        await asyncio.gather(*waiting)

    asyncio.run(run())
    assert came == list(range(12))


def test_another_conversation_does_not_wait(server: Servers) -> None:
    async def run() -> None:
        locks = server()
        async with locks.hold("one"), locks.hold("two"):
            pass

    asyncio.run(asyncio.wait_for(run(), 5))


def test_who_waits_too_long_is_told_and_leaves_no_trace(server: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (in_process, redis_locks):
        monkeypatch.setattr(module, "WAIT", 0.2)

    async def run() -> None:
        locks = server()
        async with locks.hold("talk"):
            with pytest.raises(LockError):
                async with locks.hold("talk"):
                    raise AssertionError
        async with locks.hold("talk"):
            pass

    asyncio.run(run())


def test_a_fault_inside_lets_the_next_in(server: Servers) -> None:
    async def run() -> None:
        locks = server()
        with pytest.raises(ZeroDivisionError):
            async with locks.hold("talk"):
                raise ZeroDivisionError
        async with locks.hold("talk"):
            pass

    asyncio.run(run())


async def _dies(prefix: str) -> object:
    """Take a lock as a server that is killed then: it neither leaves nor gives signs of life."""
    holding = LocksOnRedis(REDIS, prefix).hold("talk")
    await holding.__aenter__()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    return holding


def test_one_goes_on_past_a_server_that_died(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_locks, "LIFETIME", 0.5)

    async def run() -> float:
        dead = await _dies(prefix)  # kept, because what is thrown away is left in good order
        clock = asyncio.get_running_loop().time
        began = clock()
        async with LocksOnRedis(REDIS, prefix).hold("talk"):
            assert dead
            return clock() - began

    assert 0.2 < asyncio.run(run()) < 3


def test_who_holds_longer_than_the_lifetime_keeps_it(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_locks, "LIFETIME", 1.0)
    monkeypatch.setattr(redis_locks, "RENEW", 0.1)
    order: list[str] = []

    async def second() -> None:
        async with LocksOnRedis(REDIS, prefix).hold("talk"):
            order.append("second")

    async def run() -> None:
        async with LocksOnRedis(REDIS, prefix).hold("talk"):
            other = asyncio.create_task(second())
            await asyncio.sleep(2.5)
            order.append("first")
        await other

    asyncio.run(run())
    assert order == ["first", "second"]


def test_nothing_is_left_in_redis(prefix: str) -> None:
    async def run() -> None:
        async with LocksOnRedis(REDIS, prefix).hold("secret-number-of-a-talk"):
            kept = list(redis.Redis.from_url(REDIS).scan_iter(f"{prefix}*"))
            assert kept and not any(b"secret" in key for key in kept)

    asyncio.run(run())
    assert list(redis.Redis.from_url(REDIS).scan_iter(f"{prefix}*")) == []


def test_no_redis_is_an_error_that_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_locks, "RESTART", 0.2)

    async def run() -> None:
        away = LocksOnRedis("redis://127.0.0.1:1/0", "test")
        with pytest.raises(LockError):
            await away.check()
        with pytest.raises(LockError):
            async with away.hold("talk"):
                raise AssertionError

    asyncio.run(run())
