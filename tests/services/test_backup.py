"""A backup made while people talk, restored elsewhere: the talks are there, and go on."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.services.machines import Cluster, PostgreSQL, RedisServer, running
from tests.services.talkers import Talker, client, sentence
from weerwoord.web.common import COOKIE

pytestmark = pytest.mark.services


def talk(machines: Cluster, talker: Talker, numbers: range) -> None:
    talker.urls = [web.url for web in machines.webs]

    async def run() -> None:
        async with client() as http:
            if numbers.start == 0:
                await talker.start(http)
            for number in numbers:
                await talker.say(http, number)

    asyncio.run(run())


def shown(machines: Cluster, talker: Talker) -> list[dict[str, Any]]:
    cookie = {"cookie": f"{COOKIE}={talker.sender}"}
    answer = httpx.get(f"{machines.webs[0].url}/api/history", headers=cookie, timeout=60)
    found: list[dict[str, Any]] = answer.raise_for_status().json()["messages"]
    return found


def goes_on(machines: Cluster, talker: Talker, before: list[dict[str, Any]]) -> None:
    assert shown(machines, talker) == before
    talk(machines, talker, range(3, 4))
    mine = [m["text"] for m in shown(machines, talker) if m.get("user")]
    assert mine == [sentence(n) for n in range(4)]


def test_postgresql(cluster: Cluster, postgresql: PostgreSQL, redis_server: RedisServer, tmp_path: Path) -> None:
    talker = Talker([])
    talk(cluster, talker, range(3))
    before = shown(cluster, talker)
    dump, where = tmp_path / "weerwoord.dump", postgresql.url.rpartition("/")[0]

    def tool(name: str, *arguments: str) -> None:
        subprocess.run([str(postgresql.programs / name), *arguments], check=True, capture_output=True)

    tool("pg_dump", "--format=custom", f"--file={dump}", postgresql.url)
    tool("createdb", f"--maintenance-db={postgresql.url}", "restored")
    tool("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={where}/restored", str(dump))
    env = {"WEERWOORD_DATABASE": f"{where}/restored", "WEERWOORD_REDIS": redis_server.url.replace("/0", "/1")}
    machines = Cluster(tmp_path, 1, 1, **env)
    with running(machines):
        goes_on(machines, talker, before)


def test_sqlite(trained_model: None, tmp_path: Path) -> None:
    first = Cluster(tmp_path, 1, 1, WEERWOORD_DATABASE=str(tmp_path / "talks.db"), WEERWOORD_REDIS="")
    talker = Talker([])
    with running(first):
        talk(first, talker, range(3))
        before = shown(first, talker)
        with contextlib.closing(sqlite3.connect(tmp_path / "talks.db")) as running_one:
            running_one.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    second = Cluster(tmp_path, 1, 1, WEERWOORD_DATABASE=str(tmp_path / "copy.db"), WEERWOORD_REDIS="")
    with running(second):
        goes_on(second, talker, before)
