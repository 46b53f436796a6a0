"""What a coach takes along: no more than he may read, without names, in the audit trail."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

import pytest

from tests.talks import CLEAR_GOAL, coach, consent, group, held
from tests.unit.coach.conftest import Coaching
from tests.unit.coach.test_site import Enter, account
from weerwoord.export.formats import FORMATS
from weerwoord.store import Store


@pytest.mark.parametrize("form", FORMATS)
def test_one_talk_is_a_file_without_names(logged_in: Enter, kept: Store, form: str) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam", ("Ik ben Joris de Boer en ik wil advies.", CLEAR_GOAL))
    held(kept, "sam", ("Nog een gesprek over advies.", CLEAR_GOAL))
    sent = els.get(f"/coach/gesprek/{key}/export/{form}")
    assert sent.status_code == 200 and "Joris" not in sent.text and "Persoon 1" in sent.text
    assert "Nog een gesprek" not in sent.text
    assert sent.headers["content-disposition"] == f'attachment; filename="gesprek-{key}{FORMATS[form].suffix}"'
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert [r.action for r in kept.reviews.readings(account(kept, "Els"))] == ["export"]


def test_a_selection_has_what_the_list_has(logged_in: Enter, kept: Store) -> None:
    els, bert = logged_in("Els"), logged_in("Bert")
    group(kept, account(kept, "Els"), "sam", "kim")
    group(kept, account(kept, "Bert"), "noor")
    one, two = held(kept, "sam"), held(kept, "kim", partner="fatima")
    other = held(kept, "noor")
    consent(kept, "secret", False)
    held(kept, "secret")
    lines = [json.loads(line)["talk"] for line in els.get("/coach/export/jsonl").text.splitlines()]
    assert lines == [one, two] and other not in lines
    rows = list(csv.DictReader(io.StringIO(els.get("/coach/export/csv?partner=fatima").text)))
    assert [row["talk"] for row in rows] == [two]
    assert [json.loads(line)["talk"] for line in bert.get("/coach/export/jsonl").text.splitlines()] == [other]
    exported = [r.key for r in kept.reviews.readings(account(kept, "Els")) if r.action == "export"]
    assert sorted(exported) == sorted([one, two, two])


TRICKS = ["../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "csv/../../x", "csv\x00", "nothing", "CSV"]


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_in_a_path_reaches_a_file(logged_in: Enter, kept: Store, trick: str) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam")
    for path in (f"/coach/gesprek/{key}/export/{{}}", "/coach/export/{}", "/coach/gesprek/{}/export/csv"):
        for sent in (trick, quote(trick, safe=""), quote(quote(trick, safe=""), safe="")):
            answer = els.http.get(path.format(sent.replace("\x00", "%00")))
            assert answer.status_code in (404, 405) and "root:" not in answer.text, path


def test_another_coach_exports_nothing(logged_in: Enter, kept: Store) -> None:
    bert = logged_in("Bert")
    group(kept, coach(kept, "Els"), "sam")
    key = held(kept, "sam")
    assert bert.get(f"/coach/gesprek/{key}/export/csv").status_code == 404
    assert bert.get("/coach/export/jsonl").text == ""
    assert kept.reviews.readings_for("sam") == ()


def test_the_pages_link_to_every_form(logged_in: Enter, kept: Store) -> None:
    els: Coaching = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam")
    talk, talks = els.get(f"/coach/gesprek/{key}").text, els.get("/coach?zoek=advies").text
    for form in FORMATS:
        assert f"/coach/gesprek/{key}/export/{form}" in talk and f"/coach/export/{form}?zoek=advies" in talks
