"""What somebody does on the practice page, for the tests that follow him."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

expect.set_options(timeout=20_000)  # ms; the machine may be busy

GOAL = "Nee hoor, ik kom niet solliciteren. Ik ben me aan het oriënteren en ik wil graag uw advies over het werk."
OFFER = "Ik zie dat u weinig tijd heeft. Zullen we een andere afspraak maken, dinsdag om tien uur?"
GIVING_IN = "Oké, dan ga ik wel naar P&O."
LEVELS = {"mistaken": "Rustig begin", "pressed": "Iets lastiger", "reluctant": "Pittig", "unwinnable": "Het lastigst"}


def arrive(page: Page, path: str = "/") -> None:
    """Go to the page and wait until it knows what was said before."""
    page.goto(path)
    page.wait_for_selector("html[data-ready]")


def begin(page: Page, partner: str = "Ruud Vermeulen", disposition: str = "pressed") -> None:
    """Start a talk from the start view, and hear the first line."""
    page.get_by_role("radio", name=partner).check()
    page.get_by_role("radio", name=LEVELS[disposition]).check()
    page.get_by_role("button", name=f"Begin met {partner.split()[0]}").click()
    expect(lines(page)).to_have_count(1)
    expect(page.locator("#text")).to_be_focused()


def lines(page: Page) -> Locator:
    """What the partner said so far."""
    return page.locator(".bubble.partner")


def said(page: Page) -> Locator:
    """What the user said so far."""
    return page.locator(".bubble.user")


def say(page: Page, text: str) -> None:
    """Type something, send it with Enter and hear the answer."""
    heard = lines(page).count()
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
    expect(lines(page)).to_have_count(heard + 1)
    expect(page.locator("#controls [aria-disabled]")).to_have_count(0)


def press(page: Page, name: str) -> None:
    """Press the button with this name in the view that is shown."""
    page.get_by_role("button", name=name, exact=True).click()


def to_debrief(page: Page) -> None:
    """From the end of a talk to its debrief."""
    press(page, "Naar de nabespreking")
    expect(page.locator("#after-title")).to_be_focused()


def overflow(page: Page) -> int:
    """How many px the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def until(page: Page, expression: str, wanted: object) -> None:
    """Wait until the page gives this value; Playwright's own waiting needs an `eval` that the page forbids."""
    for _ in range(400):
        value = page.evaluate(expression)
        if value == wanted:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{expression} gives {value!r} and not {wanted!r}")
