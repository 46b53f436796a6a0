"""A real browser that keeps watch: what a page must never do fails the test, whatever the test was about."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Frame, Page, Request

from weerwoord.settings import ROOT

ARTEFACTS = ROOT / "artefacts" / "browser"
BINARIES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.test 127.0.0.1",  # sites with names, which browsers do not trust as they do localhost
]
WIDE, NARROW = 1280, 390  # px; a laptop and a phone
HEIGHTS = {WIDE: 800, NARROW: 844}  # px
PATIENCE = 10_000  # ms; the machine may be busy

# runs before any script of the page, in every frame
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (e) =>
  window.__violation(`${e.effectiveDirective} refused ${e.blockedURI || "inline"} on ${location.href}`));
"""


def chromium() -> str | None:
    """Where Chromium is, None when it is not on this machine."""
    return next(filter(None, map(shutil.which, BINARIES)), None)


@dataclass
class Watch:
    """What went wrong in the pages of one visitor.

    Args:
        hosts: `host:port` of every server that these pages may ask.
    """

    hosts: set[str]
    findings: list[str] = field(default_factory=list)
    finished: list[Request] = field(default_factory=list)
    _allowed: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page that this context opens."""
        context.expose_binding("__violation", lambda source, text: self._find(f"CSP: {text}"))
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._find(f"uncaught: {error.error}"))
        context.on("request", self._on_request)
        context.on("requestfinished", lambda request: self.finished.append(request))

    @contextmanager
    def allowing(self, *texts: str) -> Iterator[None]:
        """Findings with one of these texts are meant to happen here, such as a request that fails."""
        self._allowed += texts
        try:
            yield
        finally:
            for text in texts:
                self._allowed.remove(text)

    def transferred(self) -> int:
        """Bytes received so far, headers included."""
        sizes = [request.sizes() for request in self.finished]
        return sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes)

    def _on_console(self, said: ConsoleMessage) -> None:
        source = said.location["url"]
        # Chromium asks for that icon by itself, on what is not a page of ours (JSON, a text) and names none
        if said.type == "error" and not source.endswith("/favicon.ico"):
            self._find(f"console: {said.text} ({source})")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.netloc not in self.hosts:
            self._find(f"foreign request: {request.url}")

    def _find(self, text: str) -> None:
        if not any(part in text for part in self._allowed):
            self.findings.append(text)


class Visitors:
    """Opens pages, each as a new person in a browser of his own."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.watches: list[Watch] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def open(self, width: int = WIDE, hosts: tuple[str, ...] = (), **how: Any) -> Page:
        """Open an empty page; `page.goto("/")` goes to the practice page.

        Args:
            width: of the window in px, `WIDE` or `NARROW` (a phone, with touch).
            hosts: `host:port` of servers that the page may ask besides our own.
            how: more for Playwright's `new_context`, such as `reduced_motion="reduce"`.
        """
        context = self._browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": HEIGHTS.get(width, 800)},
            has_touch=width == NARROW,
            locale="nl-NL",
            **how,
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch({urlsplit(self.address).netloc, *hosts})
        watch.over(context)
        self._contexts.append(context)
        self.watches.append(watch)
        return context.new_page()

    def watch(self, page: Page) -> Watch:
        """What is being watched on this page."""
        return self.watches[self._contexts.index(page.context)]

    def close(self) -> list[str]:
        """Close all pages.

        Returns:
            What went wrong on them.
        """
        for context in self._contexts:
            for page in context.pages:
                page.evaluate("0")  # what the page still had to report, arrives before the answer
            context.close()
        return [finding for watch in self.watches for finding in watch.findings]


@contextmanager
def offline(page: Page, watch: Watch) -> Iterator[None]:
    """The network is gone for this page, and back afterwards; that requests fail meanwhile is no finding."""
    with watch.allowing("net::ERR_INTERNET_DISCONNECTED"):
        page.context.set_offline(True)
        yield
        page.context.set_offline(False)


def axe(page: Page | Frame, state: str) -> None:
    """Check the page, or a frame in it, with all rules of axe-core.

    Args:
        page: what to check, as it stands now.
        state: its name in the report, such as `"debrief"`.

    Raises:
        AssertionError: there are findings; each is named with its elements.
    """
    page.evaluate(AXE_SCRIPT)
    # each frame is checked by itself: axe cannot look into one of another origin
    violations = page.evaluate("axe.run({resultTypes: ['violations'], iframes: false}).then((r) => r.violations)")
    found = [
        f"{v['id']} ({v['impact']}): {v['help']}\n" + "\n".join(f"    {json.dumps(n['target'])}" for n in v["nodes"])
        for v in violations
    ]
    assert not found, f"axe in state {state!r}:\n" + "\n".join(found)


def shoot(page: Page, name: str, full: bool = False) -> Path:
    """Keep a picture of the page as it stands now.

    Args:
        page: the page.
        name: of the state, such as `"debrief"`; the width of the window is added.
        full: also what is below the fold.
    """
    size = page.viewport_size
    path = ARTEFACTS / f"{name}-{size['width'] if size else 'any'}.png"
    page.screenshot(path=path, full_page=full)
    return path
