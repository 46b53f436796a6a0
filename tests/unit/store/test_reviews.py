"""A coach reads only what its owner shows him, finds it back, and says what he makes of it."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.talks import CLEAR_GOAL, coach, consent, group, held
from weerwoord.situations import Disposition
from weerwoord.store import Store
from weerwoord.store.coaches import Coach
from weerwoord.store.reviews import ORDERS, WHOLE_TALK, Wanted

NOTHING = (("Eh, ja.", ()),)


@pytest.fixture
def els(kept: Store) -> Coach:
    return coach(kept, "Els")


def keys(kept: Store, of: Coach, wanted: Wanted | None = None) -> list[str]:
    return [listed.talk.key for listed in kept.reviews.page(of, wanted or Wanted()).talks]


def reached(kept: Store, of: Coach, key: str) -> list[bool]:
    """Whether each road leads this coach to a talk."""
    roads = [
        key in keys(kept, of),
        key in keys(kept, of, Wanted(words="advies")),
        kept.reviews.open(of, key) is not None,
        kept.reviews.look(of, key) is not None,
        kept.reviews.review(of, key, 1, None),
        kept.reviews.unreview(of, key, 1),
        kept.reviews.remark(of, key, 1, "Mooi."),
        kept.reviews.remark(of, key, WHOLE_TALK, ""),
        any(reading.key == key for reading in kept.reviews.readings(of)),
    ]
    return roads


def test_every_road_needs_consent_and_the_group(kept: Store, els: Coach) -> None:
    bert = coach(kept, "Bert")
    number = group(kept, els, "sam")
    key = held(kept, "sam")
    assert all(reached(kept, els, key))
    assert not any(reached(kept, bert, key)), "a coach of another group gets in"
    consent(kept, "sam", False)
    assert not any(reached(kept, els, key)), "a coach gets in without consent"
    consent(kept, "sam")
    assert all(reached(kept, els, key))
    kept.groups.quit("sam")
    assert not any(reached(kept, els, key)), "a coach gets in after his client left"
    mine = kept.groups.get(els, number)
    assert mine is not None and kept.groups.join("sam", f" {mine.code[:4].lower()}-{mine.code[4:]} ") == "Maandag"
    assert all(reached(kept, els, key))
    kept.groups.leave(els, number)
    assert not any(reached(kept, els, key)), "a coach gets in who left the group"


def test_consent_without_a_group_opens_nothing(kept: Store, els: Coach) -> None:
    group(kept, els)
    consent(kept, "sam")
    assert not any(reached(kept, els, held(kept, "sam")))


def test_a_group_is_there_for_its_own_coaches_only(kept: Store, els: Coach) -> None:
    bert = coach(kept, "Bert")
    number = group(kept, els, "sam")
    assert kept.groups.get(bert, number) is None and kept.groups.of(bert) == ()
    assert not kept.groups.share(bert, number, bert)
    assert not kept.groups.set_exercise(bert, number, None, None, "goal", 2e9)
    assert kept.groups.exercises(bert, number) == () and kept.groups.coaches(bert, number) == ()
    assert kept.groups.share(els, number, bert) and kept.groups.get(bert, number) is not None
    assert kept.groups.coaches(els, number) == ("Bert", "Els")
    assert kept.groups.join("sam", "NOTTHERE") is None


def test_unread_and_missed_come_first(kept: Store, els: Coach) -> None:
    group(kept, els, "sam")
    missed_read, good_read = held(kept, "sam", *NOTHING), held(kept, "sam")
    missed, good, missed_later = held(kept, "sam", *NOTHING), held(kept, "sam"), held(kept, "sam", *NOTHING)
    for key in (missed_read, good_read):
        kept.reviews.open(els, key)
    assert keys(kept, els) == [missed_later, missed, good, missed_read, good_read]
    bert = coach(kept, "Bert")
    kept.groups.share(els, kept.groups.of(els)[0].id, bert)
    assert keys(kept, bert) == [missed_later, missed, missed_read, good, good_read], "another has read nothing"


@pytest.mark.parametrize("order", ORDERS)
def test_paging_shows_every_talk_once_in_every_order(kept: Store, els: Coach, order: str) -> None:
    group(kept, els, "sam", "kim", "noor")
    held_by = [held(kept, s, partner=p) for p in ("ruud", "fatima", "ruud") for s in ("sam", "kim", "noor")]
    for key in held_by[::3]:
        kept.reviews.open(els, key)
    wanted = Wanted(order=order)
    seen, after = [], ""
    for _ in count():
        page = kept.reviews.page(els, wanted, after, limit=2)
        seen += [listed.talk.key for listed in page.talks]
        after = page.after
        if not after:
            break
    assert sorted(seen) == sorted(held_by)
    assert seen == keys(kept, els, wanted)


@pytest.mark.parametrize("after", ["", "x", "9.1.", "0.99999999999.", "0.1.'; DROP TABLE talk", "-1.2.", "0.1", "٣.1."])
def test_a_page_that_begins_nowhere_begins_at_the_start(kept: Store, els: Coach, after: str) -> None:
    group(kept, els, "sam")
    key = held(kept, "sam")
    assert [listed.talk.key for listed in kept.reviews.page(els, Wanted(), after).talks] == [key]


def test_filters(kept: Store, els: Coach) -> None:
    number = group(kept, els, "sam", "kim")
    goal = held(kept, "sam")
    begged = held(kept, "kim", ("Heeft u een baan?", ("ask_for_job",)), partner="fatima", disposition="pressed")
    sam = kept.people.ensure("sam").pseudonym
    for wanted, expected in (
        (Wanted(person=sam), [goal]),
        (Wanted(partner="fatima"), [begged]),
        (Wanted(disposition="mistaken"), [goal]),
        (Wanted(outcome="opened"), [goal]),
        (Wanted(criterion="goal", verdict="clear"), [goal]),
        (Wanted(criterion="goal", verdict="absent"), [begged]),
        (Wanted(pitfall="ask_for_job"), [begged]),
        (Wanted(pitfall="%"), []),
        (Wanted(group=number), [begged, goal]),
        (Wanted(group=number + 1), []),
        (Wanted(since=0, until=1), []),
        (Wanted(since=1), [begged, goal]),
        (Wanted(words="BAAN"), [begged]),
        (Wanted(words="advies sollic"), [goal]),
        (Wanted(words="advies baan"), []),
        (Wanted(words="!?"), []),
    ):
        assert keys(kept, els, wanted) == expected, wanted
    kept.reviews.open(els, goal)
    assert keys(kept, els, Wanted(unread=True)) == [begged]


@pytest.mark.parametrize(
    "words", ["' OR 1=1 --", '" OR "', "advies* NEAR(x", "a:b & !c | (", "turn_search:x", "\\'", "%_"]
)
def test_a_search_is_only_ever_words(kept: Store, els: Coach, words: str) -> None:
    group(kept, els, "sam")
    held(kept, "stranger", ("OR 1 1 x a b c turn_search", ()))
    held(kept, "sam")
    assert keys(kept, els, Wanted(words=words)) == []
    assert len(keys(kept, els)) == 1


def test_what_was_reviewed_stays_beside_what_the_judge_found(kept: Store, els: Coach) -> None:
    bert = coach(kept, "Bert")
    kept.groups.share(els, group(kept, els, "sam"), bert)
    key = held(kept, "sam")
    assert kept.reviews.review(els, key, 1, frozenset({"exploring"})) and kept.reviews.review(bert, key, 1, None)
    assert kept.reviews.review(els, key, 1, frozenset({"not_applying"})), "a second thought"
    assert not kept.reviews.review(els, key, 2, None), "no such turn"
    opened = kept.reviews.look(els, key)
    assert opened is not None
    assert {(r.coach, r.elements, r.confirms) for r in opened.reviews} == {
        ("Els", frozenset({"not_applying"}), False),
        ("Bert", frozenset(CLEAR_GOAL), True),
    }
    assert opened.transcript.turns[0].judgement.elements == frozenset(CLEAR_GOAL), "the judge's own verdict changed"
    (first, second) = kept.reviews.corrections()
    assert first.judged == second.judged == frozenset(CLEAR_GOAL) and first.reply.startswith("Ik kom niet")
    consent(kept, "sam", False)
    assert list(kept.reviews.corrections()) == []
    consent(kept, "sam")
    kept.reviews.unreview(els, key, 1)
    assert [c.coach for c in kept.reviews.corrections()] == [bert.id]


def test_remarks_reach_the_owner_and_nobody_else(kept: Store, els: Coach) -> None:
    group(kept, els, "sam", "kim")
    key = held(kept, "sam")
    assert kept.reviews.remark(els, key, 1, "Sterk begin!") and kept.reviews.remark(els, key, WHOLE_TALK, "Goed.")
    assert not kept.reviews.remark(els, key, 9, "Waar?")
    assert [(r.number, r.coach, r.text) for r in kept.reviews.remarks_for("sam", key)] == [
        (0, "Els", "Goed."),
        (1, "Els", "Sterk begin!"),
    ]
    assert kept.reviews.remarks_for("kim", key) == ()
    kept.reviews.remark(els, key, 1, "")
    assert len(kept.reviews.remarks_for("sam", key)) == 1


def test_who_opened_what_is_kept_for_coach_and_owner(kept: Store, els: Coach) -> None:
    group(kept, els, "sam")
    key = held(kept, "sam")
    kept.reviews.open(els, key)
    kept.reviews.look(els, key)
    kept.reviews.open(els, key, "export")
    sam = kept.people.ensure("sam").pseudonym
    told = [(r.coach, r.action, r.pseudonym, r.key) for r in kept.reviews.readings(els)]
    assert told == [("Els", "export", sam, key), ("Els", "read", sam, key)]
    assert kept.reviews.readings_for("sam") == kept.reviews.readings(els) and kept.reviews.readings_for("kim") == ()


def test_who_is_deleted_leaves_no_word_behind(kept: Store, els: Coach, tmp_path: Path) -> None:
    group(kept, els, "sam")
    key = held(kept, "sam", ("Ik ben Kruimelburg en wil advies.", CLEAR_GOAL))
    kept.reviews.open(els, key)
    kept.reviews.review(els, key, 1, None)
    kept.reviews.remark(els, key, 1, "Zwiebertje zei het goed.")
    assert keys(kept, els, Wanted(words="kruimel")) == [key]
    kept.people.forget("sam")
    assert keys(kept, els, Wanted(words="kruimel")) == [] and kept.reviews.readings(els) == ()
    if kept.database.is_sqlite:
        kept.database.engine.dispose()
        found = b"".join(file.read_bytes() for file in tmp_path.iterdir()).lower()
        assert b"kruimelburg" not in found and b"zwiebertje" not in found


@pytest.mark.parametrize(
    "partner,disposition,fits", [(None, None, True), ("fatima", None, False), (None, "pressed", False)]
)
def test_an_exercise_is_done_by_a_talk_after_it_that_fits(
    kept: Store, els: Coach, partner: str | None, disposition: Disposition | None, fits: bool
) -> None:
    number = group(kept, els, "sam", "kim")
    held(kept, "sam")
    assert kept.groups.set_exercise(els, number, partner, disposition, "goal", 4e9)
    sam, kim = (kept.people.ensure(s).pseudonym for s in ("sam", "kim"))
    ((_, done),) = kept.groups.exercises(els, number)
    assert done == {sam: False, kim: False}, "a talk of before counts"
    held(kept, "sam", *NOTHING)
    held(kept, "sam")
    ((exercise, done),) = kept.groups.exercises(els, number)
    assert done == {sam: fits, kim: False}
    assert kept.groups.exercises_for("sam") == ((exercise, fits),) and kept.groups.exercises_for("stranger") == ()
    kept.groups.drop_exercise(els, number, exercise.id)
    assert kept.groups.exercises(els, number) == ()
