"""A talk without Rasa: replies reach the partner, controls do what they say, and nothing follows the end."""

from __future__ import annotations

import pytest

from weerwoord.intents import IN_TALK
from weerwoord.judge import Finding, Judgement
from weerwoord.rehearsal import Rehearsal
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.situations import Disposition

CONTROLS = {"geef me een hint": "hint", "opnieuw": "try_again", "stop": "stop", "wis alles": "delete_my_data"}
CONTROLS |= {"deel uw ervaring": "share_experience", "deel uw ervaring information_advice": "share_experience"}


class KeywordJudge:
    """Finds the elements that a reply names."""

    def judge(self, text: str, partner: str = "") -> Judgement:
        return Judgement(found=tuple(Finding(w, 1.0, 0, len(text)) for w in text.split() if w in rubric().elements))


class Phrases:
    """Knows a few controls by heart; one that a talk does not know gives way to words that do something."""

    def control(self, text: str, said: bool = False) -> str | None:
        control = CONTROLS.get(text)
        return None if said and control not in IN_TALK else control


def rehearse(disposition: Disposition, *lines: str) -> Rehearsal:
    rehearsal = Rehearsal(scenarios()["ruud"], disposition, 7, KeywordJudge(), Phrases(), rubric())
    for line in lines:
        rehearsal.say(line)
    return rehearsal


@pytest.mark.parametrize(
    ("disposition", "lines", "outcome"),
    [
        ("pressed", ["acknowledge_time propose_other_moment"], "appointment"),
        ("pressed", ["acknowledge_time", "propose_other_moment"], "appointment"),
        ("mistaken", ["information_advice not_applying"], "opened"),
        ("mistaken", ["information_advice", "exploring", "content_question", "thank close"], "opened"),
        ("reluctant", ["propose_other_moment leave_choice"], "abandoned"),
        ("reluctant", ["who_i_am what_i_do", "why_organisation"], "opened"),
        ("unwinnable", ["information_advice not_applying", "thank close"], "kept_dignity"),
        ("unwinnable", ["reproach"], "dismissed"),
        ("mistaken", ["ask_for_job"] * 6, "dismissed"),
        ("mistaken", ["accept_brushoff"], "dismissed"),
        ("mistaken", [], "abandoned"),
    ],
)
def test_what_stands_when_the_answers_run_out(disposition: Disposition, lines: list[str], outcome: str) -> None:
    rehearsal = Rehearsal(scenarios()["ruud"], disposition, 7, KeywordJudge(), Phrases(), rubric())
    for line in lines:
        if not rehearsal.over:
            rehearsal.say(line)
    assert rehearsal.talk.outcome == outcome


def test_a_hint_is_no_turn_and_gets_clearer() -> None:
    rehearsal = rehearse("mistaken")
    hints = [rehearsal.say("geef me een hint").hint for _ in range(3)]
    assert len(set(hints)) == 3 and hints[2] == rehearsal.scenario.examples["goal"]
    assert rehearsal.talk.turns == ()
    rehearsal.say("greet")
    assert rehearsal.talk.turns[0].hints == 3


def test_again_takes_back_a_turn_and_keeps_it() -> None:
    rehearsal = rehearse("mistaken", "ask_for_job")
    assert rehearsal.say("opnieuw").kind == "again"
    assert rehearsal.talk.state == rehearsal.talk.start
    assert [t.retried for t in rehearsal.talk.turns] == [True]
    assert rehearsal.say("opnieuw").kind == "nothing_to_retry"


def test_stop_ends_it() -> None:
    rehearsal = rehearse("mistaken", "greet", "stop")
    assert rehearsal.over and rehearsal.talk.outcome == "abandoned"
    with pytest.raises(ValueError):
        rehearsal.say("hallo")


@pytest.mark.parametrize(("text", "kind"), [("  ", "empty"), ("x" * 2001, "too_long"), ("wis alles", "elsewhere")])
def test_what_is_not_for_the_partner_changes_nothing(text: str, kind: str) -> None:
    rehearsal = rehearse("mistaken", "greet")
    before = rehearsal.talk
    assert rehearsal.say(text).kind == kind
    assert rehearsal.talk == before


def test_what_belongs_outside_a_talk_is_said_when_it_does_something_to_the_partner() -> None:
    rehearsal = rehearse("mistaken")
    assert rehearsal.say("deel uw ervaring").kind == "elsewhere" and rehearsal.talk.turns == ()
    assert rehearsal.say("deel uw ervaring information_advice").kind == "turn"
