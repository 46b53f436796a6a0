"""How far judge and coaches agree: figures that can be worked out by hand."""

from __future__ import annotations

import pytest

from weerwoord.evaluation.agreement import by_month, kappa, of_coaches, of_judge, section
from weerwoord.rubric import rubric
from weerwoord.store.reviews import Correction

CLEAR = ("not_applying", "information_advice")
APRIL, MAY = 1_775_100_000.0, 1_778_000_000.0


def review(
    judged: tuple[str, ...], elements: tuple[str, ...], talk: int = 1, coach: int = 1, at: float = APRIL
) -> Correction:
    return Correction(coach, 1, talk, 1, "ruud", "", "", frozenset(judged), frozenset(elements), at)


@pytest.mark.parametrize(
    "pairs,expected",
    [
        ([], None),
        ([(1, 1), (1, 1)], None),
        ([(0, 0), (1, 1)], 1.0),
        ([(0, 1), (1, 0)], -1.0),
        ([(0, 0), (1, 1), (0, 1), (1, 1)], 0.5),
        ([(0, 0), (0, 1), (1, 0), (1, 1)], 0.0),
        ([(0, 0), (2, 2), (1, 2), (0, 0), (1, 1)], 0.7059),
    ],
)
def test_kappa(pairs: list[tuple[int, int]], expected: float | None) -> None:
    found = kappa(pairs)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-4))


def test_precision_is_what_coaches_leave_standing_and_recall_what_they_add() -> None:
    reviews = [
        review(CLEAR, CLEAR, 1),
        review(("not_applying",), CLEAR, 2),  # one added
        review(("not_applying", "exploring"), ("not_applying",), 3),  # one taken away
        review((), (), 4),
    ]
    goal, reschedule, _, pitfall = of_judge(reviews, rubric())
    assert goal.name == "goal" and goal.count == 4
    assert goal.precision == pytest.approx(4 / 5) and goal.recall == pytest.approx(4 / 5)
    # verdicts clear-clear, partial-clear, partial-partial, absent-absent
    assert goal.kappa == pytest.approx((3 / 4 - 5 / 16) / (11 / 16))
    assert (reschedule.precision, reschedule.recall, reschedule.kappa) == (None, None, None)
    assert pitfall.name == "pitfall" and pitfall.kappa is None


def test_coaches_are_compared_where_two_read_the_same_turn() -> None:
    reviews = [review((), CLEAR, 1, 2), review((), CLEAR, 1, 1), review((), (), 2, 1), review((), (), 2, 2)]
    goal = of_coaches([*reviews, review((), CLEAR, 3, 1)], rubric())[0]
    assert (goal.count, goal.precision, goal.recall, goal.kappa) == (2, 1.0, 1.0, 1.0)
    first_wrong = of_coaches([review((), ("exploring",), 1, 1), review((), CLEAR, 1, 2)], rubric())[0]
    assert (first_wrong.precision, first_wrong.recall) == (0.0, 0.0)


def test_over_time() -> None:
    months = by_month([review((), CLEAR, 2, at=MAY), review(CLEAR, CLEAR, 1)], rubric())
    assert list(months) == ["2026-04", "2026-05"]
    assert [months[m][0].recall for m in months] == [1.0, 0.0]


def test_the_report_has_a_part_about_coaches_when_there_are_reviews() -> None:
    assert section([], rubric()) == []
    text = "\n".join(section([review(CLEAR, CLEAR, 1, 1), review(CLEAR, (), 1, 2, at=MAY)], rubric()))
    assert "2 reviews of 1 replies by 2 coaches" in text and "say little yet" in text
    assert "| `goal` | 2 | 0.50 | 1.00 | 0.00 |" in text
    assert "| 2026-05 | `goal` | 1 | 0.00 | – | 0.00 |" in text and "| criterion | pairs |" in text
