"""The web app passes messages on, keeps strangers out and stays polite when the assistant is away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from weerwoord.messages import message, section
from weerwoord.scenario import scenarios
from weerwoord.settings import read_settings
from weerwoord.web.app import create_app
from weerwoord.web.assets import assets
from weerwoord.web.common import COOKIE, HERE
from weerwoord.web.page import LATER
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


def test_the_page_carries_every_partner_and_every_text_of_its_own() -> None:
    page = client(echo).get("/").text
    config = json.loads(re.findall(r'id="config">(.*?)</script>', page, re.S)[0])
    assert [p["id"] for p in config["partners"]] == list(scenarios()) and config["texts"]["title"] == "Weerwoord"
    assert all(f"<strong>{s.full_name}</strong>" in page for s in scenarios().values())


def is_text(key: str) -> bool:
    """Whether a key leads to a text or a section; what follows a text is a method of it."""
    node: Any = section("web")
    for part in key.split("."):
        if not isinstance(node, dict):
            return True
        if part not in node:
            return part == "items"
        node = node[part]
    return True


def test_every_text_that_a_script_or_template_asks_for_is_there() -> None:
    asked = 0
    for path in [*HERE.glob("static/*.js"), *HERE.glob("templates/*.html")]:
        source = path.read_text(encoding="utf-8")
        short = [("texts", "")] if path.suffix == ".js" else [("t", "")]
        short += [(name, f"{part}.") for name, part in re.findall(r"const (\w+) = texts\.(\w+);", source)]
        for name in {name for name, _ in short}:
            for key in re.findall(rf"(?<![\w.$/]){name}\.([a-z_]\w*(?:\.[a-z_]\w*)*)", source):
                assert any(is_text(prefix + key) for n, prefix in short if n == name), f"{path.name}: {name}.{key}"
                asked += 1
    assert asked > 150


def test_every_module_is_small_and_preloaded() -> None:
    page = client(echo).get("/").text
    for path in HERE.glob("static/*.js"):
        assert (f"{assets().base}/{path.name}" in page) is (path.name not in LATER)
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 260, path.name


def test_the_first_view_is_at_most_a_hundred_kilobytes() -> None:
    browser = client(echo)
    paths = ["/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/").text)]
    sizes = [int(browser.get(path, headers={"Accept-Encoding": "gzip"}).headers["content-length"]) for path in paths]
    assert len(paths) > 15 and sum(sizes) < 100 * 1024


def test_a_browser_keeps_the_files_of_this_version_for_good() -> None:
    browser = client(echo)
    kept = browser.get(f"{assets().base}/app.js")
    assert "immutable" in kept.headers["cache-control"] and kept.headers["content-type"].startswith("text/javascript")
    plain = browser.get("/static/app.js", headers={"Accept-Encoding": "identity"})
    assert plain.headers["cache-control"] == "no-cache" and "content-encoding" not in plain.headers
    assert plain.text == kept.text == (HERE / "static" / "app.js").read_text(encoding="utf-8")
    assert browser.get("/static/0123456789/app.js").headers["cache-control"] == "no-cache"  # of an older page
    again = browser.get("/static/app.js", headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304 and again.content == b""


@pytest.mark.parametrize("path", ["/static/geen.js", "/static/../app.py", "/static/%2e%2e/app.py", "/static/"])
def test_only_the_files_for_the_browser_are_served(path: str) -> None:
    assert client(echo).get(path).status_code == 404


def test_the_page_sets_a_cookie_that_scripts_cannot_read() -> None:
    answer = client(echo).get("/")
    cookie = answer.headers["set-cookie"]
    assert COOKIE in cookie and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "{{" not in answer.text and 'lang="nl"' in answer.text


@pytest.mark.parametrize("path", ["/", "/api/history", "/api/health", "/static/app.js", "/nergens"])
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


def test_a_broken_connection_is_tried_once_more_with_the_same_id() -> None:
    arrived: list[str] = []

    def break_first(request: httpx.Request) -> httpx.Response:
        arrived.append(json.loads(request.content)["metadata"]["id"])
        if len(arrived) == 1:
            raise httpx.ReadError("gone", request=request)
        return echo(request)

    assert visit(break_first).post("/api/messages", json={"text": "hallo"}).json() == {"replies": [{"text": "hallo"}]}
    assert len(arrived) == 2 and len(set(arrived)) == 1 and arrived[0]


def test_another_assistant_answers_for_one_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEERWOORD_ASSISTANT_URL", "http://one:1, http://two:2")
    asked: list[str] = []

    def only_two(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return echo(request) if request.url.host == "two" else unreachable(request)

    browser = TestClient(create_app(read_settings(), transport=httpx.MockTransport(only_two)))
    for _ in range(3):
        browser.cookies.clear()
        assert browser.post("/api/messages", json={"text": "hallo"}).status_code == 200
    assert asked.count("one") <= 1  # one that is away is not asked again at once


@pytest.mark.parametrize(
    ("status", "told", "answered", "key"),
    [(503, "store", 503, "not_kept"), (503, "busy", 503, "busy"), (500, "failed", 500, "ours"), (502, "", 503, "away")],
)
def test_what_the_assistant_could_not_do_is_told(status: int, told: str, answered: int, key: str) -> None:
    answer = visit(lambda request: httpx.Response(status, json={"error": told})).post(
        "/api/messages", json={"text": "hallo"}
    )
    assert answer.status_code == answered and answer.json()["error"] == message(f"web.errors.{key}")


def test_an_assistant_that_is_away_or_silent() -> None:
    away = visit(unreachable).post("/api/messages", json={"text": "hallo"})
    assert away.status_code == 503 and "geen antwoord" in away.json()["error"]
    silent = visit(lambda request: httpx.Response(200, json=[])).post("/api/messages", json={"text": "hallo"})
    assert silent.json()["trouble"] is True and silent.json()["replies"][0]["text"]


def history(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    browser = visit(lambda request: httpx.Response(200, json={"events": events}))
    messages: list[dict[str, Any]] = browser.get("/api/history").json()["messages"]
    return messages


def test_the_history_shows_both_sides_and_no_commands() -> None:
    events = [
        {"event": "user", "text": "/session_start"},
        {"event": "user", "text": "hallo", "timestamp": 5.0, "metadata": {"id": "a1"}},
        {"event": "bot", "text": "Dag.", "data": {"buttons": None, "custom": None}, "timestamp": 6.0},
        {"event": "slot", "name": "phase", "value": "open"},
    ]
    assert history(events) == [{"user": True, "text": "hallo", "id": "a1", "at": 5.0}, {"text": "Dag.", "at": 6.0}]


def test_the_history_is_that_of_the_last_talk() -> None:
    def talk(line: str) -> list[dict[str, Any]]:
        return [
            {"event": "user", "text": "/start_practice"},
            {"event": "bot", "text": line},
            {"event": "slot", "name": "record", "value": {"start": {}, "opening": line}},
            {"event": "user", "text": f"antwoord op {line}"},
            {"event": "slot", "name": "record", "value": {"turn": {}}},
        ]

    shown = history([*talk("eerste"), *talk("tweede")])
    assert [item["text"] for item in shown] == ["tweede", "antwoord op tweede"]
    told = [{"event": "user", "text": "/share_experience"}, {"event": "active_loop", "name": "experience_form"}]
    asked = {"event": "bot", "text": "Wat gebeurde er?"}
    assert history([*talk("eerste"), *told, asked]) == [{"text": "Wat gebeurde er?"}]


def test_the_plain_debrief_moves_into_its_card() -> None:
    parts = ["Nabespreking van je gesprek met Ruud Vermeulen", "Je doel (tip 1): duidelijk"]
    custom = {"type": "debrief", "partner": "Ruud Vermeulen"}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[{"text": "Tot ziens."}, *({"text": p} for p in parts), {"custom": custom}])

    replies = visit(answer).post("/api/messages", json={"text": "dag"}).json()["replies"]
    assert replies == [{"text": "Tot ziens."}, {"custom": {**custom, "text": "\n\n".join(parts)}}]


def test_the_id_of_a_message_is_kept_with_it() -> None:
    kept: list[Any] = []

    def keep(request: httpx.Request) -> httpx.Response:
        kept.append(json.loads(request.content)["metadata"])
        return echo(request)

    visit(keep).post("/api/messages", json={"text": "hallo", "id": "a1"})
    assert kept == [{"id": "a1"}]


def test_who_sends_too_fast_reads_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEERWOORD_LIMIT_TALK", "2")
    app = create_app(read_settings(), transport=httpx.MockTransport(echo))
    fast, other = TestClient(app), TestClient(app)
    for browser in (fast, other):
        browser.get("/")
    statuses = [fast.post("/api/messages", json={"text": "hallo"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = fast.post("/api/messages", json={"text": "hallo"})
    seconds = int(refused.headers["retry-after"])
    assert 20 < seconds <= 30 and refused.json()["error"] == message("web.errors.too_fast", seconds=seconds)
    assert f"{seconds} seconden" in refused.json()["error"]
    assert "default-src 'none'" in refused.headers["content-security-policy"]
    assert fast.get("/").status_code == 200
    assert other.post("/api/messages", json={"text": "hallo"}).status_code == 200


def test_one_address_that_asks_too_often_does_not_hurt_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEERWOORD_LIMIT_ADDRESS", "3")
    app = create_app(read_settings(), transport=httpx.MockTransport(echo))
    one, other, here = (TestClient(app, client=(a, 5000)) for a in ("203.0.113.7", "203.0.113.8", "127.0.0.1"))
    assert [one.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert one.get("/health").status_code == one.get("/static/app.js").status_code == 200
    assert other.get("/").status_code == 200
    assert {here.get("/").status_code for _ in range(9)} == {200}


def test_health_and_figures_of_the_web_app() -> None:
    app = create_app(transport=httpx.MockTransport(echo))
    here, far = TestClient(app, client=("127.0.0.1", 5000)), TestClient(app, client=("10.0.0.7", 5000))
    assert here.get("/health").json() == {"web": True}
    here.get("/")
    assert 'weerwoord_requests_total{route="page",status="200"}' in here.get("/metrics").text
    assert far.get("/metrics").status_code == 404
