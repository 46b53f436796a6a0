"""One `make run` for all tests that only talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.servers import Browser, Servers


@pytest.fixture(scope="session")
def servers(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    started = Servers(tmp_path_factory.mktemp("serve"))
    assert f"{started.address}/" in started.until_ready()
    yield started
    assert started.stop() == 0


@pytest.fixture
def browser(servers: Servers) -> Iterator[Browser]:
    one = Browser(servers)
    yield one
    one.http.close()
