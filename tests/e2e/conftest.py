"""Somebody who talks to the `make run` of all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.servers import Browser, Servers


@pytest.fixture
def browser(servers: Servers) -> Iterator[Browser]:
    one = Browser(servers)
    yield one
    one.http.close()
