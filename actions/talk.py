"""What the actions have in common: the talk as the tracker keeps it, and how a partner's line goes out."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from weerwoord.debrief import debrief
from weerwoord.partner import PartnerState
from weerwoord.rubric import rubric
from weerwoord.scenario import Scenario, scenarios
from weerwoord.transcript import Transcript, Turn, from_records

Events = list[dict[str, Any]]
SHELL = "cmdline"  # prints custom payloads as they are; there the text is enough


def state_of(tracker: Tracker) -> PartnerState | None:
    """Where the talk stands, or None when there has been none."""
    kept = tracker.get_slot("talk_state")
    return PartnerState.from_dict(kept) if kept else None


def going_on(tracker: Tracker) -> PartnerState | None:
    """Where the talk stands when one is going on, else None."""
    state = state_of(tracker)
    return state if state and state.phase != "ended" else None


def transcript_of(tracker: Tracker) -> Transcript | None:
    """The last talk, put together from the records in the tracker's events."""
    return from_records(
        e["value"] for e in tracker.events if e.get("event") == "slot" and e.get("name") == "record" and e.get("value")
    )


def now_of(tracker: Tracker, state: PartnerState) -> Transcript:
    """The talk as far as the next turn needs it: its length does not matter to a turn."""
    return Transcript(start=state, opening=tracker.get_slot("line") or "")


def scenario_of(state: PartnerState) -> Scenario:
    """The partner of a talk."""
    return scenarios()[state.partner]


def slots(tracker: Tracker, state: PartnerState, line: str, record: dict[str, Any]) -> Events:
    """The events that keep a step of the talk: the record of it, and the slots that it changes."""
    values = {
        "partner": state.partner,
        "disposition": state.disposition,
        "seed": state.seed,
        "phase": state.phase,
        "interest": state.interest,
        "patience": state.patience,
        "outcome": state.outcome,
        "line": line,
        "hints": 0,
        "talk_state": state.as_dict(),
    }
    changed = [SlotSet(name, value) for name, value in values.items() if tracker.get_slot(name) != value]
    return [*changed, SlotSet("record", record)]


def say_line(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    state: PartnerState,
    line: str,
    turn: Turn | None = None,
) -> None:
    """Send a partner's line, and for the page what stands behind it (docs/payloads.md)."""
    dispatcher.utter_message(text=line)
    if tracker.get_latest_input_channel() == SHELL:
        return
    rules = rubric()
    judgement = turn.judgement.as_dict() if turn else {"elements": [], "doubtful": []}
    verdicts = turn.judgement.verdicts(rules) if turn else rules.verdicts(())
    dispatcher.utter_message(
        json_message={
            "type": "partner",
            "partner": state.partner,
            "name": scenario_of(state).name,
            "line": line,
            "reply": turn.reply if turn else None,
            "turn": state.turn,
            **judgement,
            "verdicts": verdicts,
            "criteria": rules.verdicts(state.said),
            "phase": state.phase,
            "interest": state.interest,
            "patience": state.patience,
            "outcome": state.outcome,
        }
    )


def send_debrief(dispatcher: CollectingDispatcher, tracker: Tracker, talk: Transcript) -> None:
    """Send the debrief: as text in the shell, as a card for the page elsewhere, then the ways to go on."""
    told = debrief(talk, scenario_of(talk.state), rubric())
    dispatcher.utter_message(text=told.as_text())
    if tracker.get_latest_input_channel() != SHELL:
        dispatcher.utter_message(json_message={"type": "debrief", **told.as_dict()})
    dispatcher.utter_message(response="utter_after_talk")
