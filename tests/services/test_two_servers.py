"""Two assistants and two web apps on one database: every message once, in order, nothing lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time

import pytest

from tests.services.machines import LONG, Cluster, PostgreSQL
from tests.services.talkers import Talker, client, kept, lines_read

pytestmark = pytest.mark.services
TALKS = 100 if LONG else 6


def turns(postgresql: PostgreSQL, talker: Talker) -> list[int]:
    """The same from the tables of talks, which the coach and the history read."""
    rows = postgresql.ask(
        "SELECT turn.reply FROM turn JOIN talk ON talk.id = talk_id JOIN person ON person.id = person_id "
        f"WHERE sender = '{talker.sender}' ORDER BY talk.id, number"
    )
    return [int(str(reply).split()[1]) for (reply,) in rows]


def asked_directly(cluster: Cluster, number: int) -> Talker:
    """A talker whose messages go to the assistants in turn, whichever web app he comes by."""
    return Talker([web.url for web in cluster.webs][:: -1 if number % 2 else 1])


def test_turns_that_alternate_between_assistants(cluster: Cluster, postgresql: PostgreSQL) -> None:
    import httpx

    talker = Talker([])
    state: list[int] = []
    with httpx.Client(timeout=60, trust_env=False) as http:
        for number in range(7):
            body = {
                "sender": talker.sender,
                "message": '/start_practice{"partner": "ruud", "disposition": "reluctant", "seed": 7}'
                if number == 0
                else f"nummer {number} zegt niets",
                "metadata": {"id": f"m{number}"},
            }
            url = cluster.assistants[number % 2].url
            replies = http.post(f"{url}/webhooks/rest/webhook", json=body).raise_for_status().json()
            again = http.post(f"{cluster.assistants[1].url}/webhooks/rest/webhook", json=body).raise_for_status().json()
            assert replies and again == replies
            state += [r["custom"]["turn"] for r in replies if r.get("custom", {}).get("type") == "partner"]
    assert state == list(range(len(state))) and len(state) >= 3
    assert kept(postgresql, talker) == list(range(1, 7))


def test_many_talks_with_messages_at_the_same_moment(cluster: Cluster, postgresql: PostgreSQL) -> None:
    talkers = [asked_directly(cluster, n) for n in range(TALKS)]

    async def one(talker: Talker) -> None:
        async with client() as http:
            await talker.start(http)
            for first in (0, 3, 6):
                await asyncio.gather(*(talker.say(http, number) for number in range(first, first + 3)))

    async def run() -> None:
        await asyncio.gather(*(one(talker) for talker in talkers))

    asyncio.run(run())
    for talker in talkers:
        said = kept(postgresql, talker)
        assert sorted(said) == list(range(9)) and [n // 3 for n in said] == [0] * 3 + [1] * 3 + [2] * 3
        played = turns(postgresql, talker)
        assert played == said[: len(played)] and played  # in the order kept, until the partner had enough
        replies = [lines_read(talker.answered[n]) for n in played]
        assert len({json.dumps(line) for line in replies}) == len(replies)  # he never says the same twice


def test_an_assistant_is_killed_between_turns_and_in_mid_turn(cluster: Cluster, postgresql: PostgreSQL) -> None:
    talkers = [asked_directly(cluster, n) for n in range(20 if LONG else 6)]
    victim = cluster.assistants[0]
    waits: list[float] = []

    async def one(talker: Talker, go_on: asyncio.Event) -> None:
        async with client() as http:
            await talker.start(http)
            await talker.say(http, 0)
            await go_on.wait()
            for number in range(1, 5):
                await talker.say(http, number)
            waits.append(max(talker.times[1:]))

    async def run() -> None:
        go_on = asyncio.Event()
        going = [asyncio.create_task(one(talker, go_on)) for talker in talkers]
        await asyncio.sleep(1)
        while any(not talker.answered for talker in talkers):
            await asyncio.sleep(0.05)
        os.kill(victim.pid, signal.SIGSTOP)  # in mid-turn: it takes messages, and does not get on with them
        go_on.set()
        await asyncio.sleep(0.5)
        os.kill(victim.pid, signal.SIGKILL)
        await asyncio.gather(*going)

    try:
        asyncio.run(run())
    finally:
        victim.kill()
        victim.start()
    for talker in talkers:
        assert kept(postgresql, talker) == list(range(5))
    assert min(len(talker.times) for talker in talkers) == 5
    print(f"longest wait {max(waits):.1f} s")


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_message_sent_again_after_a_kill_is_played_once(
    cluster: Cluster, postgresql: PostgreSQL, moment: str
) -> None:
    """The database holds up the turn where the assistant is killed: at its first write, or at its answer."""
    import httpx
    import psycopg2

    talker = Talker([])
    first, second = cluster.assistants

    def post(url: str, number: int, seconds: float = 60) -> list[dict[str, object]]:
        text = '/start_practice{"partner": "ruud", "disposition": "reluctant", "seed": 7}'
        message = text if number == 0 else f"nummer {number} zegt niets"
        body = {"sender": talker.sender, "message": message, "metadata": {"id": f"m{number}"}}
        answer = httpx.post(f"{url}/webhooks/rest/webhook", json=body, timeout=seconds, trust_env=False)
        replies: list[dict[str, object]] = answer.raise_for_status().json()
        return replies

    post(first.url, 0)
    if moment == "before the commit":
        blocker = psycopg2.connect(postgresql.url)
        blocker.cursor().execute("SELECT 1 FROM person WHERE sender = %s FOR UPDATE", (talker.sender,))
        with pytest.raises(httpx.ReadTimeout):
            post(first.url, 1, seconds=3)
        first.kill()
        blocker.close()
        assert kept(postgresql, talker) == []
    else:
        lost = post(first.url, 1)  # the answer that never reached the browser
        first.kill()
    began = time.perf_counter()
    try:
        replies = post(second.url, 1)
        took = time.perf_counter() - began
        assert replies and (moment == "before the commit" or replies == lost)
        assert post(second.url, 1) == replies
        assert kept(postgresql, talker) == [1]
        assert took < (5 if LONG else 15)
    finally:
        first.start()
