"""Where conversations are kept: Rasa's SQL tracker store in the database of the settings, with the talks beside it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

from weerwoord.runtime.recent import Recent
from weerwoord.runtime.window import RECORD, needed, new_session, starts_talk
from weerwoord.store import Store, store


def _start_failed(tracker: DialogueStateTracker) -> bool:
    first = tracker.events[0] if tracker.events else None
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
        self.Base.metadata.create_all(self.engine)
        self.sessionmaker = sessionmaker(bind=self.engine, future=True)
        self._recent = Recent()
        row, sender = self.SQLEvent, self.SQLEvent.sender_id == sa.bindparam("sender")
        # made once: to put a statement together takes longer than to run it
        self._from = sa.select(row.id, row.data).where(sender, row.id >= sa.bindparam("first")).order_by(row.id)
        self._newest = sa.select(sa.func.max(row.id)).where(sender)
        self._session = self._newest.where(row.type_name == SessionStarted.type_name)
        self._insert = sa.insert(row.__table__)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """What the next turn needs of a conversation, None when there is none.

        What is in memory is compared with the database: what another server added is read, and when its newest event
        is not there any more, everything is.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.store.database.reading() as connection:
            events = self._events(connection, sender_id)
        if not events or not self.domain:
            return None
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        tracker.kept = len(events)
        return tracker

    def _events(self, connection: Connection, sender: str) -> list[Event]:
        kept = self._recent.get(sender)
        if kept is not None:
            rows = self._rows(connection, sender, kept.last)
            if rows and rows[0].id == kept.last:
                return [*kept.events, *_events(rows[1:])]
            self._recent.drop(sender)
        start = connection.execute(self._session, {"sender": sender}).scalar()
        return _events(self._rows(connection, sender, start or 0))

    def _rows(self, connection: Connection, sender: str, first: int) -> list[Any]:
        return list(connection.execute(self._from, {"sender": sender, "first": first}))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is new, or delete all when the owner asked for it.

        A conversation whose start failed (the action server was away) is not kept: Rasa would never listen in it
        again. Not kept, it begins anew with the next message.

        Raises:
            StoreError: the database cannot be written; nothing of this message is kept then.
        """
        sender = tracker.sender_id
        if tracker.get_slot("forget_me"):
            self._recent.drop(sender)
            self.store.people.forget(sender)
        elif not _start_failed(tracker):
            await self.stream_events(tracker)
            with self.store.database.writing() as connection:
                last, events = self._write(connection, tracker)
            tracker.kept = len(tracker.events)
            self._recent.put(sender, events, last)

    def _write(self, connection: Connection, tracker: DialogueStateTracker) -> tuple[int, list[Event]]:
        """Write what is new.

        A talk begins a session: what was practised before it is then not read again.

        Returns:
            The number of the newest event, and the events that the next turn needs.
        """
        sender, new = tracker.sender_id, self._new(connection, tracker)
        if starts_talk(new):
            events = new_session(tracker, time.time())
            rows = [*new, *events]
        else:
            events, rows = needed(tracker), new
        if rows:
            connection.execute(self._insert, [self._row(sender, event) for event in rows])
        channel = tracker.get_latest_input_channel() or ""
        self.store.talks.write(connection, sender, channel, _values(new, RECORD))
        for given in _values(new, "coach_may_read"):
            self.store.people.set_consent(connection, sender, given)
        return connection.execute(self._newest, {"sender": sender}).scalar() or 0, events

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
