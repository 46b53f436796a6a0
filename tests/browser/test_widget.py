"""The widget on a coach's site: served from another origin, opened in place, allowed or not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.harness import ARGUMENTS, NARROW, WIDE, Visitors, axe, shoot
from tests.browser.harness import chromium as binary
from tests.browser.pages import until
from tests.e2e.servers import Servers, WebServer
from weerwoord.bench.bots import free_ports
from weerwoord.messages import message
from weerwoord.settings import ROOT
from weerwoord.web.common import COOKIE, FRAME_COOKIE

DEMO = (ROOT / "docs" / "widget-demo.html").read_text(encoding="utf-8")
WEERWOORD = "http://127.0.0.1:8000"  # as the demo page has it
OPEN, CLOSE = message("web.widget.button"), message("web.widget.close")


class Quiet(SimpleHTTPRequestHandler):
    """Serves the one page of a site."""

    def __init__(self, *args: Any, page: str, headers: dict[str, str], asked: list[str]) -> None:
        self.page, self.own_headers, self.asked = page, headers, asked
        super().__init__(*args)

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Cookie", ""))
        body = self.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in self.own_headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@dataclass
class Site:
    """A coach's site.

    Args:
        name: its host; `localhost` is another site than 127.0.0.1, where Weerwoord is.
        port: where it listens.
        page: its HTML.
    """

    name: str
    port: int
    page: str
    cookies: list[str] = field(default_factory=list)  # what its visitors sent

    @property
    def host(self) -> str:
        return f"{self.name}:{self.port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def serve(self) -> ThreadingHTTPServer:
        handler = partial(
            Quiet, page=self.page, headers={"Set-Cookie": "basket=3; Path=/; SameSite=Lax"}, asked=self.cookies
        )
        server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    return dict(zip(("foreign", "neighbour", "stranger"), free_ports(3)))


@pytest.fixture(scope="module")
def weerwoord(chromium: Chromium, servers: Servers, ports: dict[str, int]) -> Iterator[WebServer]:
    """A web app that two of the three sites may show."""
    sites = f"http://localhost:{ports['foreign']}, http://127.0.0.1:{ports['neighbour']}/"
    web = WebServer(servers, WEERWOORD_WIDGET_SITES=sites)
    web.start()
    yield web
    web.stop()


def served(name: str, port: int, page: str) -> Iterator[Site]:
    site = Site(name, port, page)
    server = site.serve()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(weerwoord: WebServer, ports: dict[str, int]) -> Iterator[Site]:
    """The demo page on another site than Weerwoord, where cookies of a frame are those of a third party."""
    yield from served("localhost", ports["foreign"], DEMO.replace(WEERWOORD, weerwoord.address))


def visit(visitors: Visitors, site: Site, weerwoord: WebServer, width: int = WIDE, **how: Any) -> Page:
    page = visitors.open(width, hosts=(site.host, weerwoord.host), reduced_motion="reduce", **how)
    page.goto(site.address)
    return page


def opened(page: Page) -> FrameLocator:
    """Open the widget; when the practice page stands in it."""
    page.get_by_role("button", name=OPEN).click()
    inside = page.frame_locator("weerwoord-widget iframe")
    expect(inside.locator("html[data-ready]")).to_be_attached()
    expect(page.locator("weerwoord-widget .message")).to_be_hidden()
    return inside


def begin(inside: FrameLocator) -> None:
    inside.locator("#begin [type=submit]").click()
    expect(inside.locator(".bubble.partner")).to_have_count(1)


def say(inside: FrameLocator, text: str, answers: int) -> None:
    inside.locator("#text").fill(text)
    inside.locator("#text").press("Enter")
    expect(inside.locator(".bubble.partner")).to_have_count(answers)


def cookies_for(page: Page, name: str) -> list[Any]:
    return [c for c in page.context.cookies() if c["name"] == name]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_talk_on_another_site(visitors: Visitors, site: Site, weerwoord: WebServer, width: int) -> None:
    page = visit(visitors, site, weerwoord, width)
    expect(page.locator("weerwoord-widget iframe")).to_have_count(0)  # nothing is fetched before it is opened
    axe(page, "site with the button")
    shoot(page, "widget-closed")
    inside = opened(page)
    expect(inside.get_by_text("Begin met Ruud")).to_be_visible()
    expect(inside.locator("[name=partner]").first).to_be_hidden()
    expect(inside.locator("[name=level]").first).to_be_hidden()
    frame = page.frames[-1]
    assert page.locator("weerwoord-widget iframe").get_attribute("allow") == "microphone"
    axe(page, "site with the widget open")
    axe(frame, "start in the widget")
    shoot(page, "widget-start")
    begin(inside)
    say(inside, "Ik kom niet solliciteren, ik wil graag tien minuten van je ervaring leren.", 2)
    axe(frame, "talk in the widget")
    shoot(page, "widget-talk")


def test_the_talk_is_still_there_after_a_reload_of_the_site(
    visitors: Visitors, site: Site, weerwoord: WebServer
) -> None:
    page = visit(visitors, site, weerwoord)
    begin(opened(page))
    cookie = cookies_for(page, FRAME_COOKIE)[0]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (True, True, "None", "/embed")
    assert cookie["partitionKey"] == "http://localhost"
    page.reload()
    inside = opened(page)
    expect(inside.locator("#going")).to_be_visible()
    inside.locator("#going button").click()
    expect(inside.locator(".bubble.partner")).to_have_count(1)


def test_the_talk_is_still_there_where_cookies_of_third_parties_are_blocked(
    chromium: Chromium, site: Site, weerwoord: WebServer, tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    choice = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(choice), encoding="utf-8")
    with chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=binary(), args=ARGUMENTS, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.goto(site.address)
        begin(opened(page))
        page.reload()
        expect(opened(page).locator("#going")).to_be_visible()


def test_the_cookies_of_the_site_and_of_the_page_itself_are_left_alone(
    visitors: Visitors, site: Site, weerwoord: WebServer
) -> None:
    page = visit(visitors, site, weerwoord)
    page.evaluate("localStorage.setItem('own', '1')")
    begin(opened(page))
    page.reload()
    assert set(site.cookies) == {"", "basket=3"}
    assert page.evaluate("[document.cookie, JSON.stringify(localStorage), sessionStorage.length]") == [
        "basket=3",
        '{"own":"1"}',
        0,
    ]
    assert cookies_for(page, COOKIE) == []
    page.goto(weerwoord.address)
    until(page, "document.documentElement.dataset.ready", "")
    assert cookies_for(page, COOKIE)[0]["sameSite"] == "Strict"
    assert page.locator("#going").is_hidden()  # the talk in the frame is not a talk here


def test_where_the_browser_keeps_no_cookie_of_the_frame(
    visitors: Visitors, weerwoord: WebServer, ports: dict[str, int]
) -> None:
    # http under a name that is not this machine's: a browser refuses a cookie that must be Secure
    address = f"http://weerwoord.test:{weerwoord.port}"
    for site in served("localhost", ports["foreign"], DEMO.replace(WEERWOORD, address)):
        page = visitors.open(hosts=(site.host, f"weerwoord.test:{weerwoord.port}"), reduced_motion="reduce")
        page.goto(site.address)
        inside = opened(page)
        begin(inside)
        say(inside, "Ik kom niet solliciteren, ik wil graag uw advies.", 2)
        say(inside, "Hoe bent u zelf in dit werk gekomen?", 3)
        assert page.context.cookies(f"{address}/embed") == []
        inside.locator("[data-payload='/stop']").click()
        expect(inside.locator("#after-title")).to_contain_text("Ruud")  # three turns of one talk


def in_frame(inside: FrameLocator) -> bool:
    """Whether keys go to the frame; the browser hands the focus to another process, which takes a moment."""
    return bool(inside.locator("html").evaluate("() => document.hasFocus()"))


def press_across(page: Page, inside: FrameLocator, key: str) -> None:
    """A key that moves the focus, until it has arrived on one side of the frame's edge."""
    page.keyboard.press(key)
    for _ in range(200):
        on_frame = page.evaluate("document.activeElement.shadowRoot?.activeElement.tagName") == "IFRAME"
        if on_frame == in_frame(inside):
            return
        page.wait_for_timeout(25)
    raise AssertionError("the focus is neither on the page nor in the frame")


def test_by_keyboard_in_and_out(visitors: Visitors, site: Site, weerwoord: WebServer) -> None:
    page = visit(visitors, site, weerwoord)
    button = page.get_by_role("button", name=OPEN)
    button.focus()
    page.keyboard.press("Enter")
    inside = page.frame_locator("weerwoord-widget iframe")
    expect(inside.locator("#start-title")).to_be_focused()
    assert button.get_attribute("aria-expanded") == "true"
    press_across(page, inside, "Shift+Tab")
    for _ in range(9):  # back over the links at the top of the frame
        if not in_frame(inside):
            break
        press_across(page, inside, "Shift+Tab")
    expect(page.get_by_role("button", name=CLOSE)).to_be_focused()
    press_across(page, inside, "Tab")
    assert in_frame(inside)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    assert button.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Space")
    expect(inside.locator("#start-title")).to_be_focused()
    page.get_by_role("button", name=CLOSE).click()
    expect(button).to_be_focused()


def test_escape_closes_what_is_open_in_the_frame_first(visitors: Visitors, site: Site, weerwoord: WebServer) -> None:
    page = visit(visitors, site, weerwoord)
    inside = opened(page)
    begin(inside)
    inside.locator("#panel-open").click()
    expect(inside.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(inside.locator("#panel")).to_be_hidden()
    expect(page.get_by_role("dialog", name=message("web.widget.title"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=OPEN)).to_be_focused()


def test_what_was_typed_is_there_when_it_opens_again(visitors: Visitors, site: Site, weerwoord: WebServer) -> None:
    page = visit(visitors, site, weerwoord)
    inside = opened(page)
    begin(inside)
    inside.locator("#text").fill("Nog niet af")
    inside.locator("#text").press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name=OPEN).click()
    expect(inside.locator("#text")).to_have_value("Nog niet af")
    expect(inside.locator("#text")).to_be_focused()


def test_on_a_phone_the_site_waits_behind_it(visitors: Visitors, site: Site, weerwoord: WebServer) -> None:
    page = visit(visitors, site, weerwoord, NARROW)
    opened(page)
    assert page.locator("weerwoord-widget dialog").evaluate("d => d.matches(':modal')")
    assert page.locator("weerwoord-widget dialog").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.get_by_role("button", name=CLOSE).focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name=OPEN)).to_be_focused()
    page.get_by_role("button", name=OPEN).click()
    page.set_viewport_size({"width": WIDE, "height": 800})
    expect(page.locator("weerwoord-widget dialog:not(:modal)")).to_be_visible()
    page.set_viewport_size({"width": WIDE // 2, "height": 400})  # as at 200 % zoom
    expect(page.locator("weerwoord-widget dialog:modal")).to_be_visible()


def test_in_forced_colours_the_button_has_an_edge(visitors: Visitors, site: Site, weerwoord: WebServer) -> None:
    page = visit(visitors, site, weerwoord, forced_colors="active")
    assert page.get_by_role("button", name=OPEN).evaluate("b => getComputedStyle(b).borderStyle") == "solid"
    opened(page)
    shoot(page, "widget-forced-colours")


def test_a_site_that_is_not_allowed(visitors: Visitors, weerwoord: WebServer, ports: dict[str, int]) -> None:
    for site in served("localhost", ports["stranger"], DEMO.replace(WEERWOORD, weerwoord.address)):
        page = visitors.open(hosts=(site.host, weerwoord.host))
        page.clock.install()
        page.goto(site.address)
        with visitors.watch(page).allowing("frame-ancestors", "CSP: frame-ancestors"):
            page.get_by_role("button", name=OPEN).click()
            expect(page.get_by_text(message("web.widget.loading"))).to_be_visible()
            page.wait_for_timeout(500)
            page.clock.run_for(11_000)
            expect(page.get_by_text(message("web.widget.refused"))).to_be_visible()
            shoot(page, "widget-refused")
            axe(page, "a site that is not allowed")
            page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=OPEN)).to_be_focused()


def test_on_a_neighbour_the_frame_and_the_page_are_two_talks(
    visitors: Visitors, weerwoord: WebServer, ports: dict[str, int]
) -> None:
    for site in served("127.0.0.1", ports["neighbour"], DEMO.replace(WEERWOORD, weerwoord.address)):
        page = visit(visitors, site, weerwoord)
        inside = opened(page)
        begin(inside)
        inside.locator("#text").fill("Alleen hier")
        own = page.context.new_page()
        own.goto(weerwoord.address)
        until(own, "document.documentElement.dataset.ready", "")
        assert own.locator("#going").is_hidden()
        assert own.evaluate("Object.keys(localStorage).filter((k) => !k.startsWith('weerwoord.embed.'))") == []


def test_a_second_tag_adds_nothing(visitors: Visitors, weerwoord: WebServer, ports: dict[str, int]) -> None:
    tag = f'<script src="{weerwoord.address}/widget.js"></script>'
    for site in served(
        "localhost", ports["foreign"], DEMO.replace(WEERWOORD, weerwoord.address).replace("</head>", tag)
    ):
        page = visit(visitors, site, weerwoord)
        expect(page.get_by_role("button", name=OPEN)).to_have_count(1)


def test_presets_that_are_not_known_are_told_to_who_makes_the_site(
    visitors: Visitors, weerwoord: WebServer, ports: dict[str, int]
) -> None:
    said: list[str] = []
    text = DEMO.replace(WEERWOORD, weerwoord.address).replace('"ruud"', '"<b>"').replace('data-level="1"', "")
    for site in served("localhost", ports["foreign"], text):
        page = visitors.open(hosts=(site.host, weerwoord.host))
        page.on("console", lambda m: said.append(f"{m.type}: {m.text}"))
        page.goto(site.address)
        inside = opened(page)
        expect(inside.locator("[name=partner]")).to_have_count(7)
        expect(inside.locator("[name=partner]").first).to_be_visible()
        assert len(said) == 1 and said[0].startswith("warning: Weerwoord: data-partner kent geen <b>. Kies uit: ")
