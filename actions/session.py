"""Everything around the talk: welcome, consent, yes and no, help, deleting."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.practice import offer_partners, partner_reply
from actions.talk import Events, going_on


class ActionSessionStart(Action):  # type: ignore[misc]
    """Say in three sentences what this is, and ask whether a coach may read along."""

    def name(self) -> str:
        return "action_session_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        if tracker.get_slot("coach_may_read") is not None:
            # asked for again: a new session would empty the slots and hide the talk so far from the actions
            return [ActionExecuted("action_listen")]
        dispatcher.utter_message(response="utter_welcome")
        dispatcher.utter_message(response="utter_ask_consent")
        return [
            SessionStarted(),
            SlotSet("coach_may_read", False),
            SlotSet("awaiting", "consent"),
            ActionExecuted("action_listen"),
        ]


def _as_bool(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "ja", "1")


def _set_consent(dispatcher: CollectingDispatcher, tracker: Tracker, given: bool) -> Events:
    dispatcher.utter_message(response="utter_consent_given" if given else "utter_consent_refused")
    if not going_on(tracker):
        offer_partners(dispatcher)
    return [SlotSet("coach_may_read", given), SlotSet("awaiting", None)]


def _delete(dispatcher: CollectingDispatcher, confirmed: bool) -> Events:
    dispatcher.utter_message(response="utter_deleted" if confirmed else "utter_kept")
    if not confirmed:
        return [SlotSet("awaiting", None)]
    return [SlotSet("awaiting", None), SlotSet("forget_me", True)]


class ActionConsent(Action):  # type: ignore[misc]
    """Keep the answer of the consent buttons; ask the question when the wish was typed."""

    def name(self) -> str:
        return "action_consent"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        answer = next(tracker.get_latest_entity_values("coach_may_read"), None)
        if answer is None:
            dispatcher.utter_message(response="utter_ask_consent")
            return [SlotSet("awaiting", "consent")]
        return _set_consent(dispatcher, tracker, _as_bool(answer))


def _answer(dispatcher: CollectingDispatcher, tracker: Tracker, yes: bool) -> Events:
    """A yes or no: to what the program asked, else to the partner."""
    awaiting = tracker.get_slot("awaiting")
    if awaiting == "consent":
        return _set_consent(dispatcher, tracker, yes)
    if awaiting == "delete":
        return _delete(dispatcher, yes)
    return partner_reply(dispatcher, tracker)


class ActionYes(Action):  # type: ignore[misc]
    """Take a yes."""

    def name(self) -> str:
        return "action_yes"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        return _answer(dispatcher, tracker, True)


class ActionNo(Action):  # type: ignore[misc]
    """Take a no."""

    def name(self) -> str:
        return "action_no"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        return _answer(dispatcher, tracker, False)


class ActionHelp(Action):  # type: ignore[misc]
    """Say what can be said."""

    def name(self) -> str:
        return "action_help"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        dispatcher.utter_message(response="utter_help")
        if not going_on(tracker):
            dispatcher.utter_message(response="utter_menu")
        return []


class ActionDeleteMyData(Action):  # type: ignore[misc]
    """Ask first, then have everything of this conversation deleted (the tracker store does it)."""

    def name(self) -> str:
        return "action_delete_my_data"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        answer = next(tracker.get_latest_entity_values("confirmed"), None)
        if answer is None:
            dispatcher.utter_message(response="utter_ask_delete")
            return [SlotSet("awaiting", "delete")]
        return _delete(dispatcher, _as_bool(answer))
