"""Where conversations are kept: Rasa's SQL tracker store in the database of the settings, with the talks beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

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

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is new, or delete all when the owner asked for it.

        A conversation whose start failed (the action server was away) is not kept: Rasa would never listen in it
        again. Not kept, it begins anew with the next message.

        Raises:
            StoreError: the database cannot be written; nothing of this message is kept then.
        """
        if tracker.get_slot("forget_me"):
            self.store.people.forget(tracker.sender_id)
        elif not _start_failed(tracker):
            await self.stream_events(tracker)
            with self.store.database.writing() as connection:
                self._write(connection, tracker)

    def _write(self, connection: Connection, tracker: DialogueStateTracker) -> None:
        with Session(bind=connection, future=True) as session:
            new = list(self._additional_events(session, tracker))
        rows = [self._row(tracker.sender_id, event) for event in new]
        if rows:
            connection.execute(sa.insert(self.SQLEvent.__table__), rows)
        channel = tracker.get_latest_input_channel() or ""
        self.store.talks.write(connection, tracker.sender_id, channel, _values(new, "record"))
        for given in _values(new, "coach_may_read"):
            self.store.people.set_consent(connection, tracker.sender_id, given)

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
