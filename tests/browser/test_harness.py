"""The watch sees what a page must never do: a gate that cannot fail is none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page

from tests.browser.harness import Visitors, Watch, axe
from tests.e2e.servers import WebServer

Watching = Callable[[Page], Watch]


@pytest.fixture
def own_page(visitors: Visitors) -> Page:
    page = visitors.open()
    page.goto("/api/health")  # a page of ours with our policy, and without scripts of ours
    return page


def seen(page: Page, watch: Watch) -> str:
    """What was found, which is then forgotten."""
    page.evaluate("new Promise((done) => setTimeout(done))")  # violations are reported in a task of their own
    found = "\n".join(watch.findings)
    watch.findings.clear()
    return found


def test_a_console_error_is_found(own_page: Page, watch: Watching) -> None:
    own_page.evaluate("console.error('stuk')")
    assert "console: stuk" in seen(own_page, watch(own_page))


def test_an_uncaught_error_is_found(own_page: Page, watch: Watching) -> None:
    with own_page.expect_event("pageerror"):
        own_page.evaluate("setTimeout(() => { throw new Error('kapot') })")
    assert "uncaught: " in (found := seen(own_page, watch(own_page))) and "kapot" in found


def test_a_refused_style_and_a_foreign_host_are_found(own_page: Page, watch: Watching) -> None:
    own_page.evaluate("document.body.innerHTML = '<p style=\"color: red\">x</p>'")
    assert "CSP: style-src" in seen(own_page, watch(own_page))
    with own_page.expect_event("requestfailed"):
        own_page.evaluate("document.body.innerHTML = '<img src=\"http://127.0.0.1:9/\">'")
    assert "foreign request: http://127.0.0.1:9/" in seen(own_page, watch(own_page))


def test_axe_finds_a_picture_without_words(own_page: Page) -> None:
    own_page.evaluate("document.body.innerHTML = '<img src=\"/static/icon.svg\">'")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(own_page, "a picture")


def test_offline_and_back(
    own_page: Page, watch: Watching, offline: Callable[[Page], AbstractContextManager[None]]
) -> None:
    fetching = "fetch('/api/health').then((r) => r.text(), () => 'away')"
    with offline(own_page):
        assert own_page.evaluate(fetching) == "away"
        assert own_page.evaluate("navigator.onLine") is False
    assert own_page.evaluate(fetching) != "away"
    assert watch(own_page).findings == [] and watch(own_page).transferred() > 100


def test_preferences_reach_the_page(still: Page, high_contrast: Page, narrow: Page) -> None:
    assert still.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert high_contrast.evaluate("matchMedia('(forced-colors: active)').matches")
    assert narrow.evaluate("innerWidth") == 390


def test_a_web_server_that_restarts(visitors: Visitors, web_server: WebServer) -> None:
    page = visitors.open(hosts=(web_server.host,))
    page.goto(f"{web_server.address}/api/health")
    fetching = "fetch('/api/health').then((r) => r.text(), () => 'away')"
    with visitors.watch(page).allowing("net::ERR_CONNECTION_REFUSED"):
        web_server.stop()
        assert page.evaluate(fetching) == "away"
    web_server.start()
    assert page.evaluate(fetching) != "away"
