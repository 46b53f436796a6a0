"""Another site may load the script and, when it is listed, show the page; the frame is a person of its own."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import httpx
import pytest
from starlette.testclient import TestClient

from weerwoord.messages import message
from weerwoord.settings import read_settings
from weerwoord.web.app import create_app
from weerwoord.web.common import COOKIE, FRAME_COOKIE, FRAME_HEADER
from weerwoord.web.embed import frame_ancestors

SITES = ("https://www.coach.nl", "http://localhost:9000")


def say_who(request: httpx.Request) -> httpx.Response:
    """An assistant that answers with the sender."""
    return httpx.Response(200, json=[{"text": json.loads(request.content)["sender"]}])


def visit(*sites: str, address: str = "https://oefenen.coach.nl") -> TestClient:
    settings = replace(read_settings(), widget_sites=sites)
    return TestClient(create_app(settings, httpx.MockTransport(say_who)), base_url=address)


def policy(browser: TestClient, path: str) -> str:
    return str(browser.get(path).headers["content-security-policy"]).split("frame-ancestors ")[1]


def who(browser: TestClient, path: str, **headers: str) -> str:
    return str(browser.post(path, json={"text": "hallo"}, headers=headers).json()["replies"][0]["text"])


def test_only_the_sites_in_the_list_show_the_page_and_only_that_one() -> None:
    browser = visit(*SITES)
    assert policy(browser, "/embed") == "https://www.coach.nl http://localhost:9000"
    for path in ("/", "/embed/api/history", "/api/history", "/widget.js", "/static/app.js", "/nergens"):
        assert policy(browser, path) == "'none'", path
    assert policy(visit(), "/embed") == frame_ancestors(()) == "'none'"


def test_the_frame_has_a_cookie_of_its_own_and_the_page_keeps_its_strict_one() -> None:
    browser = visit(*SITES)
    cookie = browser.get("/embed").headers["set-cookie"]
    parts = {p.strip().lower() for p in cookie.split(";")[1:]}
    assert cookie.startswith(f"{FRAME_COOKIE}=") and parts >= {"httponly", "path=/embed", "samesite=none", "secure"}
    assert "partitioned" in parts
    cookie = browser.get("/").headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=") and "SameSite=strict" in cookie and "Partitioned" not in cookie


def test_a_talk_in_the_frame_and_one_on_the_page_are_two() -> None:
    browser = visit(*SITES)
    browser.get("/embed")
    browser.get("/")
    frame, page = browser.cookies[FRAME_COOKIE], browser.cookies[COOKIE]
    assert [who(browser, "/embed/api/messages"), who(browser, "/api/messages")] == [frame, page]
    assert who(browser, "/embed/api/messages") == frame


def test_without_its_cookie_a_frame_is_known_by_the_header_until_it_has_one() -> None:
    browser = visit(*SITES, address="http://192.168.1.5:8000")  # httpx keeps no Secure cookie over http either
    browser.get("/embed")
    answer = browser.post("/embed/api/messages", json={"text": "hallo"})
    talk = answer.headers[FRAME_HEADER]
    assert answer.json()["replies"][0]["text"] == talk
    assert who(browser, "/embed/api/messages", **{FRAME_HEADER: talk}) == talk
    assert who(browser, "/embed/api/messages", **{FRAME_HEADER: "../etc"}) != "../etc"
    assert who(browser, "/api/messages", **{FRAME_HEADER: talk}) != talk


def test_the_id_stays_out_of_sight_where_the_cookie_works() -> None:
    browser = visit(*SITES)
    assert FRAME_HEADER not in browser.get("/embed").headers
    assert FRAME_HEADER not in browser.post("/embed/api/messages", json={"text": "hallo"}).headers
    assert FRAME_HEADER not in browser.post("/api/messages", json={"text": "hallo"}).headers


@pytest.mark.parametrize(
    ("query", "embed"),
    [
        ("", {"partner": None, "level": None}),
        ("?partner=ruud&level=2", {"partner": "ruud", "level": "2"}),
        ("?partner=%3Cb%3E&level=5", {"partner": None, "level": None}),
    ],
)
def test_presets(query: str, embed: dict[str, str | None]) -> None:
    page = visit(*SITES).get(f"/embed{query}").text
    found = re.search(r'id="config">(.*?)</script>', page)
    assert found and json.loads(found[1])["embed"] == embed
    assert len(re.findall(r"<fieldset hidden>", page)) == sum(v is not None for v in embed.values())


def test_the_script_may_be_loaded_and_kept_by_any_site() -> None:
    answer = visit().get("/widget.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert "{{" not in answer.text and message("web.widget.button") in answer.text
    assert "set-cookie" not in answer.headers
    assert not re.search(r"document\.cookie|(local|session)Storage", answer.text)
