"""Talks for tests: made by the partner, with replies that were found to do what the test says."""

from __future__ import annotations

from typing import Any

from weerwoord.judge import Finding, Judgement
from weerwoord.partner import start
from weerwoord.practice import take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.transcript import Transcript


def records(*replies: str, partner: str = "ruud", elements: tuple[str, ...] = ("who_i_am",)) -> list[dict[str, Any]]:
    """The records of a talk in which each reply does all of these elements, with all of its words."""
    scenario = scenarios()[partner]
    reaction = start(scenario, "mistaken", 7, None)
    talk = Transcript(reaction.state, reaction.line)
    told: list[dict[str, Any]] = [{"start": reaction.state.as_dict(), "opening": reaction.line}]
    for reply in replies:
        found = Judgement(found=tuple(Finding(element, 0.9, 0, len(reply)) for element in elements))
        turn = take_turn(talk, reply, found, scenario, rubric(), hints=0)
        talk = talk.with_turn(turn)
        told.append({"turn": turn.as_dict()})
    return told
