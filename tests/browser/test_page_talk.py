"""The talk as a messenger: drafts, waiting, typing, what is hostile or long, help that can be put away."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import NARROW, WIDE, Visitors, Watch, axe, shoot
from tests.browser.pages import GOAL, arrive, begin, lines, overflow, press, said, say
from tests.e2e.servers import WebServer

HOSTILE = "<img src=x onerror=\"document.title='kapot'\"><script>document.title='kapot'</script>"
LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 20


@pytest.fixture
def talking(still: Page) -> Page:
    """In a talk with Ruud, without motion."""
    arrive(still)
    begin(still)
    return still


def test_a_reload_in_the_middle_keeps_talk_draft_and_checklist(talking: Page) -> None:
    say(talking, GOAL)
    heard = lines(talking).all_inner_texts()
    talking.locator("#text").fill("Wat ik nog wilde zeggen")
    talking.reload()
    talking.wait_for_selector("html[data-ready]")
    expect(talking.locator("#text")).to_have_value("Wat ik nog wilde zeggen")
    assert lines(talking).all_inner_texts() == heard
    expect(said(talking).locator(".said")).to_have_text(GOAL)
    expect(talking.locator("[data-criterion=goal]")).to_contain_text("duidelijk")
    talking.goto("/")
    expect(talking.locator("#going")).to_contain_text("Je bent nog in gesprek met Ruud.")
    press(talking, "Ga verder")
    expect(lines(talking)).to_have_count(2)


def test_enter_sends_and_shift_enter_breaks(talking: Page) -> None:
    box = talking.locator("#text")
    low = box.bounding_box()
    box.press_sequentially("Eerste regel")
    box.press("Shift+Enter")
    box.press_sequentially("tweede regel")
    high = box.bounding_box()
    assert low and high and high["height"] > low["height"] + 10
    box.press("Enter")
    expect(said(talking).locator(".said")).to_have_text(re.compile(r"Eerste regel\s+tweede regel"))
    expect(lines(talking)).to_have_count(2)


def test_nothing_and_too_much_are_not_sent(talking: Page) -> None:
    box = talking.locator("#text")
    box.press("Enter")
    expect(talking.locator("#notice")).to_contain_text("Schrijf eerst iets")
    box.fill("x" * 1900)
    expect(talking.locator("#counter")).to_have_text("Nog 100 tekens.")
    box.fill("x" * 2001)
    expect(talking.locator("#counter")).to_have_text("1 tekens te veel. Maak je tekst korter.")
    expect(box).to_have_attribute("aria-invalid", "true")
    axe(talking, "too long")
    box.press("Enter")
    expect(said(talking)).to_have_count(0)
    expect(box).to_have_value("x" * 2001)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_hostile_and_endless_text_stays_text(visitors: Visitors, width: int) -> None:
    page = visitors.open(width, reduced_motion="reduce")
    arrive(page)
    begin(page)
    say(page, HOSTILE)
    say(page, LONG_WORD)
    expect(said(page).locator(".said").first).to_have_text(HOSTILE)
    assert overflow(page) == 0
    press(page, "Stop")
    expect(page.locator("#after-title")).to_be_focused()
    expect(page.locator(".moment").first).to_contain_text(HOSTILE)
    assert page.locator("main img, main script:not([type])").count() == 0 and "kapot" not in page.title()
    assert overflow(page) == 0
    shoot(page, "hostile", full=True)


def test_without_help_is_remembered(talking: Page) -> None:
    expect(talking.locator("#mood svg[role=img]")).to_be_visible()
    talking.get_by_role("checkbox", name="Zonder hulp").check()
    expect(talking.locator("#mood svg[role=img]")).to_be_hidden()
    expect(talking.locator("#criteria")).to_be_hidden()
    axe(talking, "without help")
    talking.reload()
    talking.wait_for_selector("html[data-ready]")
    expect(talking.get_by_role("checkbox", name="Zonder hulp")).to_be_checked()
    expect(talking.locator("#criteria")).to_be_hidden()


def test_he_types_for_a_while_unless_motion_is_reduced(wide: Page) -> None:
    arrive(wide)
    begin(wide)
    wide.locator("#text").fill(GOAL)
    wide.locator("#text").press("Enter")
    expect(wide.locator("#typing")).to_have_text("Ruud denkt na")
    expect(lines(wide)).to_have_count(1)
    expect(lines(wide)).to_have_count(2)
    expect(wide.locator("#typing")).to_be_hidden()


def test_a_message_waits_for_the_network_and_goes_once(
    talking: Page, offline: Callable[[Page], AbstractContextManager[None]]
) -> None:
    with offline(talking):
        talking.locator("#text").fill(GOAL)
        talking.locator("#text").press("Enter")
        expect(said(talking).locator(".state")).to_contain_text("Wacht op verbinding")
        expect(talking.locator("#text")).to_have_value("")
        axe(talking, "offline")
        shoot(talking, "offline")
    expect(lines(talking)).to_have_count(2)
    expect(said(talking).locator(".state")).to_have_count(0)
    talking.reload()
    talking.wait_for_selector("html[data-ready]")
    expect(said(talking)).to_have_count(1)


def test_a_waiting_message_can_be_taken_back(
    talking: Page, offline: Callable[[Page], AbstractContextManager[None]]
) -> None:
    with offline(talking):
        talking.locator("#text").fill("Toch maar niet")
        talking.locator("#text").press("Enter")
        press(talking, "Haal terug")
        expect(said(talking)).to_have_count(0)
        expect(talking.locator("#text")).to_have_value("Toch maar niet")
    say(talking, GOAL)
    expect(said(talking)).to_have_count(1)


def test_the_server_restarts_and_the_message_still_goes_once(visitors: Visitors, web_server: WebServer) -> None:
    page = visitors.open(hosts=(web_server.host,), reduced_motion="reduce")
    arrive(page, web_server.address)
    begin(page)
    watch: Watch = visitors.watch(page)
    with watch.allowing("net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET"):
        web_server.stop()
        page.locator("#text").fill(GOAL)
        page.locator("#text").press("Enter")
        expect(said(page).locator(".state")).to_contain_text("Wacht op verbinding")
        web_server.start()
        time.sleep(0.1)
        if page.get_by_role("button", name="Probeer nu").is_visible():
            press(page, "Probeer nu")
        expect(lines(page)).to_have_count(2)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(said(page)).to_have_count(1)


def test_a_message_that_was_answered_just_before_a_reload_is_not_sent_again(talking: Page) -> None:
    say(talking, GOAL)
    key = talking.evaluate("fetch('/api/history').then((r) => r.json()).then((h) => h.messages.find((m) => m.user).id)")
    waiting = {"text": GOAL, "id": key, "payload": False}
    talking.evaluate("(m) => localStorage.setItem('weerwoord.outbox', JSON.stringify(m))", waiting)
    talking.reload()
    talking.wait_for_selector("html[data-ready]")
    expect(said(talking)).to_have_count(1)
    assert talking.evaluate("localStorage.getItem('weerwoord.outbox')") is None
