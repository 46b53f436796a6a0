"""One PostgreSQL, one Redis, two assistants and two web apps for all tests that leave them whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.machines import Cluster, PostgreSQL, RedisServer, running


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    machine = PostgreSQL()
    with running(machine):
        yield machine


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    machine = RedisServer()
    with running(machine):
        yield machine


@pytest.fixture(scope="session")
def cluster(
    trained_model: None,
    postgresql: PostgreSQL,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Cluster]:
    """Two of each; a test that stops something starts it again."""
    env = {"WEERWOORD_DATABASE": postgresql.url, "WEERWOORD_REDIS": redis_server.url}
    machines = Cluster(tmp_path_factory.mktemp("cluster"), WEERWOORD_LIMIT_TALK="0", **env)
    with running(machines):
        yield machines
