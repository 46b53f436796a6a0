"""One's own bad conversation: told in a form, shown back as an account, practised when wanted."""

from __future__ import annotations

from random import SystemRandom
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.practice import MAX_SEED, begin
from actions.talk import SHELL, Events
from weerwoord.experience import PARTS, Experience, account, mail_link
from weerwoord.judge import Judgement
from weerwoord.messages import message
from weerwoord.partner import draw_disposition
from weerwoord.practice import MAX_LENGTH
from weerwoord.rubric import Verdict, rubric
from weerwoord.scenario import scenarios
from weerwoord.settings import settings


class ValidateExperienceForm(FormValidationAction):  # type: ignore[misc]
    """Every answer is good, unless it is empty or too long."""

    def name(self) -> str:
        return "validate_experience_form"

    async def validate(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        events: Events = []
        for name, value in tracker.slots_to_validate().items():
            text = str(value or "").strip()
            if not text:
                dispatcher.utter_message(response="utter_experience_empty")
            elif len(text) > MAX_LENGTH:
                dispatcher.utter_message(response="utter_too_long", length=len(text), limit=MAX_LENGTH)
            else:
                events.append(SlotSet(name, text))
                continue
            events.append(SlotSet(name, None))
        return events


def _experience(tracker: Tracker) -> Experience:
    return Experience(**{part: tracker.get_slot(f"experience_{part}") or "" for part in PARTS})


def _verdicts_on(tracker: Tracker, text: str) -> dict[str, Verdict]:
    """The judge's verdicts on a message that was sent earlier."""
    for event in reversed(tracker.events):
        if event.get("event") == "user" and (event.get("text") or "").strip() == text:
            found = Judgement.from_dict((event.get("parse_data") or {}).get("judgement") or {})
            return found.verdicts(rubric())
    return {}


class ActionExperienceAccount(Action):  # type: ignore[misc]
    """Show the account with the tips that apply, ready to send; offer to practise it."""

    def name(self) -> str:
        return "action_experience_account"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        told = _experience(tracker)
        text = account(told, _verdicts_on(tracker, told.response), rubric())
        link = mail_link(text, settings().coach_email)
        dispatcher.utter_message(text=text)
        dispatcher.utter_message(text=message("experience.link", link=link))
        if tracker.get_latest_input_channel() != SHELL:
            payload: dict[str, Any] = {"type": "experience", "text": text, "mailto": link}
            dispatcher.utter_message(json_message=payload)
        dispatcher.utter_message(response="utter_practise_own")
        empty = [f"experience_{part}" for part in PARTS]
        return [SlotSet("experience", told.as_dict()), *(SlotSet(name, None) for name in empty)]


class ActionPractiseOwn(Action):  # type: ignore[misc]
    """Start a talk in which the other begins with what he said then."""

    def name(self) -> str:
        return "action_practise_own"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        kept = tracker.get_slot("experience")
        if not kept:
            dispatcher.utter_message(response="utter_no_experience")
            return []
        seed = SystemRandom().randrange(MAX_SEED)
        known = sorted(scenarios().values(), key=lambda s: s.id)
        line = Experience(**kept).opening
        return begin(dispatcher, tracker, known[seed % len(known)], draw_disposition(seed), seed, line)
