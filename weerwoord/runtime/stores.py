"""Where conversations are kept: Rasa's SQL tracker store in the database of the settings, with the talks beside it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

from weerwoord import metrics
from weerwoord.runtime.exchange import CURRENT, Answered, Conflict
from weerwoord.runtime.recent import Recent
from weerwoord.runtime.window import RECORD, needed, new_session, starts_talk
from weerwoord.store import Store, answers, store

NEWEST = "newest_of_sender"  # index of the events


def _start_failed(tracker: DialogueStateTracker) -> bool:
    # slots may stand before it: what the message brings along, or what is carried over
    first = next((event for event in tracker.events if not isinstance(event, SlotSet)), None)
    began = isinstance(first, ActionExecuted) and first.action_name == ACTION_SESSION_START_NAME
    return began and not any(isinstance(event, SessionStarted) for event in tracker.events)


def _values(events: Sequence[Event], slot: str) -> list[Any]:
    """What a slot was set to, without what it was emptied of."""
    return [e.value for e in events if isinstance(e, SlotSet) and e.key == slot and e.value is not None]


class PracticeTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """Rasa's store in our database: keeps the talks in the same transaction, and deletes when the owner asks for it.

    A turn costs the same after weeks of practice as at the start: what was used last is in memory, a talk begins a
    session of Rasa's, and of a session only what a turn needs goes on (`weerwoord.runtime.window`).

    The action sets the slot `forget_me`; deleting has to happen here, because Rasa saves the whole tracker after the
    action and would bring everything back.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        kept_in: Store | None = None,
        **kwargs: Any,
    ) -> None:
        # not Rasa's own start: it makes an engine of its own, and waits for ever where there is no database
        TrackerStore.__init__(self, domain, event_broker, **kwargs)
        self.store = kept_in or store()
        self.engine = self.store.database.engine
        self._make_tables()
        self.sessionmaker = sessionmaker(bind=self.engine, future=True)
        self._recent = Recent()
        row, sender = self.SQLEvent, self.SQLEvent.sender_id == sa.bindparam("sender")
        # made once: to put a statement together takes longer than to run it
        self._from = sa.select(row.id, row.data).where(sender, row.id >= sa.bindparam("first")).order_by(row.id)
        self._newest = sa.select(sa.func.max(row.id)).where(sender)
        self._session = self._newest.where(row.type_name == SessionStarted.type_name)
        self._insert = sa.insert(row.__table__)

    def _make_tables(self) -> None:
        database, table = self.store.database, self.SQLEvent.__tablename__
        with database.reading() as connection:
            found = sa.inspect(connection)
            if found.has_table(table) and any(index["name"] == NEWEST for index in found.get_indexes(table)):
                return
        with database.changing_tables() as connection:
            self.Base.metadata.create_all(connection)
            # the newest event of somebody, without looking at all of them
            connection.execute(sa.text(f"CREATE INDEX IF NOT EXISTS {NEWEST} ON {table} (sender_id, id)"))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """What the next turn needs of a conversation, None when there is none.

        What is in memory is compared with the database: what another server added is read, and when its newest event
        is not there any more, everything is.

        Raises:
            StoreError: the database cannot be read.
            Answered: the message that asks for it was answered before.
        """
        return await asyncio.to_thread(self._read, sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All of a conversation, None when there is none.

        Raises:
            StoreError: the database cannot be read.
        """
        return await asyncio.to_thread(self._read, conversation_id, True)

    def _read(self, sender: str, whole: bool = False) -> DialogueStateTracker | None:
        exchange = CURRENT.get()
        with self.store.database.reading() as connection:
            if exchange is not None:
                given = answers.given(connection, sender, exchange.message)
                if given is not None:
                    raise Answered(given)
            if whole:
                rows = self._rows(connection, sender, 0)
                events, last = _events(rows), rows[-1].id if rows else 0
            else:
                events, last = self._events(connection, sender)
        if not events or not self.domain:
            return None
        tracker = DialogueStateTracker.from_events(sender, events, self.domain.slots)
        tracker.kept, tracker.last = len(events), last
        return tracker

    def _events(self, connection: Connection, sender: str) -> tuple[list[Event], int]:
        """What the next turn needs of a conversation, and the number of its newest event."""
        kept = self._recent.get(sender)
        if kept is not None:
            rows = self._rows(connection, sender, kept.last)
            if rows and rows[0].id == kept.last:
                return [*kept.events, *_events(rows[1:])], rows[-1].id
            self._recent.drop(sender)
        start = connection.execute(self._session, {"sender": sender}).scalar()
        rows = self._rows(connection, sender, start or 0)
        return _events(rows), rows[-1].id if rows else 0

    def _rows(self, connection: Connection, sender: str, first: int) -> list[Any]:
        return list(connection.execute(self._from, {"sender": sender, "first": first}))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is new, or delete all when the owner asked for it.

        A conversation whose start failed (the action server was away) is not kept: Rasa would never listen in it
        again. Not kept, it begins anew with the next message.

        Raises:
            StoreError: the database cannot be written; nothing of this message is kept then.
            Conflict: another server went on with this conversation after it was read; nothing is kept.
        """
        sender = tracker.sender_id
        if tracker.get_slot("forget_me"):
            self._recent.drop(sender)
            await asyncio.to_thread(self.store.people.forget, sender)
        elif not tracker.events:  # only asked for so far: nobody yet
            tracker.kept, tracker.last = 0, 0
        elif not _start_failed(tracker):
            await self.stream_events(tracker)
            last, events, records = await asyncio.to_thread(self._keep, tracker)
            tracker.kept, tracker.last = len(tracker.events), last
            self._recent.put(sender, events, last)
            metrics.count_records(records)

    def _keep(self, tracker: DialogueStateTracker) -> tuple[int, list[Event], list[Any]]:
        with self.store.database.writing() as connection:
            return self._write(connection, tracker)

    def _write(self, connection: Connection, tracker: DialogueStateTracker) -> tuple[int, list[Event], list[Any]]:
        """Write what is new, and the answer to the message with it.

        A talk begins a session: what was practised before it is then not read again.

        Returns:
            The number of the newest event, the events that the next turn needs, and what happened in the talk.
        """
        sender, new = tracker.sender_id, self._new(connection, tracker)
        records = _values(new, RECORD)
        # first, because it makes others who write about this person wait until we are done
        self.store.talks.write(connection, sender, tracker.get_latest_input_channel() or "", records)
        last = getattr(tracker, "last", None)  # the newest event when it was read; a foreign one has none
        if last is not None and last != (connection.execute(self._newest, {"sender": sender}).scalar() or 0):
            raise Conflict
        if starts_talk(new):
            events = new_session(tracker, time.time())
            rows = [*new, *events]
        else:
            events, rows = needed(tracker), new
        if rows:
            connection.execute(self._insert, [self._row(sender, event) for event in rows])
        for given in _values(new, "coach_may_read"):
            self.store.people.set_consent(connection, sender, given)
        exchange = CURRENT.get()
        if exchange is not None and exchange.replies and any(isinstance(event, UserUttered) for event in new):
            answers.keep(connection, sender, exchange.message, exchange.replies)
        return connection.execute(self._newest, {"sender": sender}).scalar() or 0, events, records

    def _new(self, connection: Connection, tracker: DialogueStateTracker) -> list[Event]:
        kept = getattr(tracker, "kept", None)  # how many of its events are in the database; of a foreign one we count
        if kept is not None:
            return list(tracker.events)[kept:]
        with Session(bind=connection, future=True) as session:
            return list(self._additional_events(session, tracker))

    @staticmethod
    def _row(sender: str, event: Event) -> dict[str, Any]:
        """The columns Rasa fills in its own `save`."""
        data = event.as_dict()
        return {
            "sender_id": sender,
            "type_name": event.type_name,
            "timestamp": data.get("timestamp"),
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(data),
        }


def _events(rows: Sequence[Any]) -> list[Event]:
    return list(deserialise_events([json.loads(row.data) for row in rows]))
