"""The whole road through the page, on a laptop and on a phone: start, talk, debrief, again, progress."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import NARROW, WIDE, Visitors, axe, shoot
from tests.browser.pages import GIVING_IN, GOAL, OFFER, arrive, begin, lines, overflow, press, said, say, to_debrief


@pytest.fixture(params=[WIDE, NARROW])
def calm(request: pytest.FixtureRequest, visitors: Visitors) -> Page:
    """A new visitor who wants reduced motion, so that no line is waited for; on a laptop and on a phone."""
    page = visitors.open(request.param, reduced_motion="reduce")
    arrive(page)
    return page


def state(page: Page, name: str, full: bool = False) -> None:
    """Keep a picture of this state, which has no findings and fits its window."""
    axe(page, name)
    assert overflow(page) == 0
    shoot(page, name, full)


def open_panel(page: Page) -> bool:
    drawer = page.locator("#panel-open").is_visible()
    if drawer:
        page.locator("#panel-open").click()
        expect(page.locator("#panel-close")).to_be_focused()
    return drawer


def test_a_won_talk_and_the_same_turn_done_otherwise(calm: Page) -> None:
    state(calm, "start", full=True)
    begin(calm)
    expect(calm.locator(".note .label")).to_have_text("De situatie")
    state(calm, "talk-begun")
    say(calm, GOAL)
    press(calm, "Hint")
    expect(calm.locator(".note").last).to_contain_text("Hint:")
    drawer = open_panel(calm)
    expect(calm.locator("[data-criterion=goal]")).to_contain_text("duidelijk")
    expect(calm.locator("[data-criterion=goal]")).to_contain_text("je komt niet solliciteren")
    expect(calm.locator("#mood svg[role=img]")).to_have_accessible_name(
        re.compile(r"Belangstelling van Ruud: (duidelijk, [567]|groot, [89]) van 10. Geduld: genoeg, 6 van 10.")
    )
    state(calm, "talk-panel")
    if drawer:
        calm.keyboard.press("Escape")
        expect(calm.locator("#panel-open")).to_be_focused()
    say(calm, OFFER)
    expect(calm.get_by_role("button", name="Naar de nabespreking")).to_be_focused()
    expect(calm.locator("#ended")).to_contain_text("Je hebt een nieuwe afspraak.")
    state(calm, "talk-won")
    to_debrief(calm)
    expect(calm.locator(".criterion-card", has_text="Een ander moment").locator(".verdict")).to_have_text("duidelijk")
    expect(calm.locator(".criterion-card mark", has_text="dinsdag om tien uur?").first).to_be_visible()
    expect(calm.locator(".moment .thought")).to_have_count(2)
    state(calm, "debrief-won", full=True)

    calm.get_by_role("button", name="Opnieuw vanaf beurt 2").click()
    expect(said(calm).locator(".tag")).to_have_text("Eerdere poging")
    expect(calm.locator("#text")).to_be_focused()
    state(calm, "talk-again")
    say(calm, GIVING_IN)
    to_debrief(calm)
    expect(calm.locator(".attempt")).to_have_count(2)
    expect(calm.locator(".attempt").first).to_contain_text("Je hebt een nieuwe afspraak.")
    expect(calm.locator(".attempt").last).to_contain_text("Het gesprek is gestopt voordat het iets opleverde.")
    expect(calm.locator(".attempt").last).to_contain_text(GIVING_IN)
    state(calm, "debrief-attempts", full=True)


def test_a_lost_talk_and_a_stopped_one(calm: Page) -> None:
    begin(calm, "Fatima El Amrani", "unwinnable")
    say(calm, "Wat ben jij onbeschoft, schaam je!")
    to_debrief(calm)
    expect(calm.locator(".outcome")).to_contain_text("Het gesprek is gestopt voordat het iets opleverde.")
    expect(calm.locator(".warn")).to_contain_text("je maakt een verwijt")
    state(calm, "debrief-lost", full=True)
    press(calm, "Zelfde gesprekspartner")
    expect(lines(calm)).to_have_count(1)
    expect(said(calm)).to_have_count(0)
    say(calm, "Hoi, fijn dat ik langs mag komen.")
    press(calm, "Stop")
    expect(calm.locator("#after-title")).to_be_focused()
    expect(calm.locator(".outcome")).to_contain_text("Je bent gestopt voor het einde.")


def test_ones_own_experience(calm: Page) -> None:
    press(calm, "Vertel je ervaring")
    expect(calm.locator("#talk-title")).to_have_text("Je eigen ervaring")
    for number, text in enumerate(
        ["Ik ging langs bij een bank.", "U moet bij HR zijn.", "Haast.", "Oké.", "Vragen."], 1
    ):
        expect(calm.locator(".note")).to_have_count(number)
        expect(calm.locator("#controls [aria-disabled]")).to_have_count(0)
        calm.locator("#text").fill(text)
        calm.locator("#text").press("Enter")
    expect(calm.locator("#log h2")).to_be_focused()
    link = calm.get_by_role("link", name="Open in je mailprogramma").get_attribute("href") or ""
    assert link.startswith("mailto:") and "Ik%20ging%20langs%20bij%20een%20bank" in link
    state(calm, "experience")
    press(calm, "Ja, oefen dit gesprek")
    expect(lines(calm)).to_contain_text("U moet bij HR zijn.")


def test_a_first_talk_begins_with_its_scene(calm: Page) -> None:
    # the server makes the person at the first look, so it may say no for somebody who was never asked
    calm.route(
        "**/api/talks", lambda route: route.fulfill(json={"talks": [], "coach_may_read": False, "has_code": False})
    )
    arrive(calm)
    begin(calm)
    expect(calm.locator(".note")).to_have_count(1)
    expect(calm.locator(".note")).to_contain_text("Je gaat langs bij Ruud Vermeulen")
