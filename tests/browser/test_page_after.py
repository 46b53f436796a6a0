"""After a talk: keep it, print it, mail it, answer a doubt; earlier talks, progress, and another device."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.harness import NARROW, WIDE, Visitors, axe, shoot
from tests.browser.pages import GIVING_IN, GOAL, OFFER, arrive, begin, overflow, press, say, to_debrief


@pytest.fixture
def after(still: Page) -> Page:
    """At the debrief of a won talk that was prepared."""
    arrive(still)
    still.locator("#preparation summary").click()
    still.get_by_label("Wat wil je met dit gesprek bereiken?").fill("Weten wat het werk inhoudt.")
    still.get_by_label("Vraag 1").fill("Hoe ziet een dag eruit?")
    begin(still)
    expect(still.locator("#panel-prepared")).to_be_visible()
    say(still, GOAL)
    say(still, OFFER)
    to_debrief(still)
    return still


def test_the_debrief_can_be_saved_printed_and_mailed(after: Page, tmp_path: Path) -> None:
    with after.expect_download() as saving:
        press(after, "Bewaar als tekst")
    assert re.fullmatch(r"weerwoord-ruud-\d{4}-\d\d-\d\d\.txt", saving.value.suggested_filename)
    text = Path(saving.value.path()).read_text(encoding="utf-8")
    assert f"Jij: {OFFER}" in text and "Nabespreking van je gesprek met Ruud Vermeulen" in text
    assert "Ruud: " in text and "{" not in text
    link = after.get_by_role("link", name="Mail je coach").get_attribute("href") or ""
    assert link.startswith("mailto:info@netwerk-partners.nl?subject=") and len(link) < 3000
    after.evaluate("window.print = () => { window.printed = true }")
    press(after, "Print")
    assert after.evaluate("window.printed") is True
    after.emulate_media(media="print")
    for hidden in ("#top", ".tools", ".moment button"):
        expect(after.locator(hidden).first).to_be_hidden()
    expect(after.locator(".moment").first).to_be_visible()
    paper = after.pdf(prefer_css_page_size=True, path=tmp_path / "a4.pdf")
    sizes = {match.group(1) for match in re.finditer(rb"/MediaBox \[([^]]+)\]", paper)}
    assert sizes == {b"0 0 594.95996 841.91998"}


def test_the_debrief_refers_to_the_preparation(after: Page) -> None:
    prepared = after.locator(".card", has_text="Je voorbereiding")
    expect(prepared).to_contain_text("Je wilde bereiken: Weten wat het werk inhoudt.")
    expect(prepared).to_contain_text("Je doel kwam duidelijk over.")
    expect(prepared).to_contain_text("Hoe ziet een dag eruit?")
    expect(prepared).to_contain_text("nog geen vraag over het werk gesteld")


def test_the_debrief_stays_after_a_reload_and_is_found_among_earlier_talks(after: Page) -> None:
    after.reload()
    expect(after.locator("#after-title")).to_have_text("Nabespreking van je gesprek met Ruud Vermeulen")
    after.get_by_role("link", name="Start", exact=True).click()
    after.get_by_role("link", name="Ruud Vermeulen, niveau 2").click()
    expect(after.locator("#after-title")).to_be_focused()
    expect(after.locator(".outcome")).to_contain_text("Je hebt een nieuwe afspraak.")


def test_a_doubt_is_a_question_that_can_be_answered(after: Page) -> None:
    answers: list[dict[str, Any]] = []

    def doubting(route: Route) -> None:
        """The debrief as if the judge was not sure of one thing, which he is about other words each training."""
        told = route.fetch().json()
        doubt = {
            "turn": 1,
            "element": "exploring",
            "name": "je bent nog aan het zoeken",
            "words": "me aan het oriënteren",
        }
        route.fulfill(json={**told, "doubtful": [doubt], "answers": answers})

    def answering(route: Route) -> None:
        answers[:] = [route.request.post_data_json]
        route.fulfill(json={"meant": answers[0]["meant"]})

    after.route(re.compile(r"/api/talks/[^/]+$"), doubting)
    after.route(re.compile(r"/api/talks/[^/]+/meant$"), answering)
    after.reload()
    doubt = after.locator(".doubts li")
    expect(doubt).to_contain_text("Je zei: me aan het oriënteren")
    axe(after, "doubts")
    doubt.get_by_role("button", name="Nee: Bedoelde je: je bent nog aan het zoeken?").click()
    expect(doubt).to_contain_text("dan telt het niet mee")
    expect(doubt.get_by_role("button", name="Toch anders")).to_be_focused()
    assert answers == [{"turn": 1, "element": "exploring", "meant": False}]
    after.reload()
    expect(doubt).to_contain_text("dan telt het niet mee")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_progress_and_the_same_on_another_device(visitors: Visitors, width: int) -> None:
    page = visitors.open(width, reduced_motion="reduce")
    arrive(page)
    page.get_by_role("link", name="Voortgang").click()
    expect(page.locator("#view-progress")).to_contain_text("Nog niets te zien")
    axe(page, "progress, empty")
    press(page, "Begin een gesprek")
    for ending in (OFFER, GIVING_IN):
        begin(page)
        say(page, ending)
        page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_role("link", name="Voortgang").click()
    moments = page.locator(".progress-row", has_text="Een ander moment")
    expect(moments).to_contain_text("1 van 2 keer duidelijk")
    expect(moments.get_by_role("img")).to_have_accessible_name(re.compile("Een ander moment: 1 van 2 keer duidelijk"))
    expect(page.locator(".step.reached")).to_contain_text("De ander heeft echt geen tijd.")
    expect(page.locator(".step.new")).to_have_count(3)
    expect(page.get_by_role("row", name="Ruud Vermeulen")).to_contain_text("1 van 2")
    assert overflow(page) == 0
    axe(page, "progress")
    shoot(page, "progress", full=True)
    page.get_by_role("button", name="Oefen niveau 3").click()
    expect(page.get_by_role("radio", name="Pittig")).to_be_checked()

    press(page, "Maak een code")
    code = page.locator(".code").inner_text()
    axe(page, "code")
    other = visitors.open(width, reduced_motion="reduce")
    arrive(other)
    other.get_by_label("Ik heb een code").fill(code.lower())
    press(other, "Ga verder met deze code")
    expect(other.locator("#earlier li")).to_have_count(2)
    expect(other.locator("#code-made")).to_contain_text("Welkom terug")


def test_a_wrong_code_and_everything_deleted(still: Page, visitors: Visitors) -> None:
    arrive(still)
    with visitors.watch(still).allowing("status of 404"):
        still.get_by_label("Ik heb een code").fill("AAAA-BBBB-CCCC")
        press(still, "Ga verder met deze code")
        expect(still.locator("#code-wrong")).to_contain_text("Deze code ken ik niet")
        expect(still.get_by_label("Ik heb een code")).to_be_focused()
    begin(still)
    say(still, OFFER)
    still.get_by_role("link", name="Start", exact=True).click()
    expect(still.locator("#earlier li")).to_have_count(1)
    press(still, "Wis al mijn gegevens")
    axe(still, "deleting")
    press(still, "Nee, bewaar alles")
    expect(still.locator("#earlier li")).to_have_count(1)
    press(still, "Wis al mijn gegevens")
    press(still, "Ja, wis alles")
    expect(still.locator("#notice")).to_contain_text("zijn gewist")
    expect(still.locator("#earlier li")).to_have_count(0)
    expect(still.get_by_role("link", name="Gesprek", exact=True)).to_be_hidden()


def test_consent_is_kept_and_a_preparation_is_sent_only_when_allowed(still: Page) -> None:
    arrive(still)
    still.locator("#preparation summary").click()
    still.get_by_label("Wie ben je?").fill("Sam, omgeschoold")
    share = still.get_by_role("checkbox", name="Stuur mijn voorbereiding mee")
    expect(share).to_be_hidden()
    still.get_by_role("checkbox", name="Mijn coach mag mijn gesprekken lezen").check()
    share.check()
    expect(still.locator("#prepared-kept")).to_contain_text("bij je gesprek bewaard")
    with still.expect_response("**/api/preparation") as sending:
        begin(still)
    assert sending.value.json() == {"kept": True}
    arrive(still)
    expect(still.get_by_role("checkbox", name="Mijn coach mag mijn gesprekken lezen")).to_be_checked()
    expect(still.get_by_label("Wie ben je?")).to_have_value("Sam, omgeschoold")
