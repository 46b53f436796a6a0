"""Who uses a keyboard, a screen reader, a small window, large letters or other colours can do all of it too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import Visitors, axe, shoot
from tests.browser.pages import GOAL, OFFER, arrive, begin, lines, overflow, said, say


def tab_to(page: Page, selector: str, steps: int = 60) -> None:
    """Press Tab until this has the focus, which must be seen each time."""
    for _ in range(steps):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_the_whole_road_with_the_keyboard_alone(still: Page) -> None:
    arrive(still)
    still.keyboard.press("Tab")
    expect(still.locator(".skip")).to_be_focused()
    still.keyboard.press("Enter")
    expect(still.locator("#main")).to_be_focused()
    tab_to(still, "[name=partner]")
    for _ in range(5):
        still.keyboard.press("ArrowDown")
    expect(still.get_by_role("radio", name="Ruud Vermeulen")).to_be_checked()
    tab_to(still, "[name=level]")
    still.keyboard.press("ArrowRight")
    still.keyboard.press("ArrowRight")
    expect(still.get_by_role("radio", name="Iets lastiger")).to_be_checked()
    tab_to(still, "#begin [type=submit]")
    still.keyboard.press("Enter")
    expect(lines(still)).to_have_count(1)
    expect(still.locator("#text")).to_be_focused()
    still.keyboard.type(OFFER)
    still.keyboard.press("Enter")
    expect(still.get_by_role("button", name="Naar de nabespreking")).to_be_focused()
    still.keyboard.press("Enter")
    expect(still.locator("#after-title")).to_be_focused()
    tab_to(still, ".moment button")
    still.keyboard.press("Enter")
    expect(still.locator("#text")).to_be_focused()
    expect(said(still).locator(".tag")).to_have_count(1)


def test_a_screen_reader_hears_what_is_new_and_no_more(still: Page) -> None:
    arrive(still)
    begin(still)
    log = still.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_accessible_name("Gesprek")
    assert lines(still).first.evaluate("(node) => node.closest('[role=log]') !== null")
    still.reload()
    still.wait_for_selector("html[data-ready]")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(still).to_have_title("Gesprek – Weerwoord")
    for heading in ("h1:visible",):
        expect(still.locator(heading)).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(640, 400), (320, 640)])
def test_large_letters_and_small_windows_lose_nothing(visitors: Visitors, width: int, height: int) -> None:
    page = visitors.open(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})  # 1280 px at 200 %, and at 400 %
    arrive(page)
    assert overflow(page) == 0
    begin(page)
    say(page, GOAL)
    assert overflow(page) == 0
    page.locator("#text").scroll_into_view_if_needed()
    expect(page.locator("#text")).to_be_in_viewport()
    axe(page, f"talk at {width} px")
    say(page, OFFER)
    page.get_by_role("button", name="Naar de nabespreking").click()
    expect(page.locator("#after-title")).to_be_focused()
    assert overflow(page) == 0
    shoot(page, "small-debrief", full=True)


def test_forced_colours_keep_what_colours_tell(high_contrast: Page) -> None:
    high_contrast.emulate_media(reduced_motion="reduce", forced_colors="active")
    arrive(high_contrast)
    axe(high_contrast, "start in forced colours")
    begin(high_contrast)
    say(high_contrast, GOAL)
    border = "(node) => getComputedStyle(node).borderTopStyle"
    assert lines(high_contrast).first.evaluate(border) == "solid"
    expect(high_contrast.locator("[data-criterion=goal]")).to_contain_text("duidelijk")
    axe(high_contrast, "talk in forced colours")
    shoot(high_contrast, "forced-colours")


def test_the_page_is_light_and_quick(visitors: Visitors) -> None:
    page = visitors.open(reduced_motion="reduce")
    arrive(page)
    page.wait_for_load_state("networkidle")
    assert visitors.watch(page).transferred() <= 100 * 1024
    begin(page)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.locator("#text").press_sequentially("typen")
    expect(page.locator("#text")).to_have_value(re.compile("typen"))
    shown = "performance.getEntriesByType('mark').find((m) => m.name === 'usable').startTime"
    assert page.evaluate(shown) < 3000  # ms; it aims at 300, which only a quiet machine can show
