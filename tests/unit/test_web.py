"""The web app passes messages on, keeps strangers out and stays polite when the assistant is away."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from weerwoord.messages import message
from weerwoord.web.app import COOKIE, create_app
from weerwoord.web.present import ESCAPE

Handler = Callable[[httpx.Request], httpx.Response]


def client(handler: Handler) -> TestClient:
    return TestClient(create_app(transport=httpx.MockTransport(handler)))


def echo(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=[{"text": json.loads(request.content)["message"]}])


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


def visit(handler: Handler = echo) -> TestClient:
    browser = client(handler)
    browser.get("/")
    return browser


def test_the_page_says_which_keys_to_use_and_shows_nothing_of_the_program() -> None:
    page = client(echo).get("/").text
    assert message("web.keys") in page
    assert "built-in" not in page and "{{" not in page


def test_the_page_sets_a_cookie_that_scripts_cannot_read() -> None:
    answer = client(echo).get("/")
    cookie = answer.headers["set-cookie"]
    assert COOKIE in cookie and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "{{" not in answer.text and 'lang="nl"' in answer.text


@pytest.mark.parametrize("path", ["/", "/api/history", "/api/health", "/static/page.js", "/nergens"])
def test_every_answer_has_the_security_headers(path: str) -> None:
    headers = client(echo).get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("body", "arrives"),
    [
        ({"text": "hallo"}, "hallo"),
        ({"text": "/stop"}, ESCAPE + "/stop"),
        ({"text": "/stop", "payload": True}, "/stop"),
        ({"text": "<img src=x onerror=alert(1)>"}, "<img src=x onerror=alert(1)>"),
    ],
)
def test_a_message_arrives(body: dict[str, Any], arrives: str) -> None:
    assert visit().post("/api/messages", json=body).json() == {"replies": [{"text": arrives}]}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"text": ""}', 422),
        (b'{"text": 3}', 400),
        (b"[]", 400),
        (b"\xff\x00", 400),
        (json.dumps({"text": "x" * 2001}).encode(), 422),
        (b"x" * 40_000, 413),
    ],
)
def test_what_cannot_be_taken_gets_a_sentence(content: bytes, status: int) -> None:
    answer = visit().post("/api/messages", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status and len(answer.json()["error"]) > 20


def test_a_form_on_a_foreign_site_sends_nothing() -> None:
    answer = visit().post("/api/messages", content=b'{"text": "hallo"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_a_message_without_a_cookie_begins_a_talk_of_its_own() -> None:
    first, second = client(echo), client(echo)
    assert first.post("/api/messages", json={"text": "hallo"}).status_code == 200
    second.post("/api/messages", json={"text": "hallo"})
    assert first.cookies[COOKIE] != second.cookies[COOKIE]


def test_a_message_sent_again_is_answered_once() -> None:
    arrived: list[str] = []

    def count(request: httpx.Request) -> httpx.Response:
        arrived.append(request.url.path)
        return echo(request)

    browser = visit(count)
    answers = [browser.post("/api/messages", json={"text": "hallo", "id": "a1"}).json() for _ in range(2)]
    assert answers[0] == answers[1] and len(arrived) == 1


def test_an_assistant_that_is_away_or_silent() -> None:
    away = visit(unreachable).post("/api/messages", json={"text": "hallo"})
    assert away.status_code == 503 and "geen antwoord" in away.json()["error"]
    silent = visit(lambda request: httpx.Response(200, json=[])).post("/api/messages", json={"text": "hallo"})
    assert silent.json()["trouble"] is True and silent.json()["replies"][0]["text"]


def test_the_history_shows_both_sides_and_no_commands() -> None:
    events = [
        {"event": "user", "text": "/session_start"},
        {"event": "user", "text": "hallo"},
        {"event": "bot", "text": "Dag.", "data": {"buttons": None, "custom": None}},
        {"event": "slot", "name": "phase", "value": "open"},
    ]
    browser = visit(lambda request: httpx.Response(200, json={"events": events}))
    assert browser.get("/api/history").json()["messages"] == [
        {"user": True, "text": "hallo"},
        {"text": "Dag."},
    ]
