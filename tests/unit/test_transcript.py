"""A talk as it is kept: nothing gets lost, and turns can be taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from weerwoord.judge import Finding, Judgement
from weerwoord.partner import PartnerState, start
from weerwoord.practice import take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.transcript import Transcript, Turn, from_records

RUUD = scenarios()["ruud"]
REPLIES = (("greet",), ("ask_for_job",), ("not_applying", "information_advice"))


def add(talk: Transcript, *elements: str) -> Transcript:
    judgement = Judgement(tuple(Finding(e, 0.9, 0, 4) for e in elements), (Finding("thank", 0.4, 0, 2),))
    return talk.with_turn(take_turn(talk, "een antwoord", judgement, RUUD, rubric(), hints=1))


@pytest.fixture()
def talk() -> Transcript:
    first = start(RUUD, "mistaken", 5)
    played = Transcript(first.state, first.line)
    for reply in REPLIES:
        played = add(played, *reply)
    return played


def records(talk: Transcript) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = [{"start": talk.start.as_dict(), "opening": talk.opening}]
    return kept + [{"turn": t.as_dict()} for t in talk.turns]


def test_turns_and_states_survive_json(talk: Transcript) -> None:
    for turn in talk.turns:
        assert Turn.from_dict(json.loads(json.dumps(turn.as_dict()))) == turn
        assert PartnerState.from_dict(json.loads(json.dumps(turn.after.as_dict()))) == turn.after


def test_records_make_the_same_talk(talk: Transcript) -> None:
    kept = json.loads(json.dumps(records(talk)))
    assert from_records(kept) == talk
    assert from_records([*kept, {"stopped": True}]) == replace(talk, stopped=True)
    assert from_records([*kept, {"try_again": 2}]) == talk.taken_back(2)
    assert from_records([*kept, {"try_again": None}]) == talk.taken_back()


def test_only_the_last_talk_counts(talk: Transcript) -> None:
    new = {"start": talk.start.as_dict(), "opening": "Opnieuw."}
    assert from_records([*records(talk), new]) == Transcript(talk.start, "Opnieuw.")
    assert from_records([]) is None
    assert from_records([{"stopped": True}, records(talk)[1]]) is None  # a remainder without a beginning


def test_the_last_turn_is_taken_back_by_default(talk: Transcript) -> None:
    assert talk.outcome == "opened"
    back = talk.taken_back()
    assert [t.retried for t in back.turns] == [False, False, True]
    assert back.state == talk.turns[1].after and back.line == talk.turns[1].line
    assert back.outcome == "abandoned"


def test_a_turn_taken_back_is_counted_among_the_standing_ones(talk: Transcript) -> None:
    again = add(talk.taken_back(2), "not_applying")
    assert [t.retried for t in again.turns] == [False, True, True, False]
    assert again.turns[-1].before == talk.turns[0].after
    assert "ask_for_job" not in again.state.pitfalls
    third = again.taken_back(2)
    assert [t.retried for t in third.turns] == [False, True, True, True]
    assert third.taken_back(1).state == talk.start


def test_every_attempt_is_a_whole_way_from_the_first_turn(talk: Transcript) -> None:
    first, second, third = talk.turns
    assert talk.attempts == ((first, second, third),)
    again = add(talk.taken_back(2), "not_applying")
    other = again.turns[-1]
    plain = [tuple(replace(t, retried=False) for t in way) for way in again.attempts]
    assert plain == [(first, second, third), (first, other)]
    assert [len(way) for way in again.taken_back(1).attempts] == [3, 2, 0]
    assert [len(way) for way in add(again.taken_back(1), "greet").attempts] == [3, 2, 1]
    assert Transcript(talk.start, talk.opening).attempts == ((),)


@pytest.mark.parametrize("turn", [0, -1, 4])
def test_a_turn_that_is_not_there(talk: Transcript, turn: int) -> None:
    with pytest.raises(ValueError, match=f"there is no turn {turn}"):
        talk.taken_back(turn)


def test_trying_again_goes_on_after_a_stop(talk: Transcript) -> None:
    assert not replace(talk, stopped=True).taken_back().stopped


def test_nothing_to_take_back_at_the_start(talk: Transcript) -> None:
    empty = Transcript(talk.start, talk.opening)
    assert (empty.line, empty.state, empty.outcome) == (talk.opening, talk.start, "abandoned")
    with pytest.raises(ValueError, match="there is no turn"):
        empty.taken_back()
