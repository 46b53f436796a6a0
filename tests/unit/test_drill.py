"""Drills: which exercise comes, what an answer is worth, when it comes back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from random import Random

import pytest

from weerwoord.drill import FITS, PITFALL, Exercise, assess, choose, example, exercises, hint, reviewed, with_elements
from weerwoord.judge import Finding, Judgement
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
RUUD = scenarios()["ruud"]
GOAL = exercises([RUUD], ["goal"])


def judged(*elements: str, doubtful: tuple[str, ...] = ()) -> Judgement:
    return Judgement(*(tuple(Finding(e, 1.0, 0, 5) for e in names) for names in (elements, doubtful)))


def on(focus: str) -> Exercise:
    return Exercise(focus, "ruud", "mistaken", "Er zijn geen banen.")


def test_exercises_are_on_the_openings_that_fit_or_on_those_of_a_level() -> None:
    assert {e.disposition for e in GOAL} == {"mistaken"} and len(GOAL) == len(RUUD.openings["mistaken"])
    assert {e.disposition for e in exercises([RUUD], ["goal", "pitch"], "unwinnable")} == {"unwinnable"}
    assert set(FITS) == {*rubric().criteria, PITFALL}


@pytest.mark.parametrize(
    ("focus", "said", "verdict", "missing"),
    [
        ("goal", ["information_advice", "not_applying"], "clear", 0),
        ("goal", ["not_applying"], "partial", 1),
        ("goal", ["greet"], "absent", 3),
        (PITFALL, ["ask_for_job", "greet"], "absent", 0),
        (PITFALL, ["not_applying"], "clear", 0),
        (PITFALL, ["greet"], "partial", 0),
        ("leave_choice", ["leave_choice"], "clear", 0),
        ("leave_choice", ["greet"], "absent", 1),
    ],
)
def test_what_an_answer_is_worth(focus: str, said: list[str], verdict: str, missing: int) -> None:
    found = assess(on(focus), judged(*said), rubric())
    assert (found.verdict, len(found.missing)) == (verdict, missing)


def test_what_is_doubtful_is_asked_about_only_where_it_was_missing() -> None:
    found = assess(on("goal"), judged("not_applying", doubtful=("information_advice", "close")), rubric())
    assert [f.element for f in found.doubtful] == ["information_advice"]


def due_after(*said: str, helped: bool = False, focus: str = "goal") -> timedelta:
    exercise = on(focus)
    changed = reviewed(exercise, assess(exercise, judged(*said), rubric()), {}, NOW, helped=helped)
    return changed[exercise.key].due - NOW


def test_the_worse_it_went_the_sooner_it_comes_back() -> None:
    clear, partial, absent = due_after("information_advice", "not_applying"), due_after("not_applying"), due_after()
    assert clear > partial > absent
    assert due_after("information_advice", "not_applying", helped=True) == partial
    assert due_after("information_advice", "not_applying", "reproach") == partial
    assert due_after("reproach", focus=PITFALL) == absent


def test_clear_again_and_again_takes_ever_longer() -> None:
    exercise, cards, now, waits = on("goal"), {}, NOW, []
    found = assess(exercise, judged("information_advice", "not_applying"), rubric())
    for _ in range(5):
        cards |= reviewed(exercise, found, cards, now, helped=False)
        waits.append(cards[exercise.key].due - now)
        now = cards[exercise.key].due
    assert waits == sorted(waits) and waits[-1] > timedelta(days=7)


def test_what_was_missing_becomes_an_exercise_of_its_own() -> None:
    exercise = GOAL[0]
    cards = reviewed(exercise, assess(exercise, judged("not_applying"), rubric()), {}, NOW, helped=False)
    pool = with_elements(GOAL, cards.keys(), rubric())
    (single,) = set(pool) - set(GOAL)
    assert (single.focus, single.line) == ("information_advice", exercise.line)
    assert choose(pool, cards, NOW, Random(1), last=GOAL[1]) == single
    assert choose(pool, cards, NOW, Random(1), last=exercise).line != exercise.line  # never the same line twice


def test_what_is_new_comes_before_what_is_not_due_and_the_focus_changes() -> None:
    pool = exercises([RUUD], ["goal", "pitch"])
    cards: dict = {}
    last, seen = None, []
    for _ in range(len(pool)):
        last = choose(pool, cards, NOW, Random(len(seen)), last)
        seen.append(last)
        found = assess(
            last, judged("information_advice", "not_applying", "why_organisation", "who_i_am", "what_i_do"), rubric()
        )
        cards |= reviewed(last, found, cards, NOW, helped=False)
    assert set(seen) == set(pool)
    assert all(a.focus != b.focus for a, b in zip(seen, seen[1:]))
    assert choose(pool, cards, NOW, Random(1), last).line != last.line


def test_the_same_seed_chooses_the_same() -> None:
    assert len({choose(GOAL, {}, NOW, Random(7)).line for _ in range(5)}) == 1
    assert len({choose(GOAL, {}, NOW, Random(n)).line for n in range(20)}) > 3


@pytest.mark.parametrize("focus", [*FITS, *rubric().elements])
def test_every_focus_has_hints_and_an_example(focus: str) -> None:
    hints = [hint(on(focus), RUUD, rubric(), n) for n in range(3)]
    assert hints[-1] == example(on(focus), RUUD, rubric()) and hints[0] != hints[-1]
    assert not any("{" in h for h in hints)
