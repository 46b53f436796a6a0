"""Whatever is sent, there is a polite Dutch line, and the talk goes on where it was."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.e2e.servers import Browser, Servers, card
from weerwoord.messages import message

GOAL = "Ik kom niet om te solliciteren. Ik wil graag uw advies, want ik ben me nog aan het oriënteren."
START = '/start_practice{"partner": "ruud", "disposition": "mistaken", "seed": 7}'
WAY_OUT = "Loop je vast? Zeg ‘hint’. Wil je stoppen? Zeg ‘stop’."
LIMIT = 2000

REFUSED = {
    "empty": ("", "empty"),
    "only blanks": (" \n\t ", "empty"),
    "only control characters": ("\x00\x01\x02\x7f", "empty"),
    "half a character": ("\ud83d", "empty"),
    "a character too long": ("x" * (LIMIT + 1), "too_long"),
    "ten thousand emoji": ("😀" * 10_000, "too_big"),
    "a chapter": ("woord " * 6_000, "too_big"),
}
# the partner does not know what to make of these
TAKEN = {
    "just short enough": "x" * LIMIT,
    "emoji": "😀" * (LIMIT - 1),
    "HTML": "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "a file": "%PDF-1.4\x00\x01\x02 obj\x1b[0m",
    "German": "ich möchte bitte gehen",
    "Chinese": "我想和您谈谈",
    "Arabic": "مرحبا",
    "a command of Rasa": "/nergens",
    "a template": "{moment} %s ${x} {{7*7}}",
    "lines": "a\n\nb\r\nc",
}


def goes_on(browser: Browser) -> bool:
    told = card(browser.say(GOAL), "partner")
    return told is not None and told["phase"] == "open" and browser.slots()["phase"] == "open"


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_changes_nothing(browser: Browser, case: str) -> None:
    text, key = REFUSED[case]
    browser.press(START)
    before = browser.slots()
    body = json.dumps({"text": text})  # httpx would not encode half a character itself
    answer = browser.http.post("/api/messages", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.json() == {"error": message(f"web.errors.{key}", limit=LIMIT)}
    assert browser.slots() == before
    assert goes_on(browser)


def test_what_is_no_message_at_all(browser: Browser) -> None:
    browser.press(START)
    for body in (b"\xff\xfe\x00", b"[]", b'{"text": 7}', b'{"text"', b"[" * 20_000):
        answer = browser.http.post("/api/messages", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400 and answer.json() == {"error": message("web.errors.not_json")}
    assert goes_on(browser)


@pytest.mark.parametrize("case", TAKEN)
def test_what_says_nothing_gets_a_line_and_a_way_out(browser: Browser, case: str) -> None:
    browser.press(START)
    answered = browser.say(TAKEN[case])
    told = card(answered, "partner")
    assert told is not None and told["elements"] == [] and told["outcome"] is None
    assert {"text": WAY_OUT} in answered
    shown = browser.http.get("/api/history").json()["messages"]
    mine = [m["text"] for m in shown if m.get("user")]
    assert len(mine) == 1 and "\x00" not in mine[0]
    assert goes_on(browser)


@pytest.mark.parametrize("case", REFUSED)
def test_a_channel_without_the_page_before_it(servers: Servers, case: str) -> None:
    text = REFUSED[case][0]
    sender = f"raw-{case}"

    def send(message: str) -> list[dict[str, str]]:
        body = json.dumps({"sender": sender, "message": message})
        answer = httpx.post(f"{servers.assistant}/webhooks/rest/webhook", content=body, timeout=60).raise_for_status()
        replies: list[dict[str, str]] = answer.json()
        return replies

    send(START)
    replies = send(text)
    if case != "half a character":  # SQLite cannot keep it, so Rasa says nothing
        assert replies and all(r.get("text") or r.get("custom") for r in replies)
    if len(text) > LIMIT:
        assert str(len(text.strip())) in replies[0]["text"] and str(LIMIT) in replies[0]["text"]
    told = card(send(GOAL), "partner")
    assert told is not None and told["phase"] == "open"
