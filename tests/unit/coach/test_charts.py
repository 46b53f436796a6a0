"""Figures: what they count, and from how many people on."""

from __future__ import annotations

from datetime import datetime

from weerwoord.rubric import Verdict, rubric
from weerwoord.store.figures import Held
from weerwoord.web.coach.charts import SHOWN, SMALLEST, of_group, of_person

MONDAY = datetime(2026, 3, 2, 12).timestamp()
WEEK = 7 * 24 * 3600.0


def talk(person: int = 1, goal: Verdict = "clear", at: float = MONDAY, said: tuple[str, ...] = ()) -> Held:
    verdicts: dict[str, Verdict] = {"goal": goal, "reschedule": "absent", "pitch": "partial"}
    return Held(person, at, "mistaken", verdicts, ("reproach",), frozenset(said))


def test_a_person_has_a_bar_a_talk_the_newest_last() -> None:
    progress = of_person([talk(goal="absent"), talk(goal="partial"), talk()], rubric())
    goal = progress.charts[0]
    assert [bar.kind for bar in goal.bars] == ["absent", "partial", "clear"]
    heights = [bar.height for bar in goal.bars]
    assert heights == sorted(heights) and len(set(heights)) == 3
    assert (goal.clear, goal.count) == (1, 3) and progress.pitfalls == (("reproach", 3),)
    assert all(bar.y + bar.height == goal.bars[0].y + goal.bars[0].height for bar in goal.bars), "on one line"
    assert len(of_person([talk()] * (SHOWN + 5), rubric()).charts[0].bars) == SHOWN


def test_what_is_missing_is_what_helps_with_that_partner() -> None:
    progress = of_person([talk(goal="absent"), talk(goal="partial", said=("information_advice",))], rubric())
    assert dict(progress.missing) == {"information_advice": 1, "not_applying": 1}


def test_a_group_has_a_bar_a_week_and_none_when_it_is_small() -> None:
    crowd = [talk(person) for person in range(SMALLEST)]
    assert of_group(crowd[:-1], rubric()) is None and of_group([talk()] * 20, rubric()) is None
    later = [talk(0, "absent", MONDAY + WEEK), talk(1, "clear", MONDAY + WEEK + 3600)]
    progress = of_group([*crowd, *later], rubric())
    assert progress is not None and progress.people == SMALLEST
    assert [bar.label for bar in progress.charts[0].bars] == ["5/5", "1/2"]
