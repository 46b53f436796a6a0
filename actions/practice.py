"""The talk itself: start, a turn, a hint, try again, stop."""

from __future__ import annotations

import re
from dataclasses import replace
from random import SystemRandom
from typing import Any, cast, get_args

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.talk import (
    Events,
    going_on,
    now_of,
    say_line,
    scenario_of,
    send_debrief,
    slots,
    state_of,
    transcript_of,
)
from weerwoord.judge import Judgement
from weerwoord.partner import draw_disposition, start
from weerwoord.practice import MAX_LENGTH, hint, take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import Scenario, scenarios
from weerwoord.situations import DISPOSITIONS, Disposition

MAX_SEED = 2**31


class ActionChoosePartner(Action):  # type: ignore[misc]
    """Show who there is to practise with."""

    def name(self) -> str:
        return "action_choose_partner"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        offer_partners(dispatcher)
        return []


def offer_partners(dispatcher: CollectingDispatcher) -> None:
    """Send the partners as buttons."""
    buttons = [
        {
            "title": f"{s.full_name}, {s.role}",
            "payload": f'/start_practice{{"partner": "{s.id}"}}',
        }
        for s in scenarios().values()
    ]
    dispatcher.utter_message(response="utter_choose_partner", buttons=buttons)


def _given(tracker: Tracker, name: str) -> Any:
    return next(tracker.get_latest_entity_values(name), None)


def _named_in(text: str) -> Scenario | None:
    """The partner whose name stands in a message."""
    words = set(re.findall(r"\w+", text.lower()))
    return next((s for s in scenarios().values() if s.name.lower() in words), None)


class ActionStartPractice(Action):  # type: ignore[misc]
    """Start a talk; partner, disposition or level, and seed may be given."""

    def name(self) -> str:
        return "action_start_practice"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        asked = _given(tracker, "partner")
        text = tracker.latest_message.get("text") or ""
        found = scenarios().get(str(asked)) if asked else _named_in(text)
        if asked and found is None:
            dispatcher.utter_message(response="utter_unknown_partner", asked=str(asked)[:40])
            offer_partners(dispatcher)
            return []
        if found is None and not text.startswith("/"):
            offer_partners(dispatcher)
            return []
        seed = _given(tracker, "seed")
        if seed is None:
            seed = SystemRandom().randrange(MAX_SEED)
        elif isinstance(seed, bool) or not str(seed).lstrip("-").isdigit():
            dispatcher.utter_message(response="utter_wrong_seed", asked=str(seed)[:40])
            return []
        seed = int(seed)
        disposition = _given(tracker, "disposition") or _of_level(_given(tracker, "level"))
        if disposition is None:
            disposition = draw_disposition(seed)
        if disposition not in get_args(Disposition):
            known = ", ".join(get_args(Disposition))
            dispatcher.utter_message(response="utter_unknown_disposition", asked=str(disposition)[:40], known=known)
            return []
        scenario = found or sorted(scenarios().values(), key=lambda s: s.id)[seed % len(scenarios())]
        return begin(dispatcher, tracker, scenario, cast(Disposition, disposition), seed)


def _of_level(level: Any) -> str | None:
    if level is None:
        return None
    places = {str(i): d for i, d in enumerate(DISPOSITIONS, 1)}
    return places.get(str(level), str(level))


def begin(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    scenario: Scenario,
    disposition: Disposition,
    seed: int,
    opening: str | None = None,
) -> Events:
    """Start a talk with this partner and send the scene and his first line."""
    reaction = start(scenario, disposition, seed, opening)
    dispatcher.utter_message(response="utter_scene", briefing=scenario.briefing)
    say_line(dispatcher, tracker, reaction.state, reaction.line)
    record = {"start": reaction.state.as_dict(), "opening": reaction.line}
    return [SlotSet("awaiting", None), *slots(tracker, reaction.state, reaction.line, record)]


class ActionSamePartner(Action):  # type: ignore[misc]
    """The same partner again, with another hidden disposition."""

    def name(self) -> str:
        return "action_same_partner"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = state_of(tracker)
        if state is None:
            offer_partners(dispatcher)
            return []
        seed = state.seed + 1
        return begin(dispatcher, tracker, scenario_of(state), draw_disposition(seed), seed)


def partner_reply(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Let the partner answer the latest message; outside a talk, show the ways in or on."""
    state = state_of(tracker)
    if state is None:
        dispatcher.utter_message(response="utter_no_talk")
        return []
    if state.phase == "ended":
        dispatcher.utter_message(response="utter_talk_over", name=scenario_of(state).name)
        dispatcher.utter_message(response="utter_after_talk")
        return []
    text = (tracker.latest_message.get("text") or "").strip()
    if len(text) > MAX_LENGTH:
        dispatcher.utter_message(response="utter_too_long", length=len(text), limit=MAX_LENGTH)
        return []
    judgement = Judgement.from_dict(tracker.latest_message.get("judgement") or {})
    turn = take_turn(
        now_of(tracker, state),
        text,
        judgement,
        scenario_of(state),
        rubric(),
        hints=int(tracker.get_slot("hints") or 0),
    )
    say_line(dispatcher, tracker, turn.after, turn.line, turn)
    if turn.situation == "unclear" and turn.after.phase != "ended":
        dispatcher.utter_message(response="utter_way_out")
    if turn.after.phase == "ended":
        before = transcript_of(tracker)
        if before is not None:
            send_debrief(dispatcher, tracker, before.with_turn(turn))
    return slots(tracker, turn.after, turn.line, {"turn": turn.as_dict()})


class ActionPartnerReply(Action):  # type: ignore[misc]
    """The partner answers."""

    def name(self) -> str:
        return "action_partner_reply"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        return partner_reply(dispatcher, tracker)


class ActionHint(Action):  # type: ignore[misc]
    """Give a nudge; a clearer one when asked again."""

    def name(self) -> str:
        return "action_hint"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = going_on(tracker)
        if state is None:
            dispatcher.utter_message(response="utter_no_talk")
            return []
        asked = int(tracker.get_slot("hints") or 0)
        talk = now_of(tracker, state)
        text = hint(talk, scenario_of(state), rubric(), asked)
        dispatcher.utter_message(response="utter_hint", hint=text)
        return [SlotSet("hints", asked + 1)]


class ActionTryAgain(Action):  # type: ignore[misc]
    """Take back the last turn, or everything from a given turn on; both attempts stay in the transcript.

    The slots are set back by hand: Rasa's own rewind would also take back hints and talk with the program that lie
    between, and would hide the first attempt from everyone who reads the tracker.
    """

    def name(self) -> str:
        return "action_try_again"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        talk = transcript_of(tracker)
        if talk is None or not talk.standing:
            dispatcher.utter_message(response="utter_nothing_to_retry")
            return []
        last = len(talk.standing)
        asked = _given(tracker, "turn")
        number = int(asked) if str(asked).isdigit() else last
        if not 1 <= number <= last:
            dispatcher.utter_message(response="utter_no_such_turn", turn=number, last=last)
            return []
        again = talk.taken_back(number)
        dispatcher.utter_message(response="utter_again")
        say_line(dispatcher, tracker, again.state, again.line)
        return slots(tracker, again.state, again.line, {"try_again": number})


class ActionStop(Action):  # type: ignore[misc]
    """Stop: the talk with its debrief, or practising altogether."""

    def name(self) -> str:
        return "action_stop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = going_on(tracker)
        talk = transcript_of(tracker)
        if state is None or talk is None:
            dispatcher.utter_message(response="utter_bye")
            return []
        ended = replace(state, phase="ended", outcome=state.outcome_now)
        stopped = replace(talk, stopped=True)
        send_debrief(dispatcher, tracker, stopped)
        return slots(tracker, ended, tracker.get_slot("line") or "", {"stopped": True})


class ActionDebrief(Action):  # type: ignore[misc]
    """Show the debrief (again)."""

    def name(self) -> str:
        return "action_debrief"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        talk = transcript_of(tracker)
        if talk is None or not talk.turns:
            dispatcher.utter_message(response="utter_no_debrief")
            return []
        if going_on(tracker):
            return ActionStop().run(dispatcher, tracker, domain)
        send_debrief(dispatcher, tracker, talk)
        return []
