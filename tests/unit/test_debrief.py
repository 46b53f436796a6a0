"""The debrief says what was left out, and when that was no fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talks import CLEAR_GOAL, records
from weerwoord.debrief import Debrief, debrief
from weerwoord.messages import message
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.transcript import from_records

RUUD = scenarios()["ruud"]
NOT_NEEDED = message("debrief.not_needed")


def _after(*replies: tuple[str, tuple[str, ...]], **how: Any) -> Debrief:
    talk = from_records(records(RUUD, *replies, **how))
    assert talk is not None
    return debrief(talk, RUUD, rubric())


def _spoken(told: Debrief) -> dict[str, str]:
    return {c.id: c.spoken for c in told.criteria}


def test_what_a_good_talk_did_without_is_no_fault() -> None:
    told = _after(("Ik kom niet solliciteren, ik wil uw advies.", CLEAR_GOAL))
    assert told.outcome == "opened"
    said = _spoken(told)
    assert said["reschedule"].endswith(NOT_NEEDED) and said["pitch"].endswith(NOT_NEEDED)
    assert NOT_NEEDED not in said["goal"]


@pytest.mark.parametrize("disposition", ["pressed", "reluctant", "unwinnable"])
def test_what_was_missing_in_a_talk_that_led_to_nothing_is_told_as_it_is(disposition: str) -> None:
    told = _after(("Dag.", ("greet",)), disposition=disposition)
    assert not any(NOT_NEEDED in said for said in _spoken(told).values())


def test_what_would_have_helped_is_never_called_needless() -> None:
    told = _after(("Morgen dan?", ("propose_other_moment", "leave_choice")), disposition="pressed")
    assert told.outcome == "appointment"
    assert NOT_NEEDED not in _spoken(told)["reschedule"] and _spoken(told)["goal"].endswith(NOT_NEEDED)


def test_who_was_helped_and_leaves_with_a_reproach_makes_that_good_first() -> None:
    asked = ("Ik kom niet solliciteren, ik wil uw advies.", CLEAR_GOAL)
    friendly, rude = (
        _after(asked, ("Dank u wel, dag.", ("thank", "close"))),
        _after(asked, ("Onbeschoft.", ("reproach",))),
    )
    assert friendly.outcome == rude.outcome == "opened"
    assert friendly.next_step == rubric().outcomes["opened"].next.format(**RUUD.pronouns)
    assert "sorry" in rude.next_step
