"""The judge's two models are weighed on writers that neither has seen."""

from __future__ import annotations

import numpy as np

from weerwoord.evaluation.cross_validation import Odds, choose, nested, parts
from weerwoord.examples import Example


def test_a_writer_is_never_on_both_sides() -> None:
    examples = [Example("x", frozenset(), writer=f"w{i % 7}") for i in range(70)] + [Example("hint", frozenset())]
    part = parts(examples, 3)
    assert part[-1] == -1 and set(part[:-1]) == {0, 1, 2}
    for writer in {e.writer for e in examples}:
        assert len({p for p, e in zip(part, examples) if e.writer == writer}) == 1


def odds(network: list[float], linear: list[float], labels: list[int], part: list[int]) -> Odds:
    def column(values: list[float]) -> np.ndarray:
        return np.array(values, dtype=np.float32)[:, None]

    return Odds(column(network), column(linear), column(labels).astype(bool), np.array(part))


def test_the_better_model_gets_the_larger_share() -> None:
    labels = [1, 0, 1, 0, 1, 0]
    right, wrong = [2.0 if y else -2.0 for y in labels], [-2.0 if y else 2.0 for y in labels]
    assert choose(odds(right, wrong, labels, [0] * 6), np.ones(6, dtype=bool))[0] > 0.5
    assert choose(odds(wrong, right, labels, [0] * 6), np.ones(6, dtype=bool))[0] < 0.5


def test_a_part_is_judged_with_the_choice_of_the_others() -> None:
    """In part 0 only a shift up would find anything; the other parts need none, so nothing is found there."""
    labels, part = [1, 0, 1, 0, 1, 0], [0, 0, 1, 1, 2, 2]
    score = [-0.5, -2.0, 0.1, -0.2, 0.1, -0.2]
    named = nested(odds(score, score, labels, part))
    assert named[:2, 0].tolist() == [False, False]
    assert named[2:, 0].sum() > 2  # and these with a choice to which part 0 had its say
