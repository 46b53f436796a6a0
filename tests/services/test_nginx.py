"""The nginx of `deploy/` in front of two web apps: a real one, with the configuration as it stands there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.services.machines import Cluster, Nginx, PostgreSQL, running
from tests.services.talkers import Talker, client, kept

pytestmark = pytest.mark.services


@pytest.fixture
def nginx(cluster: Cluster) -> Iterator[Nginx]:
    machine = Nginx(cluster.webs)
    with running(machine):
        yield machine


def test_a_web_app_that_dies_is_not_noticed(cluster: Cluster, nginx: Nginx, postgresql: PostgreSQL) -> None:
    talkers = [Talker([nginx.url]) for _ in range(6)]

    async def one(talker: Talker, numbers: range) -> None:
        async with client() as http:
            if not numbers.start:
                await talker.start(http)
            for number in numbers:
                await talker.say(http, number)

    async def all_say(numbers: range) -> None:
        await asyncio.gather(*(one(talker, numbers) for talker in talkers))

    asyncio.run(all_say(range(2)))
    cluster.webs[0].kill()
    try:
        asyncio.run(all_say(range(2, 6)))
    finally:
        cluster.webs[0].start()
    for talker in talkers:
        assert kept(postgresql, talker) == list(range(6))
        assert talker.told == []  # each message was answered at its first try


def test_the_page_is_served_and_what_is_for_who_watches_is_not(nginx: Nginx) -> None:
    with httpx.Client(base_url=nginx.url, timeout=60, trust_env=False) as http:
        page = http.get("/")
        assert page.status_code == 200 and "content-security-policy" in page.headers
        assert "nginx/" not in page.headers["server"]
        assert [http.get(path).status_code for path in ("/metrics", "/ready")] == [404, 404]
        assert http.post("/api/messages", content=b"x" * 70_000).status_code == 413


def test_an_address_that_a_user_claims_is_not_passed_on(tmp_path: Path) -> None:
    env = {"WEERWOORD_TRUSTED_PROXIES": "127.0.0.1", "WEERWOORD_LIMIT_ADDRESS": "5", "WEERWOORD_REDIS": ""}
    env |= {"WEERWOORD_DATABASE": f"{tmp_path}/talks.db"}
    machines = Cluster(tmp_path, 0, 2, **env)
    claims = {"x-forwarded-for": "203.0.113.7"}
    with running(machines), running(proxy := Nginx(machines.webs)), httpx.Client(trust_env=False) as http:
        directly = {http.get(machines.webs[0].url, headers=claims).status_code for _ in range(10)}
        behind = {http.get(proxy.url, headers=claims).status_code for _ in range(20)}
    # this machine itself, which the proxy saw, is not counted
    assert directly == {200, 429} and behind == {200}
