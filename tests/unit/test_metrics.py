"""What is counted of a talk, and who may see it."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import REGISTRY

from weerwoord import metrics
from weerwoord.watching import may_see_figures


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_turns_doubts_and_outcomes_are_counted() -> None:
    turn: dict[str, Any] = {"judgement": {"doubtful": []}, "after": {"phase": "open"}}
    doubtful = {**turn, "judgement": {"doubtful": [{"element": "goal"}]}}
    last = {**turn, "after": {"phase": "ended", "outcome": "appointment"}}
    names = ("weerwoord_turns_total", "weerwoord_turns_in_doubt_total")
    before = [value(name) for name in names]
    ended = value("weerwoord_talks_ended_total", outcome="appointment")
    metrics.count_records([{"start": {}}, {"turn": turn}, {"turn": doubtful}, {"turn": last}, {"try_again": 1}])
    assert [value(name) - was for name, was in zip(names, before)] == [3, 1]
    assert value("weerwoord_talks_ended_total", outcome="appointment") == ended + 1


@pytest.mark.parametrize(
    ("token", "address", "headers", "allowed"),
    [
        ("", "127.0.0.1", {}, True),
        ("", "10.0.0.7", {}, False),
        ("", "127.0.0.1", {"x-forwarded-for": "203.0.113.7"}, False),
        ("word", "127.0.0.1", {}, False),
        ("word", "10.0.0.7", {"authorization": "Bearer word"}, True),
        ("word", "10.0.0.7", {"authorization": "Bearer wôrd"}, False),
    ],
)
def test_figures_are_for_this_machine_or_who_has_the_word(
    token: str, address: str, headers: dict[str, str], allowed: bool
) -> None:
    assert may_see_figures(token, address, headers) is allowed
