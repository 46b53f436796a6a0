"""What breaks under a talk: the user reads a sentence, what was confirmed stays, and it goes on by itself."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.services.machines import LONG, Cluster, PostgreSQL, RedisServer, running, wait
from tests.services.talkers import START, Talker, client, numbers_said, sentence
from weerwoord.messages import message
from weerwoord.web.common import COOKIE

pytestmark = pytest.mark.services
CLEAR = {message(f"web.errors.{key}") for key in ("away", "not_kept", "busy", "no_answer")}
TALKS, TURNS = (20, 12) if LONG else (5, 5)


def under_load(cluster: Cluster, postgresql: PostgreSQL, fault: Callable[[], None]) -> list[Talker]:
    """Talk, let something break halfway, and check that all that was confirmed is kept, once and in order."""
    talkers = [Talker([web.url for web in cluster.webs], limit=120) for _ in range(TALKS)]

    async def one(talker: Talker) -> None:
        async with client() as http:
            await talker.start(http)
            for number in range(TURNS):
                await talker.say(http, number)

    async def run() -> None:
        going = [asyncio.create_task(one(talker)) for talker in talkers]
        while sum(len(talker.answered) for talker in talkers) < TALKS * TURNS // 3:
            await asyncio.sleep(0.05)
            assert not any(task.done() and task.exception() for task in going)
        await asyncio.to_thread(fault)
        await asyncio.gather(*going)

    asyncio.run(run())
    for talker in talkers:
        rows = postgresql.ask(f"SELECT data FROM events WHERE sender_id = '{talker.sender}' ORDER BY id")
        assert numbers_said([json.loads(str(data)) for (data,) in rows]) == list(range(TURNS))
        assert sorted(talker.answered) == list(range(TURNS)) and all(talker.answered.values())
        assert set(talker.told) <= CLEAR
    return talkers


def test_postgresql_is_restarted(cluster: Cluster, postgresql: PostgreSQL) -> None:
    def restart() -> None:
        postgresql.stop()
        time.sleep(2)
        postgresql.start()

    talkers = under_load(cluster, postgresql, restart)
    assert any(message("web.errors.not_kept") in talker.told for talker in talkers)


def test_redis_is_restarted(cluster: Cluster, postgresql: PostgreSQL, redis_server: RedisServer) -> None:
    def restart() -> None:
        redis_server.stop()
        time.sleep(1)
        redis_server.start()

    under_load(cluster, postgresql, restart)


def test_redis_is_emptied(cluster: Cluster, postgresql: PostgreSQL, redis_server: RedisServer) -> None:
    def empty() -> None:
        for _ in range(20):
            redis_server.client.flushall()
            time.sleep(0.05)

    under_load(cluster, postgresql, empty)


def test_redis_stays_away(cluster: Cluster, redis_server: RedisServer) -> None:
    redis_server.stop()
    try:
        ready = httpx.get(f"{cluster.webs[0].url}/ready", timeout=30)
        assert ready.status_code == 503 and ready.json()["locks"] is False
        answer = httpx.post(f"{cluster.webs[0].url}/api/messages", json={"text": "dag"}, timeout=45)
        assert answer.status_code == 503 and answer.json()["error"] == message("web.errors.busy")
        assert httpx.get(f"{cluster.webs[0].url}/health", timeout=30).status_code == 200
    finally:
        redis_server.start()
    wait(lambda: httpx.get(f"{cluster.webs[0].url}/ready", timeout=30).status_code == 200, "recovery", 30)


def test_postgresql_becomes_read_only(cluster: Cluster, postgresql: PostgreSQL) -> None:
    def only_reading(value: str) -> None:
        import psycopg2

        connection = psycopg2.connect(postgresql.url)
        connection.autocommit = True
        connection.cursor().execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        connection.cursor().execute("SELECT pg_reload_conf()")
        connection.close()

    try:
        refused_then_taken(cluster.webs[0].url, lambda: only_reading("on"), lambda: only_reading("off"))
    finally:
        only_reading("off")


def refused_then_taken(url: str, break_it: Callable[[], object], mend_it: Callable[[], object]) -> None:
    """A message that cannot be kept is refused with a sentence; sent again, it is answered, in the same talk."""
    talker = Talker([])
    with httpx.Client(
        base_url=url, timeout=60, trust_env=False, headers={"cookie": f"{COOKIE}={talker.sender}"}
    ) as http:

        def post(text: str, key: str, payload: bool = False) -> httpx.Response:
            return http.post("/api/messages", json={"text": text, "id": key, "payload": payload})

        assert post(START, "start", True).status_code == 200
        first = post(sentence(1), "m1")
        assert first.status_code == 200
        break_it()
        refused = post(sentence(2), "m2")
        assert refused.status_code == 503 and refused.json()["error"] == message("web.errors.not_kept")
        mend_it()
        wait(lambda: post(sentence(2), "m2").status_code == 200, "recovery", 30)
        again = post(sentence(1), "m1")
        assert again.json() == first.json()
        shown = http.get("/api/history").json()["messages"]
        assert [m["text"] for m in shown if m.get("user")] == [sentence(1), sentence(2)]


@pytest.fixture
def on_file(trained_model: None, tmp_path: Path) -> Iterator[Cluster]:
    """One of each on an SQLite file."""
    machines = Cluster(tmp_path, 1, 1, WEERWOORD_DATABASE=str(tmp_path / "kept" / "talks.db"), WEERWOORD_REDIS="")
    with running(machines):
        yield machines


def test_the_file_is_locked_by_another_program_and_the_disk_is_full(on_file: Cluster, tmp_path: Path) -> None:
    file, assistant = tmp_path / "kept" / "talks.db", on_file.assistants[0]
    blocker = sqlite3.connect(file, check_same_thread=False, isolation_level=None)

    def check_others() -> None:
        began = time.perf_counter()
        assert httpx.get(f"{assistant.url}/health", timeout=20).status_code == 200
        assert time.perf_counter() - began < 5  # the event loop does not wait for the file

    def lock() -> None:
        blocker.execute("BEGIN IMMEDIATE")
        check_others()

    refused_then_taken(on_file.webs[0].url, lock, lambda: blocker.execute("ROLLBACK"))
    unlimited = resource.prlimit(assistant.pid, resource.RLIMIT_FSIZE)

    def fill() -> None:
        # no file may become longer: what a full disk does to who writes
        blocker.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        resource.prlimit(assistant.pid, resource.RLIMIT_FSIZE, (4096, unlimited[1]))

    def make_room() -> None:
        resource.prlimit(assistant.pid, resource.RLIMIT_FSIZE, unlimited)

    refused_then_taken(on_file.webs[0].url, fill, make_room)


def test_the_file_becomes_read_only(trained_model: None, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    machines = Cluster(tmp_path, 1, 1, WEERWOORD_DATABASE=str(folder / "talks.db"), WEERWOORD_REDIS="")
    assistant = machines.assistants[0]
    if os.getuid() == 0:  # root may write everything, unless it gives that up
        assistant.command = ["setpriv", "--bounding-set", "-dac_override", *assistant.command]

    def only_reading() -> None:
        for path in (*folder.iterdir(), folder):
            path.chmod(path.stat().st_mode & ~0o222)
        assistant.stop()  # files that are open can still be written
        assistant.start()

    def writing() -> None:
        for path in (folder, *folder.iterdir()):
            path.chmod(path.stat().st_mode | 0o200)

    with running(machines):
        try:
            refused_then_taken(machines.webs[0].url, only_reading, writing)
        finally:
            writing()


def test_an_action_raises_hangs_or_returns_nonsense(trained_model: None, tmp_path: Path) -> None:
    machines = Cluster(tmp_path, 1, 1, WEERWOORD_DATABASE=str(tmp_path / "talks.db"), WEERWOORD_REDIS="")
    machines.assistants[0].command[-1] = "tests.services.bad_actions"
    ours = [{"text": message("web.errors.ours")}]

    async def run() -> None:
        async with client() as http:

            async def post(talker: Talker, text: str, payload: bool = True) -> tuple[list[dict[str, object]], float]:
                began = time.perf_counter()
                answer = await http.post(
                    f"{machines.webs[0].url}/api/messages",
                    json={"text": text, "payload": payload},
                    headers={"cookie": f"{COOKIE}={talker.sender}"},
                )
                assert answer.status_code == 200
                return answer.json()["replies"], time.perf_counter() - began

            broken, other = Talker([]), Talker([])
            for talker in (broken, other):
                await post(talker, START)
            for payload in ("/hint", "/try_again"):
                assert (await post(broken, payload))[0] == ours
            assert (await post(broken, "/help"))[0] == [{"text": message("web.errors.no_answer")}]
            hanging = asyncio.create_task(post(broken, "/debrief"))
            await asyncio.sleep(0.5)
            waits = [(await post(other, sentence(n), False))[1] for n in range(3)]
            assert not hanging.done() and max(waits) < 8
            replies, took = await hanging
            assert replies == ours and took < 25
            assert (await post(broken, sentence(1), False))[0] != ours  # the talk goes on

    with running(machines):
        asyncio.run(run())
        told = httpx.get(f"{machines.assistants[0].url}/metrics", timeout=20).text
    for kind in ("raised", "hung", "nonsense"):
        assert f'kind="{kind}"' in told
    assert "een fout in een actie" not in machines.logs()


def test_no_log_holds_a_word_of_a_user_or_the_number_of_his_talk(cluster: Cluster) -> None:
    talker = Talker([cluster.webs[0].url])

    async def run() -> None:
        async with client() as http:
            await talker.start(http)
            await talker.say(http, 1)
            for text in ("vandaag\x00", "x" * 3000, "/start_practice{kapot vandaag"):
                await http.post(f"{cluster.webs[0].url}/api/messages", json={"text": text, "payload": True})

    asyncio.run(run())
    logs = cluster.logs()
    assert '"route": "messages"' in logs  # there is something to look in
    assert "vandaag" not in logs and "nummer" not in logs and talker.sender not in logs
    for line in logs.splitlines():
        json.loads(line)
