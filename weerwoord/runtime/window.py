"""What of a conversation the next turn needs: a few events, however long it has been going on.

Rasa replays all events of a session several times in each turn, and sends all of them to each action. Its rules look
back no further than the turn before; the actions read slots, and the records of the talk that is going on.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
)
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 1  # whole turns that stay; a rule begins with what the user said last
RECORD = "record"
_TAKES_BACK = (ActionReverted, UserUtteranceReverted)


def needed(tracker: DialogueStateTracker) -> list[Event]:
    """The events that stand for the whole of a session between two turns.

    Replayed, they give the same slots, the same loop and the same latest turn. What was cut off comes back as the
    values of the slots, and as the records of the talk.

    Args:
        tracker: a session that waits for the user; of another one all events are needed.
    """
    events = list(tracker.events)
    cut = _cut(events)
    waits = bool(events) and _is(events[-1], ACTION_LISTEN_NAME) and not tracker.is_paused()
    if not cut or not waits or any(isinstance(e, (SessionStarted, *_TAKES_BACK)) for e in events[cut:]):
        return events
    return [*_of_this_talk(events[:cut]), *_slots(tracker, events[cut].timestamp), *events[cut:]]


def starts_talk(events: Sequence[Event]) -> bool:
    """Whether a talk began in these events."""
    return any(_is_record(e) and "start" in e.value for e in events)


def new_session(tracker: DialogueStateTracker, timestamp: float) -> list[Event]:
    """The events of a new session in which all slots keep their values, as Rasa itself carries them over.

    Args:
        tracker: where the conversation stands.
        timestamp: seconds since 1970.
    """
    record = tracker.get_slot(RECORD)
    return [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=timestamp),
        SessionStarted(timestamp=timestamp),
        *_slots(tracker, timestamp),
        *([SlotSet(RECORD, record, timestamp=timestamp)] if record else []),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=timestamp),
    ]


def _cut(events: Sequence[Event]) -> int:
    """Place of the first event of the last turns; of a loop everything since it began."""
    listening = [i for i, event in enumerate(events) if _is(event, ACTION_LISTEN_NAME)]
    cut = listening[-TURNS - 1] if len(listening) > TURNS else 0
    loops = [i for i, event in enumerate(events) if isinstance(event, ActiveLoop)]
    if loops and (loops[-1] >= cut or events[loops[-1]].name):
        began = max((i for i in loops if events[i].name), default=loops[-1])
        cut = min(cut, max((i for i in listening if i < began), default=0))
    return cut


def _is(event: Event, action: str) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == action


def _is_record(event: Event) -> bool:
    return isinstance(event, SlotSet) and event.key == RECORD and bool(event.value)


def _of_this_talk(events: Sequence[Event]) -> list[Event]:
    records = [e for e in events if _is_record(e)]
    starts = [i for i, e in enumerate(records) if "start" in e.value]
    return records[starts[-1] :] if starts else []


def _slots(tracker: DialogueStateTracker, timestamp: float) -> list[Event]:
    return [
        SlotSet(name, slot.value, timestamp=timestamp)
        for name, slot in tracker.slots.items()
        if name != RECORD and slot.value != slot.initial_value
    ]
