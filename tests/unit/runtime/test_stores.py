"""The tracker store: what it kept comes back, whoever wrote it, and a turn reads only what is new."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered

from tests.databases import postgresql
from tests.unit.runtime.test_window import DOMAIN, records, start, state, talk, turn
from weerwoord import metrics
from weerwoord.runtime.exchange import CURRENT, Answered, Conflict, Exchange
from weerwoord.runtime.stores import PracticeTrackerStore
from weerwoord.store import Store

SENDER = "somebody"


class Reads:
    """Counts the rows of Rasa's table that were read."""

    def __init__(self, store: PracticeTrackerStore) -> None:
        self.rows = 0
        whole = store._rows

        def counted(*args: Any) -> list[Any]:
            found: list[Any] = whole(*args)
            self.rows += len(found)
            return found

        store._rows = counted  # type: ignore[method-assign]


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        yield Store(f"sqlite:///{tmp_path / 'talks.db'}")
        return
    with postgresql() as url:
        made = Store(url)
        yield made
        made.database.engine.dispose()


@pytest.fixture
def one(kept: Store, monkeypatch: pytest.MonkeyPatch) -> PracticeTrackerStore:
    # these turns are too small for a transcript
    monkeypatch.setattr(kept.talks, "write", lambda *args: None)
    monkeypatch.setattr(metrics, "count_records", lambda records: None)
    return PracticeTrackerStore(DOMAIN, kept_in=kept)


@pytest.fixture
def two(one: PracticeTrackerStore) -> PracticeTrackerStore:
    """Another server on the same database."""
    return PracticeTrackerStore(DOMAIN, kept_in=one.store)


def said(store: PracticeTrackerStore, events: list[Any]) -> Any:
    """A message as Rasa handles it."""
    tracker = asyncio.run(store.get_or_create_tracker(SENDER, append_action_listen=False))
    for event in events:
        tracker.update(event)
    asyncio.run(store.save(tracker))
    return tracker


def opened(store: PracticeTrackerStore) -> Any:
    return asyncio.run(store.retrieve(SENDER))


def test_every_event_is_kept_once_and_in_order(one: PracticeTrackerStore, two: PracticeTrackerStore) -> None:
    said(one, [*start(), *talk(0)])
    for number in range(1, 9):
        said((one, two)[number % 2], turn(number))
    full = asyncio.run(one.retrieve_full_tracker(SENDER))
    assert [e.text for e in full.events if e.type_name == "user"] == [f"reply {n}" for n in range(9)]


def test_two_servers_know_the_same(one: PracticeTrackerStore, two: PracticeTrackerStore) -> None:
    said(one, [*start(), *talk(0)])
    for number in range(1, 9):
        said((one, two)[number % 3 == 0], turn(number))
        fresh = opened(PracticeTrackerStore(DOMAIN, kept_in=one.store))
        for store in (one, two):
            assert state(opened(store)) == {
                **state(fresh),
                "latest_event_time": state(opened(store))["latest_event_time"],
            }
            assert records(opened(store).events) == records(fresh.events)


def test_a_turn_reads_what_is_new_however_much_there_is(one: PracticeTrackerStore) -> None:
    said(one, start())
    reads = Reads(one)
    counts = []
    for _ in range(5):
        for events in (talk(0), *(turn(n) for n in range(1, 13))):
            before = reads.rows
            tracker = said(one, events)
            counts.append((reads.rows - before, len(tracker.events)))
    assert max(rows for rows, _ in counts) == 1
    assert max(size for _, size in counts[-13:]) == max(size for _, size in counts[:14])


def test_a_new_start_reads_the_last_talk_only(one: PracticeTrackerStore) -> None:
    said(one, start())
    said(one, talk(0))
    sizes = []
    for _ in range(4):
        for events in (talk(0), turn(1), turn(2)):
            said(one, events)
        fresh = opened(PracticeTrackerStore(DOMAIN, kept_in=one.store))
        assert records(fresh.events) == [{"start": {}}, {"turn": 1}, {"turn": 2}] and fresh.get_slot("kept") == "once"
        sizes.append(len(fresh.events))
    assert len(set(sizes)) == 1


def test_a_message_that_failed_leaves_no_trace(one: PracticeTrackerStore) -> None:
    said(one, [*start(), *talk(1)])
    before = state(opened(one))
    failed = opened(one)
    for event in turn(2):
        failed.update(event)  # and it is never saved
    assert state(opened(one)) == before


def test_what_another_server_deleted_is_gone(one: PracticeTrackerStore, two: PracticeTrackerStore) -> None:
    said(one, [*start(), *talk(1)])
    tracker = opened(two)
    tracker.slots["forget_me"] = type("Wish", (), {"value": True, "initial_value": None, "has_been_set": True})()
    asyncio.run(two.save(tracker))
    assert opened(one) is None and opened(two) is None
    said(one, start())
    assert records(opened(one).events) == []


def test_a_tracker_that_was_made_elsewhere_is_kept_too(one: PracticeTrackerStore) -> None:
    said(one, [*start(), *talk(0)])
    foreign = asyncio.run(one.retrieve_full_tracker(SENDER))
    session = [e.type_name for e in foreign.events]
    assert session.count("session_started") == 2  # at the start, and when the talk began
    with one.engine.connect() as connection:
        rows = connection.execute(sa.select(sa.func.count()).select_from(one.SQLEvent)).scalar()
    assert rows == len(foreign.events)


def test_a_turn_that_another_server_overtook_is_refused_as_a_whole(
    one: PracticeTrackerStore, two: PracticeTrackerStore
) -> None:
    said(one, [*start(), *talk(0)])
    mine, theirs = opened(one), opened(two)
    for tracker, number in ((mine, 1), (theirs, 2)):
        for event in turn(number):
            tracker.update(event)
    asyncio.run(one.save(mine))
    with pytest.raises(Conflict):
        asyncio.run(two.save(theirs))
    full = asyncio.run(two.retrieve_full_tracker(SENDER))
    assert [e.text for e in full.events if e.type_name == "user"] == ["reply 0", "reply 1"]
    said(two, turn(2))  # read again, it goes on where the other was
    assert len(opened(one).events) and records(opened(one).events) == records(opened(two).events)


def test_two_that_begin_the_same_conversation_at_once_make_one(
    one: PracticeTrackerStore, two: PracticeTrackerStore
) -> None:
    trackers = [asyncio.run(s.get_or_create_tracker(SENDER, append_action_listen=False)) for s in (one, two)]
    for tracker in trackers:
        for event in [*start(), *talk(0)]:
            tracker.update(event)
    asyncio.run(one.save(trackers[0]))
    with pytest.raises(Conflict):
        asyncio.run(two.save(trackers[1]))


def test_the_answer_is_kept_with_the_turn_and_only_with_it(one: PracticeTrackerStore) -> None:
    one.store.people.ensure(SENDER)
    replies = [{"text": "Dag."}]
    token = CURRENT.set(Exchange("m1", replies))
    try:
        tracker = asyncio.run(one.get_or_create_tracker(SENDER, append_action_listen=False))
        again = asyncio.run(one.get_or_create_tracker(SENDER, append_action_listen=False))
        assert not again.events  # that saved an empty conversation, and no answer to it
        for event in [*start(), *talk(0)]:
            tracker.update(event)
        asyncio.run(one.save(tracker))
        with pytest.raises(Answered) as before:
            asyncio.run(one.retrieve(SENDER))
    finally:
        CURRENT.reset(token)
    assert before.value.replies == replies
    assert asyncio.run(one.retrieve(SENDER)) is not None


def test_assistants_that_start_at_once_make_the_tables_once(kept: Store) -> None:
    together = threading.Barrier(4)

    def started(_: int) -> PracticeTrackerStore:
        together.wait(timeout=10)
        return PracticeTrackerStore(DOMAIN, kept_in=kept)

    with ThreadPoolExecutor(4) as threads:
        assert [opened(store) for store in threads.map(started, range(4))] == [None] * 4


def test_somebody_who_was_only_asked_for_is_not_kept(kept: Store) -> None:
    store = PracticeTrackerStore(DOMAIN, kept_in=kept)
    asyncio.run(store.get_or_create_tracker(SENDER, append_action_listen=False))
    assert kept.people.get(SENDER) is None


@pytest.mark.parametrize("before", [[], [SlotSet("session_started_metadata", {"id": "m1"})]])
def test_a_start_that_failed_is_not_kept(one: PracticeTrackerStore, before: list[Any]) -> None:
    said(one, [*before, ActionExecuted("action_session_start"), UserUttered("/start_practice")])
    assert opened(one) is None


def test_who_asks_for_the_start_again_is_kept(one: PracticeTrackerStore) -> None:
    began = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    asked = [UserUttered("/session_start"), ActionExecuted("action_session_start"), ActionExecuted("action_listen")]
    said(one, [*began, *asked])
    said(one, [*asked])
    said(one, [UserUttered("hallo"), ActionExecuted("action_listen")])
    kept = asyncio.run(one.retrieve_full_tracker(SENDER))
    assert [e.text for e in kept.events if isinstance(e, UserUttered)] == ["/session_start", "/session_start", "hallo"]
