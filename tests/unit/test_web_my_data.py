"""Over HTTP everybody takes his own data along or deletes it, and nobody another's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tests.talks import alike as records
from weerwoord.messages import message
from weerwoord.store import Store, StoreError
from weerwoord.web.app import create_app
from weerwoord.web.common import COOKIE, FRAME, FRAME_COOKIE, new_sender


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'kept.db'}")
    yield made
    made.database.engine.dispose()


def nobody(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no assistant here", request=request)


def visitor(kept: Store, sender: str | None) -> TestClient:
    browser = TestClient(
        create_app(transport=httpx.MockTransport(nobody), kept=lambda: kept), base_url="https://testserver"
    )
    if sender:
        browser.cookies.set(COOKIE, sender)
    return browser


def test_everybody_takes_only_his_own_along(kept: Store) -> None:
    mine, other = new_sender(), new_sender()
    kept.talks.keep(mine, "rest", records("Ik zoek Kruimelburg."))
    kept.talks.keep(other, "rest", records("Ik zoek Pannenkoekland."))
    answer = visitor(kept, mine).get("/api/my-data")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["talks"][0]["turns"][0]["reply"] == "Ik zoek Kruimelburg."
    assert "Pannenkoekland" not in answer.text and mine not in answer.text


@pytest.mark.parametrize("sender", [None, "x", "' OR 1=1 --", new_sender()])
def test_a_stranger_gets_nothing_and_deletes_nothing(kept: Store, sender: str | None) -> None:
    kept.talks.keep("a" * 43, "rest", records("Ik zoek Kruimelburg."))
    stranger = visitor(kept, sender)
    assert stranger.get("/api/my-data").json() == {}
    assert stranger.delete("/api/my-data").json() == {"deleted": False}
    assert len(kept.talks.of("a" * 43)) == 1


def test_what_is_deleted_is_gone_with_its_cookie(kept: Store, tmp_path: Path) -> None:
    mine, other = new_sender(), new_sender()
    for sender in (mine, other):
        kept.talks.keep(sender, "rest", records(f"Ik zoek Kruimelburg{sender[:5]}."))
    browser = visitor(kept, mine)
    answer = browser.delete("/api/my-data")
    assert answer.json() == {"deleted": True}
    assert answer.headers["set-cookie"].startswith(f'{COOKIE}="";') and "Max-Age=0" in answer.headers["set-cookie"]
    assert not any(f"Kruimelburg{mine[:5]}".encode() in file.read_bytes() for file in tmp_path.iterdir())
    assert json.loads(visitor(kept, other).get("/api/my-data").text)["talks"]


def test_in_a_frame_the_cookie_of_the_frame_counts(kept: Store) -> None:
    mine = new_sender()
    kept.talks.keep(mine, "rest", records("Dag."))
    browser = visitor(kept, None)
    browser.cookies.set(FRAME_COOKIE, mine, path=FRAME)
    assert browser.get(f"{FRAME}/api/my-data").json()["talks"]
    answer = browser.delete(f"{FRAME}/api/my-data")
    assert answer.json() == {"deleted": True} and "Max-Age=0" in answer.headers["set-cookie"]
    assert (
        answer.headers["set-cookie"].startswith(f'{FRAME_COOKIE}="";') and "Partitioned" in answer.headers["set-cookie"]
    )


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_without_a_database_it_says_so(method: str) -> None:
    def broken() -> Store:
        raise StoreError("weg")

    browser = TestClient(create_app(transport=httpx.MockTransport(nobody), kept=broken))
    browser.cookies.set(COOKIE, new_sender())
    answer = browser.request(method, "/api/my-data")
    assert answer.status_code == 503 and message("web.errors.away") in answer.text


def test_no_other_method_is_taken(kept: Store) -> None:
    assert visitor(kept, new_sender()).post("/api/my-data").status_code == 405
