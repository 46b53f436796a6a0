"""How a partner takes what is said: the right move wins, wrong moves do not, every talk ends."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from weerwoord.debrief import debrief
from weerwoord.judge import Finding, Judgement
from weerwoord.partner import MAX_TURNS, SCALE, PartnerState, can_occur, react, start
from weerwoord.practice import hint, take_turn
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.situations import DISPOSITIONS, SITUATIONS, Disposition
from weerwoord.transcript import Transcript, from_records

RUBRIC = rubric()
RUUD = scenarios()["ruud"]
CLEAR_GOAL = ("not_applying", "information_advice")
CLEAR_PITCH = ("why_organisation", "who_i_am", "referral")
CLEAR_RESCHEDULE = ("acknowledge_time", "propose_other_moment", "leave_choice")


def judged(*elements: str, text: str = "een antwoord") -> Judgement:
    return Judgement(found=tuple(Finding(e, 0.9, 0, len(text)) for e in elements))


def play(disposition: str, *replies: tuple[str, ...], seed: int = 7) -> Transcript:
    first = start(RUUD, disposition, seed)  # type: ignore[arg-type]
    talk = Transcript(first.state, first.line)
    for elements in replies:
        if talk.state.phase == "ended":
            break
        talk = talk.with_turn(take_turn(talk, "een antwoord", judged(*elements), RUUD, RUBRIC))
    return talk


@pytest.mark.parametrize(
    ("disposition", "replies", "phase", "outcome"),
    [
        ("mistaken", [CLEAR_GOAL], "open", "opened"),
        ("mistaken", [("not_applying",), ("information_advice",)], "open", "opened"),
        ("mistaken", [CLEAR_PITCH], "brush_off", "abandoned"),
        ("mistaken", [CLEAR_RESCHEDULE], "brush_off", "abandoned"),
        ("pressed", [CLEAR_RESCHEDULE], "ended", "appointment"),
        ("pressed", [CLEAR_PITCH], "wavering", "abandoned"),
        ("pressed", [CLEAR_PITCH, CLEAR_RESCHEDULE], "ended", "appointment"),
        ("pressed", [("acknowledge_time",), ("propose_other_moment",)], "ended", "appointment"),
        ("reluctant", [CLEAR_PITCH], "open", "opened"),
        ("reluctant", [("who_i_am", "what_i_do"), ("why_organisation",)], "open", "opened"),
        ("reluctant", [CLEAR_RESCHEDULE], "brush_off", "abandoned"),
        ("unwinnable", [CLEAR_GOAL, ("close", "thank")], "ended", "kept_dignity"),
        ("unwinnable", [CLEAR_GOAL, ("ask_for_job",), ("close", "thank")], "ended", "dismissed"),
        ("mistaken", [("accept_brushoff",)], "ended", "dismissed"),
        ("mistaken", [("reproach",), ("reproach",)], "ended", "dismissed"),
    ],
)
def test_what_works_and_what_does_not(
    disposition: str, replies: list[tuple[str, ...]], phase: str, outcome: str
) -> None:
    talk = play(disposition, *replies)
    assert (talk.state.phase, talk.outcome) == (phase, outcome)


def test_reluctant_refuses_another_moment() -> None:
    assert play("reluctant", CLEAR_RESCHEDULE).turns[-1].situation == "reschedule_refused"


def test_pitfalls_cost_patience_and_interest() -> None:
    calm, angry = play("mistaken", ("greet",)), play("mistaken", ("reproach",))
    assert angry.state.patience < calm.state.patience
    assert angry.state.interest < calm.state.interest


def test_going_after_a_good_talk_is_no_giving_in() -> None:
    for replies in (
        [CLEAR_GOAL, ("accept_brushoff", "thank", "close")],  # opened
        [("greet",), CLEAR_PITCH, CLEAR_GOAL, ("accept_brushoff", "close")],
    ):
        talk = play("mistaken", *replies)
        assert talk.outcome == "opened" and "accept_brushoff" not in talk.state.pitfalls
        assert debrief(talk, RUUD, RUBRIC).pitfalls == ()
    talk = play("unwinnable", CLEAR_GOAL, ("accept_brushoff", "thank"))
    assert talk.outcome == "kept_dignity" and debrief(talk, RUUD, RUBRIC).pitfalls == ()
    talk = play("unwinnable", ("accept_brushoff", "thank"))
    assert talk.outcome == "dismissed" and len(debrief(talk, RUUD, RUBRIC).pitfalls) == 1


def test_once_he_talks_a_question_that_was_missed_is_answered() -> None:
    talk = play("mistaken", CLEAR_GOAL)
    for judgement in (Judgement(), Judgement(doubtful=(Finding("content_question", 0.4, 0, 5),))):
        reaction = react(talk.state, judgement, "Kan ik een dagje meelopen?", RUUD, RUBRIC)
        assert reaction.situation == "fact" and reaction.state.told == ("advice",)
        assert reaction.state.patience == talk.state.patience
    nothing = react(talk.state, Judgement(), "Is dat uw fiets?", RUUD, RUBRIC)
    assert nothing.situation == "unclear"
    before = play("mistaken", ("greet",))
    assert react(before.state, Judgement(), "Kan ik een dagje meelopen?", RUUD, RUBRIC).situation == "unclear"


def test_what_is_doubtful_earns_nothing_and_costs_nothing() -> None:
    start_state = play("mistaken").start
    maybe = Judgement(doubtful=(Finding("not_applying", 0.4, 0, 5), Finding("information_advice", 0.4, 0, 5)))
    after = react(start_state, maybe, "een antwoord", RUUD, RUBRIC).state
    assert (after.said, after.phase) == ((), "brush_off")
    assert (after.patience, after.interest) == (start_state.patience, start_state.interest)


def test_a_question_he_cannot_answer_does_not_bring_patience_below_zero() -> None:
    state = replace(play("mistaken", CLEAR_GOAL).state, patience=0)
    assert react(state, judged("content_question"), "een antwoord", RUUD, RUBRIC).state.patience == 0


def test_the_same_seed_gives_the_same_talk() -> None:
    replies = [("greet",), CLEAR_PITCH, ("content_question",)]
    assert play("reluctant", *replies) == play("reluctant", *replies)


def test_an_ended_talk_takes_no_reply() -> None:
    talk = play("mistaken", ("accept_brushoff",))
    with pytest.raises(ValueError, match="ended"):
        react(talk.state, judged("greet"), "hallo", RUUD, RUBRIC)


@limits(max_examples=150, deadline=None)
@given(
    disposition=st.sampled_from(DISPOSITIONS),
    seed=st.integers(0, 10_000),
    replies=st.lists(
        st.sets(st.sampled_from(sorted(RUBRIC.elements)), max_size=5), min_size=MAX_TURNS, max_size=MAX_TURNS
    ),
)
def test_every_talk_ends_and_nobody_wins_what_cannot_be_won(
    disposition: str, seed: int, replies: list[set[str]]
) -> None:
    talk = play(disposition, *(tuple(sorted(r)) for r in replies), seed=seed)
    assert talk.state.phase == "ended"
    lines = [t.line for t in talk.turns]
    assert len(set(lines)) == len(lines)
    for turn in talk.turns:
        assert 0 <= turn.after.interest <= SCALE
        assert 0 <= turn.after.patience <= SCALE
    if disposition == "unwinnable":
        assert talk.outcome in ("kept_dignity", "dismissed")
    if disposition != "pressed":
        assert talk.outcome != "appointment"


def test_a_turn_survives_json() -> None:
    turn = play("mistaken", CLEAR_GOAL).turns[0]
    assert type(turn).from_dict(turn.as_dict()) == turn
    assert PartnerState.from_dict(turn.after.as_dict()) == turn.after


def test_a_turn_taken_back_stays_in_the_transcript() -> None:
    talk = play("mistaken", ("ask_for_job",), CLEAR_GOAL)
    again = talk.taken_back(1)
    assert again.state == talk.start and len(again.turns) == 2 and not again.standing
    records = [{"start": talk.start.as_dict(), "opening": talk.opening}]
    records += [{"turn": t.as_dict()} for t in talk.turns] + [{"try_again": 1}]
    assert from_records(records) == again


def test_the_debrief_quotes_what_was_found_and_nothing_else() -> None:
    told = debrief(play("mistaken", CLEAR_GOAL), RUUD, RUBRIC)
    goal, reschedule, pitch = told.criteria
    assert (goal.verdict, reschedule.verdict, pitch.verdict) == ("clear", "absent", "absent")
    assert {q.words for q in goal.quotes} == {"een antwoord"}
    assert not reschedule.quotes and reschedule.missing and not goal.missing
    assert "een antwoord" in told.as_text()


def test_the_debrief_asks_about_what_is_doubtful_once_and_only_when_it_was_not_found() -> None:
    first = start(RUUD, "mistaken", 7)
    talk = Transcript(first.state, first.line)
    maybe = tuple(Finding(e, 0.4, 0, 3) for e in ("exploring", "greet", "over_apologise"))
    for judgement in (Judgement(doubtful=maybe), Judgement(judged("exploring").found, doubtful=maybe[1:])):
        talk = talk.with_turn(take_turn(talk, "een antwoord", judgement, RUUD, RUBRIC))
    assert [(q.element, q.turn) for q in debrief(talk, RUUD, RUBRIC).doubtful] == [("greet", 1)]


def test_a_hint_never_starts_with_the_answer() -> None:
    talk = play("pressed")
    hints = [hint(talk, RUUD, RUBRIC, asked) for asked in range(3)]
    assert hints[0] != RUUD.examples["reschedule"] and hints[2] == RUUD.examples["reschedule"]
    assert len(set(hints)) == 3


@pytest.mark.parametrize("disposition", DISPOSITIONS)
def test_only_what_can_occur_with_a_disposition_occurs(disposition: Disposition) -> None:
    ruud, rules = scenarios()["ruud"], rubric()
    met: set[tuple[str, str]] = set()
    for seed in range(120):
        rng, state = Random(seed), start(ruud, disposition, seed).state
        while state.phase != "ended":
            heard_in = state.phase
            elements = rng.sample(sorted(rules.elements), rng.choice((0, 1, 1, 2, 3, 6)))
            found = Judgement(found=tuple(Finding(e, 0.9, 0, 5) for e in elements))
            reaction = react(state, found, rng.choice(("Dinsdag?", "Hoe begon u hier?")), ruud, rules)
            state = reaction.state
            if reaction.situation != "fact":
                met.add((reaction.situation, "ended" if state.phase == "ended" else heard_in))
    assert all(can_occur(situation, phase, disposition) for situation, phase in met)
    possible = {(s, p) for s, phases in SITUATIONS.items() for p in phases if can_occur(s, p, disposition)}
    assert len(met) > 0.7 * len(possible)  # nor is anything promised that never comes


def test_leaving_after_a_start_is_dignity_only_where_nothing_would_have_won_and_nothing_was_given_in() -> None:
    ruud, rules = scenarios()["ruud"], rubric()

    def outcome(disposition: Disposition, *turns: tuple[str, ...]) -> str:
        state = start(ruud, disposition, 1).state
        for elements in turns:
            spots = {e: (n, n + 1) for n, e in enumerate(elements)}
            found = Judgement(found=tuple(Finding(e, 0.9, *spots[e]) for e in elements))
            state = react(state, found, "Dank u, tot ziens.", ruud, rules).state
        return state.outcome_now

    bye = ("thank", "close")
    assert outcome("unwinnable", ("who_i_am",), bye) == "kept_dignity"
    assert outcome("unwinnable", ("who_i_am",), (*bye, "accept_brushoff")) == "dismissed"
    assert outcome("unwinnable", ("who_i_am",), ("ask_for_job",), bye) == "dismissed"
    assert outcome("unwinnable", bye) == "dismissed"
    assert outcome("reluctant", ("who_i_am",), bye) == "dismissed"
