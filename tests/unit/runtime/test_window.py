"""A few events stand for a whole conversation: they say the same to the rules, to the actions and to a new start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from weerwoord.runtime import slim

slim.install(training=True)

from rasa.shared.core.domain import Domain  # noqa: E402 (without TensorFlow)
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

from weerwoord.runtime.window import needed, new_session, starts_talk  # noqa: E402

DOMAIN = Domain.from_yaml(
    """
intents: [goal, share]
slots:
  record: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  line: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  kept: {type: any, influence_conversation: false, mappings: [{type: custom}]}
forms: {story_form: {required_slots: []}}
actions: [action_partner_reply]
"""
)


def start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), SlotSet("kept", "once"), listen()]


def listen() -> Event:
    return ActionExecuted("action_listen")


def turn(number: int, record: dict[str, Any] | None = None) -> list[Event]:
    said = UserUttered(f"reply {number}", {"name": "goal", "confidence": 1.0})
    kept = record or {"turn": number}
    return [
        said,
        ActionExecuted("action_partner_reply"),
        SlotSet("line", f"line {number}"),
        SlotSet("record", kept),
        listen(),
    ]


def talk(turns: int) -> list[Event]:
    return [*turn(0, {"start": {}}), *(e for n in range(1, turns + 1) for e in turn(n))]


def tracker(events: Iterable[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("somebody", list(events), DOMAIN.slots)


def records(events: Iterable[Event]) -> list[Any]:
    return [e.value for e in events if isinstance(e, SlotSet) and e.key == "record"]


def state(of: DialogueStateTracker) -> dict[str, Any]:
    told: dict[str, Any] = of.current_state()
    return {name: value for name, value in told.items() if name != "events"}


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 10])
def test_it_says_the_same_as_all_events(turns: int) -> None:
    whole = tracker([*start(), *talk(turns)])
    short = tracker(needed(whole))
    assert state(short) == state(whole)
    assert short.past_states(DOMAIN)[-2:] == whole.past_states(DOMAIN)[-2:]
    assert records(short.events) == [{"start": {}}, *({"turn": n} for n in range(1, turns + 1))]


def test_it_stays_short_however_long_the_conversation() -> None:
    events = [*start(), *talk(3)]
    sizes = []
    for _ in range(30):
        events = needed(tracker([*events, *talk(3)]))
        sizes.append(len(events))
    assert len(set(sizes)) == 1 and sizes[0] < 20


def test_of_an_earlier_talk_nothing_goes_on() -> None:
    events = needed(tracker([*start(), *talk(5), *talk(4)]))
    assert records(events) == [{"start": {}}, *({"turn": n} for n in (1, 2, 3, 4))]


def test_what_was_said_in_a_form_stays_until_it_is_told() -> None:
    told = [
        UserUttered("share", {"name": "share"}),
        ActionExecuted("story_form"),
        ActiveLoop("story_form"),
        listen(),
        *(
            e
            for n in range(6)
            for e in (UserUttered(f"part {n}", {"name": "goal"}), ActionExecuted("story_form"), listen())
        ),
    ]
    whole = tracker([*start(), *talk(5), *told])
    events = needed(whole)
    assert state(tracker(events)) == state(whole) and whole.active_loop.name == "story_form"
    assert [e.text for e in events if isinstance(e, UserUttered)] == ["share", *(f"part {n}" for n in range(6))]
    ended = tracker([*events, UserUttered("last"), ActionExecuted("story_form"), ActiveLoop(None), listen()])
    assert "part 0" in [e.text for e in needed(ended) if isinstance(e, UserUttered)]
    later = tracker([*needed(ended), *turn(6), *turn(7), *turn(8)])
    assert [e.text for e in needed(later) if isinstance(e, UserUttered)] == ["reply 8"]


def test_the_end_of_a_loop_that_nobody_saw_begin_is_no_trouble() -> None:
    whole = tracker([*start(), *talk(3), UserUttered("stop"), ActiveLoop(None), listen()])
    assert state(tracker(needed(whole))) == state(whole)


@pytest.mark.parametrize(
    "odd", [[ConversationPaused()], [UserUtteranceReverted(), listen()], [UserUttered("no listen")]]
)
def test_all_events_stay_when_something_is_taken_back_or_going_on(odd: list[Event]) -> None:
    whole = tracker([*start(), *talk(5), *odd])
    assert needed(whole) == list(whole.events)


def test_a_new_session_carries_every_slot_over() -> None:
    whole = tracker([*start(), *talk(0)])
    again = tracker([*whole.events, *new_session(whole, 1.0)])
    assert again.current_slot_values() == whole.current_slot_values()
    assert again.latest_action_name == "action_listen"
    alone = tracker(new_session(whole, 1.0))
    assert alone.current_slot_values() == whole.current_slot_values() and records(alone.events) == [{"start": {}}]


def test_a_start_is_told_from_a_turn() -> None:
    assert starts_talk(talk(0)) and not starts_talk(turn(1)) and not starts_talk(start())
