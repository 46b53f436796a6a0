"""What is kept of a person, over HTTP: only the owner reads it, a code brings it back, guessing is slow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from weerwoord.judge import Finding, Judgement
from weerwoord.messages import message
from weerwoord.partner import start
from weerwoord.practice import take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.store import Store, StoreError
from weerwoord.transcript import Transcript
from weerwoord.web.app import create_app
from weerwoord.web.common import COOKIE, new_sender
from weerwoord.web.mine import GUESSES

RUUD = scenarios()["ruud"]
OFFER = ("acknowledge_time", "propose_other_moment", "leave_choice")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'kept.db'}")
    yield made
    made.database.engine.dispose()


def nobody(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no assistant here", request=request)


class Visitor:
    """Somebody with a cookie of his own before the same store."""

    def __init__(self, kept: Store) -> None:
        self.kept = kept
        self.sender = new_sender()
        self.http = TestClient(create_app(transport=httpx.MockTransport(nobody), kept=lambda: kept))
        self.http.cookies.set(COOKIE, self.sender)

    def practise(self, *elements: str, doubtful: str = "thank") -> str:
        """A talk of one turn that does this; returns its key."""
        first = start(RUUD, "pressed", 7)
        judgement = Judgement(tuple(Finding(e, 0.9, 0, 4) for e in elements), (Finding(doubtful, 0.4, 0, 2),))
        talk = Transcript(first.state, first.line)
        turn = take_turn(talk, "een antwoord", judgement, RUUD, rubric())
        records = [{"start": first.state.as_dict(), "opening": first.line}, {"turn": turn.as_dict()}]
        key = self.kept.talks.keep(self.sender, "rest", records)
        assert key is not None
        return key

    def consent(self) -> None:
        with self.kept.database.writing() as connection:
            self.kept.people.set_consent(connection, self.sender, True)

    def talks(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.get("/api/talks").json()
        return answer


@pytest.fixture
def anna(kept: Store) -> Visitor:
    return Visitor(kept)


@pytest.fixture
def bram(kept: Store) -> Visitor:
    return Visitor(kept)


def test_a_stranger_has_no_talks(anna: Visitor) -> None:
    assert anna.talks() == {"talks": [], "coach_may_read": None, "has_code": False}


def test_the_talks_that_are_over_are_listed_the_newest_first(anna: Visitor, bram: Visitor) -> None:
    won = anna.practise(*OFFER)
    lost = anna.practise("reproach", "accept_brushoff")
    anna.practise("greet")  # goes on: what is hidden stays so
    bram.practise(*OFFER)
    talks = anna.talks()["talks"]
    assert [talk["key"] for talk in talks] in ([lost, won], [won])  # a reproach may or may not end it
    last = talks[-1]
    assert last["outcome"] == "appointment" and last["good"] is True and last["level"] == 2 and last["turns"] == 1
    assert last["verdicts"]["reschedule"] == "clear" and last["name"] == "Ruud Vermeulen"
    assert last["outcome_text"] == "Je hebt een nieuwe afspraak."


def test_a_debrief_can_be_read_again_by_its_owner_only(anna: Visitor, bram: Visitor) -> None:
    key = anna.practise(*OFFER)
    told = anna.http.get(f"/api/talks/{key}").json()
    assert told["type"] == "debrief" and told["key"] == key and told["outcome"] == "appointment"
    assert told["text"].startswith("Nabespreking") and told["start"] == {"interest": 4, "patience": 6}
    bram.practise(*OFFER)
    refused = bram.http.get(f"/api/talks/{key}")
    assert refused.status_code == 404 and refused.json() == {"error": message("web.errors.no_talk")}
    bram.http.cookies.clear()
    assert bram.http.get(f"/api/talks/{key}").status_code == 404


def test_the_debrief_of_a_talk_that_goes_on_stays_hidden(anna: Visitor) -> None:
    assert anna.http.get(f"/api/talks/{anna.practise('greet')}").status_code == 404


def test_what_was_meant_is_kept_and_can_be_changed(anna: Visitor, bram: Visitor) -> None:
    key = anna.practise(*OFFER)
    answer = {"turn": 1, "element": "thank", "meant": True}
    assert anna.http.post(f"/api/talks/{key}/meant", json=answer).json() == {"meant": True}
    assert anna.http.get(f"/api/talks/{key}").json()["answers"] == [answer]
    anna.http.post(f"/api/talks/{key}/meant", json={**answer, "meant": None})
    assert anna.http.get(f"/api/talks/{key}").json()["answers"] == []
    assert bram.http.post(f"/api/talks/{key}/meant", json=answer).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"element": "goal"}, {"turn": 2}, {"meant": "ja"}, {"element": ["thank"]}, {"turn": {}}]
)
def test_only_what_was_asked_can_be_answered(anna: Visitor, wrong: dict[str, Any]) -> None:
    key = anna.practise(*OFFER)
    sent = {"turn": 1, "element": "thank", "meant": True, **wrong}
    assert anna.http.post(f"/api/talks/{key}/meant", json=sent).status_code == 422


def test_a_preparation_is_kept_only_for_who_lets_a_coach_read(anna: Visitor) -> None:
    key = anna.practise(*OFFER)
    given = {"goal": " Advies vragen. ", "who": "", "what": 3, "other": "x", "why": "y" * 900}
    assert anna.http.post("/api/preparation", json=given).status_code == 422
    anna.consent()
    assert anna.http.post("/api/preparation", json=given).json() == {"kept": True}
    kept = anna.http.get(f"/api/talks/{key}").json()["preparation"]
    assert kept == {"goal": "Advies vragen.", "why": "y" * 500}
    anna.kept.people.forget(anna.sender)
    assert anna.kept.additions.preparation(key) is None


def test_a_code_brings_a_person_back_on_another_device(anna: Visitor, bram: Visitor) -> None:
    anna.practise(*OFFER)
    code = anna.http.post("/api/code", json={}).json()["code"]
    assert anna.talks()["has_code"] is True
    answer = bram.http.post("/api/enter", json={"code": code.lower().replace("-", " ")})
    assert answer.json() == {"entered": True}
    assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=strict" in answer.headers["set-cookie"]
    bram.http.cookies.clear()
    bram.http.cookies.set(COOKIE, answer.cookies[COOKIE])
    assert bram.talks() == anna.talks()


def test_a_newcomer_gets_a_code_and_a_cookie(anna: Visitor) -> None:
    anna.http.cookies.clear()
    answer = anna.http.post("/api/code", json={})
    assert answer.cookies[COOKIE] and anna.kept.people.by_code(answer.json()["code"]) is not None


def test_guessing_codes_is_stopped(anna: Visitor) -> None:
    code = anna.http.post("/api/code", json={}).json()["code"]
    for guess in ["", "ABCD-EFGH-JKMN", 3, None, *["2222-2222-2222"] * (GUESSES.count - 4)]:
        answer = anna.http.post("/api/enter", json={"code": guess})
        assert answer.status_code == 404 and answer.json() == {"error": message("web.errors.wrong_code")}
    answer = anna.http.post("/api/enter", json={"code": code})
    assert answer.status_code == 429 and answer.json() == {"error": message("web.errors.too_often")}


@pytest.mark.parametrize("path", ["/api/code", "/api/enter", "/api/preparation", "/api/talks/abc/meant"])
def test_a_form_on_a_foreign_site_changes_nothing(anna: Visitor, path: str) -> None:
    assert anna.http.post(path, data={"code": "x"}).status_code == 415
    assert anna.http.post(path, json=["x"]).status_code == 400
    assert anna.http.get(path).status_code in (404, 405)


def test_a_database_that_is_away(tmp_path: Path) -> None:
    def away() -> Store:
        raise StoreError("no database")

    browser = TestClient(create_app(transport=httpx.MockTransport(nobody), kept=away))
    browser.cookies.set(COOKIE, new_sender())
    answer = browser.get("/api/talks")
    assert answer.status_code == 503 and answer.json() == {"error": message("web.errors.away")}
