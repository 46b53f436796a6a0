"""Random and hostile messages, too many requests, and many talks at once."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.hostile import values
from tests.services.machines import LONG, Cluster, Machine, PostgreSQL, RedisServer, running
from tests.services.talkers import Talker, client
from weerwoord.messages import message
from weerwoord.web.common import COOKIE

pytestmark = pytest.mark.services
MESSAGES = int(os.environ.get("WEERWOORD_TEST_MESSAGES", "10000")) if LONG else 120
AT_ONCE = 8
GROWTH = 60.0  # MiB, over all messages: caches that fill, not something that is kept of each message

_NASTY = [
    "/start_practice", '/start_practice{"partner": "../../etc/passwd"}', '/start_practice{"seed": 1e999}', "/restart",
    "/session_start", "/back", '/consent{"coach_may_read": {"a": [1]}}', "EXTERNAL: x", "/hint", "/try_again{}",
    '/try_again{"turn": -1}', '/try_again{"turn": "١"}', "/stop", "/debrief", "/share_experience", "/practise_own",
    "'; DROP TABLE events; --", "<script>alert(1)</script>", "{{7*7}} ${jndi:ldap://x} %n%s", "\u202e\u2066abc",
    "🏳️‍🌈" * 200, "a" * 1999, "ja " * 600, "\ud83d", "\x00\x01\x7f", "/" * 500, "[" * 1500, "{" * 1500, "\n" * 900,
    "Ik kom niet om te solliciteren, ik wil graag uw advies.", "Kan het dinsdag om tien uur?", "É́́́́" * 300,
]  # fmt: skip
_TEXT = st.one_of(st.text(max_size=300), st.sampled_from(_NASTY), st.text(alphabet='/{}":,[]\\ae1', max_size=80))
_JSON = values(_TEXT)
_BODY = st.one_of(
    st.fixed_dictionaries({"text": _TEXT, "payload": st.booleans()}),
    st.fixed_dictionaries({"text": _TEXT}, optional={"payload": _JSON, "id": _JSON, "extra": _JSON}),
    _JSON,
)


def hostile(count: int) -> list[bytes]:
    """So many bodies, always the same."""
    made: list[bytes] = []

    @seed(7)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(_BODY.map(_as_json), st.binary(max_size=200)))
    def collect(body: bytes) -> None:
        made.append(body)

    while len(made) < count:
        collect()
    return made[:count]


def _as_json(value: object) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


def test_random_and_hostile_messages(cluster: Cluster) -> None:
    bodies = hostile(MESSAGES)
    talkers = [Talker([]) for _ in range(AT_ONCE)]
    before: list[float] = []
    statuses: dict[int, int] = {}

    async def one(http: httpx.AsyncClient, place: int) -> None:
        for number in range(place, len(bodies), AT_ONCE):
            if number // AT_ONCE == len(bodies) // AT_ONCE // 4 and not before:
                before.extend(part.memory() for part in cluster.parts)
            if number % 400 == place:
                talkers[place] = Talker([])
            answer = await http.post(
                f"{cluster.webs[number % 2].url}/api/messages",
                content=bodies[number],
                headers={"content-type": "application/json", "cookie": f"{COOKIE}={talkers[place].sender}"},
            )
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, bodies[number]
            assert "Traceback" not in answer.text
            told = answer.json()
            assert told.get("error") or told.get("replies"), bodies[number]

    async def run() -> None:
        async with client() as http:
            await asyncio.gather(*(one(http, place) for place in range(AT_ONCE)))

    asyncio.run(run())
    assert statuses[200] > MESSAGES / 10
    assert "Traceback" not in cluster.logs()
    grown = [after.memory() - was for after, was in zip(cluster.parts, before)]
    print(f"{statuses}, MiB grown in the last three quarters: {[round(g, 1) for g in grown]}")
    assert max(grown) < GROWTH


def test_too_many_requests_from_one_address_do_not_hurt_others(trained_model: None, tmp_path: Path) -> None:
    env = {"WEERWOORD_TRUSTED_PROXIES": "127.0.0.1", "WEERWOORD_LIMIT_ADDRESS": "30", "WEERWOORD_LIMIT_TALK": "5"}
    machines = Cluster(tmp_path, 1, 1, WEERWOORD_DATABASE=str(tmp_path / "talks.db"), WEERWOORD_REDIS="", **env)

    def ask(http: httpx.Client, address: str, talker: Talker | None = None) -> httpx.Response:
        headers = {"x-forwarded-for": f"1.2.3.4, {address}"}  # what the user claims, then what the proxy saw
        if talker:
            headers["cookie"] = f"{COOKIE}={talker.sender}"
            return http.post("/api/messages", json={"text": "/help", "payload": True}, headers=headers)
        return http.get("/", headers=headers)

    with running(machines), httpx.Client(base_url=machines.webs[0].url, timeout=60, trust_env=False) as http:
        answers = [ask(http, "203.0.113.7") for _ in range(40)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert 5 <= len(refused) <= 10 and {a.status_code for a in answers} == {200, 429}
        seconds = int(refused[0].headers["retry-after"])
        assert 1 <= seconds <= 2
        assert refused[0].json()["error"] == message("web.errors.too_fast", seconds=seconds)
        assert ask(http, "198.51.100.1").status_code == 200
        one, other = Talker([]), Talker([])
        statuses = [ask(http, "198.51.100.2", one).status_code for _ in range(8)]
        assert statuses.count(429) >= 2 and statuses[:5] == [200] * 5
        assert ask(http, "198.51.100.2", other).status_code == 200
        assert httpx.get(f"{machines.webs[0].url}/metrics", headers={"x-forwarded-for": "1.1.1.1"}).status_code == 404


def test_many_talks_at_once(cluster: Cluster, postgresql: PostgreSQL, redis_server: RedisServer) -> None:
    """In full 200 talks for `WEERWOORD_TEST_MINUTES` (10), each a turn every `WEERWOORD_TEST_PAUSE` (20) seconds.

    Who reads and types takes longer; two cores that have nothing else to do keep up with this.
    """
    talks = 200 if LONG else 8
    seconds = 60 * float(os.environ.get("WEERWOORD_TEST_MINUTES", "10")) if LONG else 8.0
    pause = float(os.environ.get("WEERWOORD_TEST_PAUSE", "20")) if LONG else 1.0
    thinking = random.Random(7)
    times: list[tuple[float, float]] = []
    memory: list[float] = []
    told: list[str] = []
    began = time.monotonic()

    async def one(place: int) -> None:
        async with client() as http:
            await asyncio.sleep(thinking.uniform(0, pause))
            number = 0
            while time.monotonic() - began < seconds:
                if number % 12 == 0:
                    talker = Talker([web.url for web in cluster.webs])
                    await talker.start(http)
                await talker.say(http, number)
                times.append((time.monotonic() - began, talker.times[-1]))
                told.extend(talker.told)
                talker.told.clear()
                number += 1
                await asyncio.sleep(thinking.uniform(0.5, 1.5) * pause)

    async def watch() -> None:
        while time.monotonic() - began < seconds:
            memory.append(sum(part.memory() for part in cluster.parts))
            await asyncio.sleep(seconds / 40)

    async def run() -> None:
        await asyncio.gather(watch(), *(one(place) for place in range(talks)))

    kinds: dict[str, list[Machine]] = {
        "assistants": [*cluster.assistants],
        "web": [*cluster.webs],
        "PostgreSQL": [postgresql],
        "Redis": [redis_server],
    }

    def used() -> list[float]:
        return [sum(machine.cpu() for machine in machines) for machines in kinds.values()]

    before = used()
    asyncio.run(run())
    each = {kind: f"{(a - b) / len(times) * 1000:.1f}" for kind, a, b in zip(kinds, used(), before)}

    def p95(low: float, high: float) -> float:
        found = sorted(took for at, took in times if low * seconds <= at < high * seconds)
        return found[int(0.95 * len(found))] if found else 0.0

    early, late = p95(0.25, 0.5), p95(0.75, 1.0)
    print(
        f"{talks} talks, {seconds:.0f} s, {len(times)} turns, {len(times) / seconds:.1f} a second; "
        f"p95 {early * 1000:.0f} ms in the second quarter, {late * 1000:.0f} ms in the last; "
        f"memory {memory[len(memory) // 4]:.0f} MiB, then {memory[-1]:.0f} MiB; errors {len(told)}; "
        f"processor ms a turn {each}"
    )
    assert told == []
    if LONG:
        assert late < max(2 * early, 0.5)
        assert memory[-1] < 1.15 * memory[len(memory) // 4]
