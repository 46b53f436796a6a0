"""A hint nudges towards what is missing; the third one gives an example."""

from __future__ import annotations

from dataclasses import replace

import pytest

from weerwoord.judge import Finding, Judgement
from weerwoord.partner import start
from weerwoord.practice import hint, take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.situations import DISPOSITIONS, Disposition
from weerwoord.transcript import Transcript

RUUD = scenarios()["ruud"]
RULES = rubric()


def talk(disposition: Disposition, **state: object) -> Transcript:
    first = start(RUUD, disposition, 3)
    return Transcript(replace(first.state, **state), first.line)  # type: ignore[arg-type]


def nudge(element: str) -> str:
    return RULES.elements[element].hint.format(**RUUD.pronouns)


@pytest.mark.parametrize(
    ("disposition", "said", "first"),
    [
        ("mistaken", (), "information_advice"),
        ("mistaken", ("information_advice",), "not_applying"),
        ("pressed", (), "propose_other_moment"),
        ("reluctant", (), "why_organisation"),
        ("unwinnable", (), "information_advice"),
        ("unwinnable", ("not_applying", "information_advice"), "close"),
    ],
)
def test_the_first_hint_is_what_is_missing_most(disposition: Disposition, said: tuple[str, ...], first: str) -> None:
    assert hint(talk(disposition, said=said), RUUD, RULES) == nudge(first)


@pytest.mark.parametrize("disposition", DISPOSITIONS)
def test_only_the_third_hint_gives_the_sentence_away(disposition: Disposition) -> None:
    hints = [hint(talk(disposition), RUUD, RULES, asked) for asked in range(4)]
    examples = set(RUUD.examples.values())
    assert not set(hints[:2]) & examples
    assert hints[2] in examples and hints[3] == hints[2]
    assert not any("{" in h for h in hints)


def test_once_he_talks_the_hint_is_to_ask() -> None:
    going = talk("mistaken", phase="open")
    assert hint(going, RUUD, RULES) == nudge("content_question")
    assert hint(going, RUUD, RULES, 1) == nudge("ask_contact")
    assert hint(talk("mistaken", phase="open", told=("contact",)), RUUD, RULES) == nudge("thank")


def test_with_an_unwinnable_partner_enough_is_enough() -> None:
    going = talk("unwinnable")
    reply = Judgement((Finding("not_applying", 1, 0, 3), Finding("information_advice", 1, 0, 3)))
    going = going.with_turn(take_turn(going, "nee", reply, RUUD, RULES))
    assert hint(going, RUUD, RULES) == nudge("close")


def test_a_turn_keeps_what_was_heard_and_how_many_hints_were_asked() -> None:
    going = talk("mistaken")
    turn = take_turn(going, "Dag!", Judgement((Finding("greet", 1, 0, 4),)), RUUD, RULES, hints=2)
    assert (turn.heard, turn.reply, turn.hints) == (going.opening, "Dag!", 2)
    assert (turn.before, turn.after.turn, turn.situation) == (going.state, 1, "greeting")
    assert turn.line in RUUD.lines["greeting"]["brush_off"]


def test_what_greets_in_the_first_words_takes_no_leave() -> None:
    dag = Judgement((Finding("greet", 1, 0, 4), Finding("close", 0.9, 0, 4)), (Finding("close", 0.5, 0, 4),))
    first = take_turn(talk("mistaken"), "Dag.", dag, RUUD, RULES)
    assert (first.judgement.elements, first.judgement.doubtful) == ({"greet"}, ())
    assert (first.situation, first.after.phase) == ("greeting", "brush_off")
    later = take_turn(talk("mistaken").with_turn(first), "Dag.", dag, RUUD, RULES)
    assert (later.judgement, later.after.phase) == (dag, "ended")
    leaving = Judgement((Finding("greet", 1, 0, 4), Finding("close", 0.9, 5, 15)))
    assert take_turn(talk("mistaken"), "Dag. Tot ziens!", leaving, RUUD, RULES).after.phase == "ended"
