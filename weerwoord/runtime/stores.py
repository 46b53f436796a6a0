"""Where conversations are kept: Rasa's SQL tracker store, which can also forget."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

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

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is new, or delete all when the owner asked for it.

        A conversation whose start failed (the action server was away) is not kept: Rasa would never listen in it
        again. Not kept, it begins anew with the next message.
        """
        if tracker.get_slot("forget_me"):
            await self.forget(tracker.sender_id)
        elif not _start_failed(tracker):
            await super().save(tracker)

    async def forget(self, sender_id: str) -> int:
        """Delete everything of one conversation.

        Args:
            sender_id: whose.

        Returns:
            The number of events that were deleted.
        """
        with self.session_scope() as session:
            gone = session.query(self.SQLEvent).filter_by(sender_id=sender_id).delete()
            session.commit()
            if self.engine.dialect.name == "sqlite":
                session.execute("VACUUM")  # else the words stay readable in the file
        return int(gone)
