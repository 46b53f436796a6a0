"""The pages of a coach: what he may see is there, what he may not is not, and nothing that is sent breaks them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from tests.talks import CLEAR_GOAL, consent, group, held
from tests.unit.coach.conftest import Coaching
from weerwoord.messages import message, section
from weerwoord.privacy.retention import drop_texts
from weerwoord.store import Store
from weerwoord.store.coaches import Coach
from weerwoord.store.reviews import Wanted
from weerwoord.store.tables import TALK

Enter = Callable[[str], Coaching]
XSS = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def account(kept: Store, name: str) -> Coach:
    found = kept.coaches.get(name)
    assert found is not None
    return found


def test_the_list_shows_a_talk_with_what_it_came_to(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    assert message("coach.talks.none") in els.get("/coach").text
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam")
    page = els.get("/coach").text
    assert f"/coach/gesprek/{key}" in page and kept.people.ensure("sam").pseudonym in page
    assert message("coach.outcomes.opened") in page and 'class="tag new"' in page
    els.get(f"/coach/gesprek/{key}")
    assert 'class="tag new"' not in els.get("/coach").text
    assert message("coach.talks.none_found") in els.get("/coach?zoek=kruimelburg").text


def test_a_talk_shows_what_counted_and_what_to_say(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(
        kept, "sam", ("Dag.", ("greet",)), ("Heeft u een baan?", ("ask_for_job",)), ("Advies graag.", CLEAR_GOAL)
    )
    page = unescape(els.get(f"/coach/gesprek/{key}").text)
    assert re.search(r'<mark class="goal">Advies graag\.<sup>1 2</sup></mark>', page)
    assert "<q>Advies graag.</q>" in page, "the client's own words are not in the summary"
    assert message("coach.ask.ask_for_job") in page
    assert "nu duidelijk" in page


@pytest.mark.parametrize("why", ["another's", "no consent", "no group", "no talk"])
def test_no_road_leads_to_a_talk_that_is_not_shown(logged_in: Enter, kept: Store, why: str) -> None:
    els, bert = logged_in("Els"), logged_in("Bert")
    number = group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam", ("Ik heet Kruimelburg en wil advies.", CLEAR_GOAL))
    pseudonym = kept.people.ensure("sam").pseudonym
    roads = [
        "/coach",
        "/coach?zoek=kruimelburg",
        f"/coach?groep={number}",
        f"/coach?persoon={pseudonym}",
        f"/coach?na=0.{2**31 - 1}.",
        f"/coach/gesprek/{key}",
        f"/coach/persoon/{pseudonym}",
        "/coach/inzage",
    ]
    forms = [f"/coach/gesprek/{key}/beurt/1/oordeel", f"/coach/gesprek/{key}/beurt/1/opmerking"]
    assert key in els.get("/coach").text and els.get(f"/coach/gesprek/{key}").status_code == 200
    reader = bert if why == "another's" else els
    if why == "no consent":
        consent(kept, "sam", False)
    elif why == "no group":
        kept.groups.quit("sam")
    elif why == "no talk":
        kept.people.forget("sam")
    for road in roads:
        page = reader.get(road).text
        assert key not in page.replace(f"/coach/gesprek/{key}/beurt", "") and "Kruimelburg" not in page, road
    for form in forms:
        assert reader.post(form, does="confirm", text="Mooi.").status_code == 404
    assert list(kept.reviews.corrections()) == [] and kept.reviews.remarks_for("sam", key) == ()
    if why == "another's":
        for path in ("", "/oefening", "/collega", "/verlaten", "/oefening/1/weg"):
            asked = reader.get(f"/coach/groep/{number}") if not path else reader.post(f"/coach/groep/{number}{path}")
            assert asked.status_code == 404


def test_what_a_client_types_is_never_run(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    number = group(kept, account(kept, "Els"), "sam", name=XSS)
    key = held(kept, "sam", (XSS, CLEAR_GOAL), ("Nog iets " + XSS, ()))
    kept.additions.prepare("sam", {"goal": XSS})
    els.post(f"/coach/gesprek/{key}/beurt/1/opmerking", text=XSS)
    pages = ["/coach", f"/coach/gesprek/{key}", "/coach/groepen", f"/coach/groep/{number}", f"/coach?zoek={quote(XSS)}"]
    pages += [f"/coach/persoon/{kept.people.ensure('sam').pseudonym}", f"/coach?persoon={quote(XSS)}"]
    for path in pages:
        page = els.get(path).text
        assert "<script>alert" not in page and "<img" not in page, path
    assert "&lt;script&gt;" in els.get(f"/coach/gesprek/{key}").text


def test_confirm_correct_remark_and_take_back(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam")
    talk = f"/coach/gesprek/{key}"
    confirmed = els.post(f"{talk}/beurt/1/oordeel", talk, does="confirm")
    assert confirmed.status_code == 303 and confirmed.headers["location"] == f"{talk}#beurt-1"
    assert message("coach.talk.confirmed") in els.get(talk).text
    els.post(f"{talk}/beurt/1/oordeel", talk, does="correct", element=["exploring", "nonsense"])
    (correction,) = kept.reviews.corrections()
    assert correction.elements == {"exploring"} and correction.judged == set(CLEAR_GOAL)
    els.post(f"{talk}/beurt/1/opmerking", talk, text="  Sterk\r\nbegin!\x00 ")
    els.post(f"{talk}/beurt/0/opmerking", talk, text="Ga zo door.")
    assert [r.text for r in kept.reviews.remarks_for("sam", key)] == ["Ga zo door.", "Sterk\nbegin!"]
    assert "Sterk\nbegin!" in els.get(talk).text
    els.post(f"{talk}/beurt/1/oordeel", talk, does="undo")
    assert list(kept.reviews.corrections()) == []
    assert els.post(f"{talk}/beurt/1/oordeel", talk, does="something").status_code == 422
    assert els.post(f"{talk}/beurt/7/oordeel", talk, does="confirm").status_code == 404
    assert els.post(f"{talk}/beurt/1/opmerking", talk, text="x" * 2001).status_code == 422


def test_a_part_of_the_page_is_enough_for_a_script(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam")
    sent = {"csrf": els.csrf(f"/coach/gesprek/{key}"), "does": "confirm", "text": "Goed zo."}
    for path, marked in (("1/oordeel", "beurt-1"), ("1/opmerking", "beurt-1"), ("0/opmerking", "beurt-0")):
        part = els.http.post(f"/coach/gesprek/{key}/beurt/{path}", data=sent, headers={"HX-Request": "true"})
        assert part.status_code == 200 and f'id="{marked}"' in part.text and "<html" not in part.text
        assert message("coach.talk.saved") in part.text
    els.http.cookies.clear()
    away = els.http.get("/coach", headers={"HX-Request": "true"})
    assert away.headers["hx-redirect"] == "/coach/inloggen"


def test_names_are_hidden_when_asked(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam", ("Ik ben Joris de Boer en ik wil advies.", CLEAR_GOAL))
    kept.additions.prepare("sam", {"who": "Joris uit Zwolle"})
    talk = f"/coach/gesprek/{key}"
    assert "Joris" in els.get(talk).text
    back = els.post("/coach/namen", talk, hide="1", back=talk)
    assert back.headers["location"] == talk
    hidden = els.get(talk).text
    assert "Joris" not in hidden and "Zwolle" not in hidden and "Persoon 1" in hidden and "<mark" in hidden
    els.post("/coach/namen", talk, hide="0", back="https://evil.example")
    assert "Joris" in els.get(talk).text


def test_turns_that_were_taken_back_are_folded(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam", ("Dag.", ("greet",)), ("Eh.", ()))
    kept.talks.keep("sam", "rest", [{"try_again": 2}])
    page = els.get(f"/coach/gesprek/{key}").text
    assert (section("coach")["talk"]["retried"] % 1) in page


def test_of_a_talk_past_its_time_only_the_figures_are_left(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam", ("Kruimelburg wil uw advies.", CLEAR_GOAL))
    els.post(f"/coach/gesprek/{key}/beurt/1/opmerking", text="Kruimelburg, mooi!")
    els.post(f"/coach/gesprek/{key}/beurt/1/oordeel", does="confirm")
    with kept.database.writing() as connection:
        connection.execute(sa.update(TALK).values(started_at=1.0, ended_at=2.0))
    assert drop_texts(kept.database, 180) == 1
    for path in (f"/coach/gesprek/{key}", "/coach", f"/coach/gesprek/{key}/export/markdown"):
        page = els.get(path)
        assert page.status_code == 200 and "Kruimelburg" not in page.text, path
    assert message("coach.talk.dropped") in els.get(f"/coach/gesprek/{key}").text
    assert key in els.get("/coach").text and key not in els.get("/coach?zoek=kruimelburg").text
    assert els.get(f"/coach/persoon/{kept.people.ensure('sam').pseudonym}").status_code == 200
    assert kept.reviews.remarks_for("sam", key) == ()
    assert [c.judged for c in kept.reviews.corrections()] == [set(CLEAR_GOAL)], "the agreement is kept"


def test_a_group_shows_no_figure_until_it_is_a_crowd(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    people = ["a", "b", "c", "d"]
    number = group(kept, account(kept, "Els"), *people, "e")
    for sender in people:
        held(kept, sender)
        held(kept, sender)
    page = els.get(f"/coach/groep/{number}").text
    assert "<svg class" not in page and (section("coach")["group"]["small"] % 5) in page
    held(kept, "e")
    page = els.get(f"/coach/groep/{number}").text
    assert page.count('<svg class="chart"') == 3 and (section("coach")["progress"]["were_clear"] % (9, 9)) in page
    consent(kept, "e", False)
    assert "<svg class" not in els.get(f"/coach/groep/{number}").text


def test_a_group_with_colleague_and_exercise(logged_in: Enter, kept: Store, app: Starlette) -> None:
    els, bert = logged_in("Els"), logged_in("Bert")
    made = els.post("/coach/groepen", name="  Groep  maandag ")
    (mine,) = kept.groups.of(account(kept, "Els"))
    place = f"/coach/groep/{mine.id}"
    assert mine.name == "Groep maandag" and made.headers["location"] == place
    assert els.post("/coach/groepen", name=" ").status_code == 422
    assert els.post(f"{place}/collega", name="Niemand").status_code == 422
    assert bert.get(place).status_code == 404
    els.post(f"{place}/collega", name="bert")
    assert bert.get(place).status_code == 200
    kept.groups.join("sam", mine.code)
    consent(kept, "sam")
    for bad in ({"due": "gisteren"}, {"due": "2020-01-01"}, {"criterion": "x"}, {"partner": "x"}, {"disposition": "x"}):
        assert els.post(f"{place}/oefening", **{"criterion": "goal", "due": "2099-01-01", **bad}).status_code == 422
    els.post(f"{place}/oefening", criterion="goal", partner="ruud", disposition="mistaken", due="2099-01-01")
    assert (section("coach")["group"]["done"] % (0, 1)) in els.get(place).text
    held(kept, "sam")
    assert (section("coach")["group"]["done"] % (1, 1)) in bert.get(place).text
    ((exercise, _),) = kept.groups.exercises(account(kept, "Els"), mine.id)
    els.post(f"{place}/oefening/{exercise.id}/weg")
    assert kept.groups.exercises(account(kept, "Els"), mine.id) == ()
    els.post(f"{place}/verlaten")
    assert els.get(place).status_code == 404 and bert.get(place).status_code == 200


def test_the_audit_trail_names_who_opened_what(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    key = held(kept, "sam")
    assert message("coach.audit.none") in els.get("/coach/inzage").text
    els.get(f"/coach/gesprek/{key}")
    page = els.get("/coach/inzage").text
    assert key in page and message("coach.audit.read") in page


def test_a_database_that_is_away_is_told_in_a_sentence(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    with kept.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE coach_session RENAME TO gone")
    answer = els.get("/coach")
    assert answer.status_code == 503 and message("coach.trouble.away") in answer.text


def test_only_a_form_is_read_and_not_a_big_one(logged_in: Enter) -> None:
    els = logged_in("Els")
    assert els.http.post("/coach/groepen", json={}).status_code == 415
    assert els.http.post("/coach/groepen", data={"name": "x" * 100_000}).status_code == 413
    assert els.http.post("/coach/groepen", data={f"f{n}": "x" for n in range(300)}).status_code == 400


ODD = st.text(max_size=30) | st.sampled_from(["0", "-1", "9" * 30, "../../etc/passwd", "' OR 1=1 --", "\x00", "٣", "%"])
FIELDS = ["zoek", "persoon", "groep", "partner", "houding", "uitkomst", "criterium", "oordeel", "valkuil", "van", "tot"]
FIELDS += ["ongelezen", "volgorde", "na", "name", "text", "does", "element", "due", "criterion", "hide", "back", "next"]
PATHS = [
    "/coach",
    "/coach/{0}",
    "/coach/inzage",
    "/coach/groepen",
    "/coach/namen",
    "/coach/inloggen",
    "/coach/groep/{0}",
    "/coach/groep/{0}/oefening",
    "/coach/groep/{0}/collega",
    "/coach/groep/{0}/oefening/{1}/weg",
    "/coach/persoon/{0}",
    "/coach/gesprek/{0}",
    "/coach/gesprek/{0}/beurt/{1}/oordeel",
    "/coach/gesprek/{0}/beurt/{1}/opmerking",
    "/coach/gesprek/{0}/export/{1}",
    "/coach/export/{0}",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_that_is_sent_breaks_a_page(logged_in: Enter, kept: Store, data: st.DataObject) -> None:
    if not kept.coaches.any():
        browsers.append(logged_in("Els"))
        number = group(kept, account(kept, "Els"), "sam")
        browsers[-1].known = [held(kept, "sam"), str(number), "1"]  # type: ignore[attr-defined]
    els = browsers[-1]
    part = st.sampled_from(els.known) | ODD  # type: ignore[attr-defined]
    path = data.draw(st.sampled_from(PATHS)).format(*(quote(data.draw(part), safe="") for _ in range(2)))
    fields = data.draw(st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=5))
    answer = els.http.get(path, params=fields) if data.draw(st.booleans()) else els.post(path, **fields)
    assert answer.status_code < 500, (path, fields)


browsers: list[Coaching] = []  # the one of the test above, over all its examples


def test_everything_is_found_again(logged_in: Enter, kept: Store) -> None:
    """Search and filters of the address reach the store."""
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam", "kim")
    one, two = held(kept, "sam"), held(kept, "kim", ("Heeft u een baan?", ("ask_for_job",)), partner="fatima")
    for query, expected in (
        ("zoek=advies", {one}),
        ("partner=fatima", {two}),
        ("valkuil=ask_for_job", {two}),
        ("criterium=goal&oordeel=clear", {one}),
        ("uitkomst=opened", {one}),
        ("van=2000-01-01&tot=2000-01-02", set()),
        ("van=2000-01-01", {one, two}),
        ("houding=nonsense&van=9999-99-99", {one, two}),
        ("volgorde=person", {one, two}),
        (f"persoon={kept.people.ensure('kim').pseudonym.lower()}", {two}),
    ):
        page = els.get(f"/coach?{query}").text
        assert {key for key in (one, two) if key in page} == expected, query
    els.get(f"/coach/gesprek/{one}")
    assert one not in els.get("/coach?ongelezen=1").text


def test_paging_goes_on_where_the_page_ended(logged_in: Enter, kept: Store) -> None:
    els = logged_in("Els")
    group(kept, account(kept, "Els"), "sam")
    keys = [held(kept, "sam") for _ in range(52)]
    page = unescape(els.get("/coach?volgorde=newest").text)
    following = re.search(r'class="button" href="([^"]*na=[^"]*)"', page)
    assert following is not None
    rest = els.get(following[1]).text
    assert [key in rest for key in keys] == [True] * 2 + [False] * 50
    assert len(kept.reviews.page(account(kept, "Els"), Wanted()).talks) == 50
