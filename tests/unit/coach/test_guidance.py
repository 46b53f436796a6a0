"""What somebody who practises sees of his coach, and that another does not."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.talks import coach, group, held
from weerwoord.messages import message
from weerwoord.store import Store
from weerwoord.web.common import COOKIE
from weerwoord.web.guidance import GUESSES

SAM, KIM = "sam" * 12, "kim" * 12


@pytest.fixture
def sam(app: Starlette) -> TestClient:
    return TestClient(app, cookies={COOKIE: SAM})


def test_join_a_group_and_leave_it(sam: TestClient, kept: Store) -> None:
    els = coach(kept, "Els")
    group(kept, els)
    (mine,) = kept.groups.of(els)
    assert sam.get("/api/group").json() == {"group": None}
    assert sam.post("/api/group", json={"code": f" {mine.code[:4].lower()}-{mine.code[4:]}"}).json() == {
        "group": "Maandag"
    }
    assert sam.get("/api/group").json() == {"group": "Maandag"} and kept.groups.of(els)[0].members == 1
    assert sam.post("/api/group/leave", json={}).json() == {"group": None} and kept.groups.of_person(SAM) is None


@pytest.mark.parametrize("sent,status", [({"code": "NOTTHERE"}, 404), ({"code": 1}, 422), ({}, 422), ([], 422)])
def test_a_code_that_is_none(sam: TestClient, sent: object, status: int) -> None:
    assert sam.post("/api/group", json=sent).status_code == status


def test_codes_cannot_be_tried_for_ever(sam: TestClient, kept: Store) -> None:
    for _ in range(GUESSES.count):
        assert sam.post("/api/group", json={"code": "NOTTHERE"}).json() == {"error": message("web.errors.no_group")}
    assert sam.post("/api/group", json={"code": "NOTTHERE"}).status_code == 429


def test_remarks_exercises_and_readers_are_the_owners(sam: TestClient, app: Starlette, kept: Store) -> None:
    els = coach(kept, "Els")
    number = group(kept, els, SAM)
    kept.groups.set_exercise(els, number, "ruud", "mistaken", "goal", 4e9)
    key = held(kept, SAM)
    kept.reviews.open(els, key)
    kept.reviews.remark(els, key, 1, "Sterk <b>begin</b>!")
    (remark,) = sam.get(f"/api/talks/{key}/remarks").json()["remarks"]
    assert (remark["turn"], remark["coach"], remark["text"]) == (1, "Els", "Sterk <b>begin</b>!")
    (exercise,) = sam.get("/api/exercises").json()["exercises"]
    assert exercise["done"] and exercise["partner"] == "ruud" and exercise["level"] == 1
    (reader,) = sam.get("/api/readers").json()["readers"]
    assert (reader["coach"], reader["talk"], reader["action"]) == ("Els", key, "read")
    for other in (TestClient(app, cookies={COOKIE: KIM}), TestClient(app)):
        assert other.get(f"/api/talks/{key}/remarks").json() == {"remarks": []}
        assert other.get("/api/exercises").json() == {"exercises": []}
        assert other.get("/api/readers").json() == {"readers": []}
