"""The whole road of a coach in a real browser, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.browser.harness import NARROW, WIDE, Visitors, axe, shoot
from tests.e2e.servers import WebServer
from tests.talks import CLEAR_GOAL, coach, consent, group, held
from weerwoord.messages import message, section
from weerwoord.store import Store

PASSWORD = "a long password"
T = section("coach")


@dataclass
class Alone:
    """Behind the web app of these tests stands a database, and no assistant: the coach site needs none."""

    database: Path
    assistant: str = "http://127.0.0.1:9"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'kept.db'}")
    yield made
    made.database.engine.dispose()


@pytest.fixture
def coaching(chromium: Chromium, kept: Store, tmp_path: Path) -> Iterator[Visitors]:
    """Opens pages of the coach site over the store of the test."""
    server = WebServer(Alone(tmp_path / "kept.db"))
    server.start()
    opened = Visitors(chromium, server.address)
    yield opened
    findings = opened.close()
    server.stop()
    assert findings == []


def talks(kept: Store) -> str:
    """Some talks of a group of Els; the key of the newest."""
    els = coach(kept, "Els", PASSWORD)
    people = [f"person {n}" for n in range(5)]
    group(kept, els, *people, name="Maandaggroep")
    for sender in people:
        held(kept, sender, ("Sorry, sorry, ik ben vast lastig.", ("over_apologise",)), partner="fatima")
    said = (("Goedemiddag.", ("greet",)), ("Eh, ja.", ()), ("Ik wil uw advies.", CLEAR_GOAL))
    key = held(kept, "person 0", *said)
    kept.talks.keep("person 0", "rest", [{"try_again": 3}])
    return key


def log_in(page: Page) -> None:
    page.goto("/coach")
    page.get_by_label(T["login"]["name"]).fill("Els")
    page.get_by_label(T["login"]["password"]).fill(PASSWORD)
    page.get_by_role("button", name=T["login"]["submit"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(T["talks"]["title"])


def wide_enough(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def seen(page: Page, state: str) -> None:
    wide_enough(page)
    axe(page, f"coach: {state}")
    shoot(page, f"coach-{state}")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_road_of_a_coach(coaching: Visitors, kept: Store, width: int) -> None:
    page = coaching.open(width)
    page.goto("/coach")
    expect(page.get_by_role("heading", level=1)).to_have_text(T["nobody"]["title"])
    seen(page, "nobody")
    key = talks(kept)

    page.goto("/coach")
    with coaching.watch(page).allowing("status of 403"):
        page.get_by_label(T["login"]["name"]).fill("Els")
        page.get_by_label(T["login"]["password"]).fill("wrong")
        page.get_by_role("button", name=T["login"]["submit"]).click()
        expect(page.get_by_role("alert")).to_have_text(T["login"]["wrong"])
        seen(page, "log-in")
    log_in(page)
    seen(page, "list")

    page.get_by_text(T["talks"]["filter"]).click()
    page.get_by_label(T["talks"]["partner"]).select_option("ruud")
    seen(page, "filters")
    page.get_by_role("button", name=T["talks"]["submit"]).click()
    rows = page.locator("table.talks tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(T["talks"]["new"])
    page.get_by_label(T["talks"]["search"]).fill("kruimelburg")
    page.get_by_role("button", name=T["talks"]["submit"]).click()
    expect(page.get_by_text(T["talks"]["none_found"])).to_be_visible()
    seen(page, "nothing found")

    page.goto("/coach?partner=ruud")
    rows.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(key))
    expect(page.get_by_role("heading", name=T["talk"]["question"])).to_be_in_viewport()
    seen(page, "talk")
    review(page)
    groups(page)
    page.locator(".account summary").click()
    seen(page, "account")
    page.get_by_role("button", name=T["nav"]["out"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(T["login"]["title"])
    page.goto(f"/coach/gesprek/{key}")
    expect(page.get_by_role("heading", level=1)).to_have_text(T["login"]["title"])
    (correction,) = kept.reviews.corrections()
    assert correction.elements == {"greet", "thank"}
    assert [r.text for r in kept.reviews.remarks_for("person 0", key)] == ["Mooi begin.\n<b>Echt</b>!"]


def review(page: Page) -> None:
    """Confirm, correct and remark, all without leaving the page."""
    page.evaluate("window.still = true")
    turn = page.locator("#beurt-1")
    turn.get_by_role("button", name=T["talk"]["confirm"]).click()
    expect(turn.get_by_text(T["talk"]["confirmed"])).to_be_visible()
    expect(page.locator("#saved")).to_have_text(T["talk"]["saved"])
    expect(turn.get_by_role("button", name=T["talk"]["undo"])).to_be_focused()
    turn.get_by_text(T["talk"]["correct"], exact=False).first.click()
    turn.get_by_label("je bedankt").check()
    seen(page, "correcting")
    turn.get_by_role("button", name=T["talk"]["save"]).click()
    expect(turn.get_by_text(T["talk"]["corrected"])).to_be_visible()
    turn.get_by_text(T["talk"]["remark_write"]).click()
    turn.get_by_label(T["talk"]["remark"], exact=True).fill("Mooi begin.\n<b>Echt</b>!")
    turn.get_by_role("button", name=T["talk"]["remark_save"]).click()
    expect(turn.locator("blockquote .said")).to_have_text("Mooi begin.\n<b>Echt</b>!")
    page.get_by_text(T["talk"]["retried"] % 1).click()
    expect(page.locator("#beurt-3")).to_be_visible()
    seen(page, "reviewed")
    assert page.evaluate("window.still"), "the page was loaded again"
    page.emulate_media(media="print")
    expect(page.locator("#top")).to_be_hidden()
    expect(turn.get_by_text(T["talk"]["corrected"])).to_be_visible()
    shoot(page, "coach-print")
    page.emulate_media(media="screen")


def groups(page: Page) -> None:
    """Make a group, set an exercise, look at the figures."""
    page.get_by_role("link", name=T["nav"]["groups"]).click()
    page.get_by_label(T["groups"]["name"]).fill("Vrijdag")
    seen(page, "groups")
    page.get_by_role("button", name=T["groups"]["create"]).click()
    expect(page.get_by_text(T["group"]["small"] % 5)).to_be_visible()
    page.get_by_label(T["group"]["due"]).fill("2099-12-31")
    page.get_by_role("button", name=T["group"]["set"]).click()
    expect(page.get_by_text(T["group"]["done"] % (0, 0))).to_be_visible()
    seen(page, "group")
    page.get_by_role("link", name=T["group"]["back"]).click()
    page.get_by_role("link", name="Maandaggroep").click()
    expect(page.locator("svg.chart")).to_have_count(3)
    seen(page, "figures")
    page.get_by_role("link", name=T["nav"]["audit"]).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    seen(page, "audit")
    page.get_by_role("link", name=T["nav"]["talks"]).click()
    page.locator("td:nth-child(2) a").first.click()
    expect(page.locator("svg.chart")).to_have_count(3)
    seen(page, "person")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_road_without_scripts(coaching: Visitors, kept: Store, width: int) -> None:
    key = talks(kept)
    page = coaching.open(width, java_script_enabled=False)
    log_in(page)
    page.goto(f"/coach/gesprek/{key}")
    turn = page.locator("#beurt-1")
    turn.get_by_role("button", name=T["talk"]["confirm"]).click()
    expect(turn.get_by_text(T["talk"]["confirmed"])).to_be_visible()
    turn.get_by_text(T["talk"]["correct"], exact=False).first.click()
    turn.get_by_label("je bedankt").check()
    turn.get_by_role("button", name=T["talk"]["save"]).click()
    expect(turn.get_by_text(T["talk"]["corrected"])).to_be_visible()
    turn.get_by_text(T["talk"]["remark_write"]).click()
    turn.get_by_label(T["talk"]["remark"], exact=True).fill("Mooi begin.")
    turn.get_by_role("button", name=T["talk"]["remark_save"]).click()
    expect(turn.locator("blockquote .said")).to_have_text("Mooi begin.")
    page.locator(".account summary").click()
    page.get_by_role("button", name=T["nav"]["names_hide"]).click()
    expect(page).to_have_url(re.compile(key))
    with page.expect_download() as download:
        page.get_by_role("link", name=T["forms"]["csv"]).click()
    assert "Ik wil uw advies." in download.value.path().read_text(encoding="utf-8")


def test_high_contrast_and_a_talk_that_was_taken_back(coaching: Visitors, kept: Store) -> None:
    key = talks(kept)
    page = coaching.open(WIDE, forced_colors="active")
    log_in(page)
    page.goto(f"/coach/gesprek/{key}")
    seen(page, "talk-contrast")
    consent(kept, "person 0", False)
    with coaching.watch(page).allowing("status of 404", "Error Code 404"):
        turn = page.locator("#beurt-1")
        turn.get_by_text(T["talk"]["remark_write"]).click()
        turn.get_by_label(T["talk"]["remark"], exact=True).fill("Een lang verhaal.")
        turn.get_by_role("button", name=T["talk"]["remark_save"]).click()
        expect(page.get_by_text(message("coach.trouble.no_talk"))).to_be_visible()
        expect(page.get_by_label(T["trouble"]["typed"])).to_have_value("Een lang verhaal.")
        seen(page, "not there")
