"""One Chromium and one `make run` for all browser tests; a new visitor for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import harness
from tests.browser.harness import NARROW, WIDE, Visitors, Watch
from tests.e2e.servers import Browser, Servers, WebServer


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    binary = harness.chromium()
    if binary is None:
        pytest.skip("no Chromium on this machine (on Debian: apt-get install chromium)")
    expect.set_options(timeout=harness.PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=binary, args=harness.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def answering(chromium: Chromium, servers: Servers) -> None:
    """The assistant has answered once: its first answer loads much, and takes a busy machine long."""
    with closing(Browser(servers).http) as http:
        http.post("/api/messages", json={"text": "Goedemorgen"})


@pytest.fixture
def visitors(chromium: Chromium, servers: Servers, answering: None) -> Iterator[Visitors]:
    """Opens pages of new people; fails the test on anything that a page must never do."""
    opened = Visitors(chromium, servers.address)
    yield opened
    assert opened.close() == []


@pytest.fixture(params=[WIDE, NARROW])
def page(request: pytest.FixtureRequest, visitors: Visitors) -> Page:
    """An empty page of a new visitor; the test runs on a laptop and on a phone."""
    return visitors.open(request.param)


@pytest.fixture
def wide(visitors: Visitors) -> Page:
    """An empty page on a laptop."""
    return visitors.open(WIDE)


@pytest.fixture
def narrow(visitors: Visitors) -> Page:
    """An empty page on a phone."""
    return visitors.open(NARROW)


@pytest.fixture
def still(visitors: Visitors) -> Page:
    """An empty page of somebody who wants reduced motion."""
    return visitors.open(WIDE, reduced_motion="reduce")


@pytest.fixture
def high_contrast(visitors: Visitors) -> Page:
    """An empty page of somebody with forced colours, as Windows' contrast themes have."""
    return visitors.open(WIDE, forced_colors="active")


@pytest.fixture
def watch(visitors: Visitors) -> Callable[[Page], Watch]:
    """What is being watched on a page of this test."""
    return visitors.watch


@pytest.fixture
def offline(visitors: Visitors) -> Callable[[Page], AbstractContextManager[None]]:
    """`with offline(page):` the network is gone."""
    return lambda page: harness.offline(page, visitors.watch(page))


@pytest.fixture
def web_server(chromium: Chromium, servers: Servers) -> Iterator[WebServer]:
    """A web app of the test's own before the shared assistant, to stop and start; `page.goto(web_server.address)`."""
    own = WebServer(servers)
    own.start()
    yield own
    own.stop()
