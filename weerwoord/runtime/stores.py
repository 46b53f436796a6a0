"""Where conversations are kept: Rasa's SQL tracker store, which can also forget."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from weerwoord.runtime.recent import Recent
from weerwoord.runtime.window import needed, new_session, starts_talk
from weerwoord.settings import settings


def _start_failed(tracker: DialogueStateTracker) -> bool:
    first = tracker.events[0] if tracker.events else None
    began = isinstance(first, ActionExecuted) and first.action_name == ACTION_SESSION_START_NAME
    return began and not any(isinstance(event, SessionStarted) for event in tracker.events)


class PracticeTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """Rasa's store, in the database of the settings, that deletes a conversation when its owner asked for it.

    The action sets the slot `forget_me`; deleting has to happen here, because Rasa saves the whole tracker after the
    action and would bring everything back.
    """

    def __init__(self, domain: Domain | None = None, db: str | None = None, **kwargs: Any) -> None:
        super().__init__(domain=domain, db=db or str(settings().database), **kwargs)
        self._recent = Recent()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """What the next turn needs of a conversation, None when there is none.

        What was kept in memory is compared with the database: what another server added is read, and when its newest
        event is not there any more, everything is.
        """
        with self.engine.connect() as connection:
            events = self._events(connection, sender_id)
        if not events or not self.domain:
            return None
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        tracker.kept = len(events)
        return tracker

    def _events(self, connection: Connection, sender: str) -> list[Event]:
        kept = self._recent.get(sender)
        if kept is not None:
            (newest, *added) = self._rows(connection, sender, kept.last) or [None]
            if newest is not None and newest.id == kept.last:
                return [*kept.events, *_events(added)]
            self._recent.drop(sender)
        row = self.SQLEvent
        start = sa.select(sa.func.max(row.id)).where(
            row.sender_id == sender, row.type_name == SessionStarted.type_name
        )
        return _events(self._rows(connection, sender, connection.execute(start).scalar() or 0))

    def _rows(self, connection: Connection, sender: str, first: int) -> list[Any]:
        row = self.SQLEvent
        wanted = sa.select(row.id, row.data).where(row.sender_id == sender, row.id >= first).order_by(row.id)
        return list(connection.execute(wanted))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is new, or delete all when the owner asked for it.

        A conversation whose start failed (the action server was away) is not kept: Rasa would never listen in it
        again. Not kept, it begins anew with the next message.
        """
        if tracker.get_slot("forget_me"):
            await self.forget(tracker.sender_id)
        elif not _start_failed(tracker):
            await self.stream_events(tracker)
            with self.engine.begin() as connection:
                last, events = self._write(connection, tracker)
            tracker.kept = len(tracker.events)
            self._recent.put(tracker.sender_id, events, last)

    def _write(self, connection: Connection, tracker: DialogueStateTracker) -> tuple[int, list[Event]]:
        """Write what is new.

        A talk begins a session: what was practised before it is then not read again.

        Returns:
            The number of the newest event, and the events that the next turn needs.
        """
        sender, new = tracker.sender_id, self._new(connection, tracker)
        if starts_talk(new):
            events = new_session(tracker, time.time())
            self._insert(connection, sender, [*new, *events])
        else:
            events = needed(tracker)
            self._insert(connection, sender, new)
        newest = sa.select(sa.func.max(self.SQLEvent.id)).where(self.SQLEvent.sender_id == sender)
        return connection.execute(newest).scalar() or 0, events

    def _new(self, connection: Connection, tracker: DialogueStateTracker) -> list[Event]:
        kept = getattr(tracker, "kept", None)  # how many of its events are in the database; of a foreign one we count
        if kept is None:
            with sa.orm.Session(bind=connection) as session:
                return list(self._additional_events(session, tracker))
        return list(tracker.events)[kept:]

    def _insert(self, connection: Connection, sender: str, events: Iterable[Event]) -> None:
        rows = [_row(sender, event) for event in events]
        if rows:
            connection.execute(sa.insert(self.SQLEvent.__table__), rows)

    async def forget(self, sender_id: str) -> int:
        """Delete everything of one conversation.

        Args:
            sender_id: whose.

        Returns:
            The number of events that were deleted.
        """
        self._recent.drop(sender_id)
        with self.session_scope() as session:
            gone = session.query(self.SQLEvent).filter_by(sender_id=sender_id).delete()
            session.commit()
            if self.engine.dialect.name == "sqlite":
                session.execute("VACUUM")  # else the words stay readable in the file
        return int(gone)


def _events(rows: Sequence[Any]) -> list[Event]:
    return list(deserialise_events([json.loads(row.data) for row in rows]))


def _row(sender: str, event: Event) -> dict[str, Any]:
    """The columns that Rasa fills in its own `save`."""
    data = event.as_dict()
    return {
        "sender_id": sender,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
