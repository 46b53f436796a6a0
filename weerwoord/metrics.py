"""Figures for who watches the servers: counts and times, nothing about a person. Each server counts for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import Counter, Histogram

_TURN = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)  # seconds
_WAIT = (0.001, 0.005, 0.02, 0.1, 0.5, 1, 5, 25)  # seconds

MESSAGES = Counter(
    "weerwoord_messages", "Messages by how they went: answered, again, conflict, busy, store, failed", ["how"]
)
MESSAGE_TIME = Histogram("weerwoord_message_seconds", "From receiving a message to its answer", buckets=_TURN)
LOCK_WAIT = Histogram("weerwoord_lock_wait_seconds", "Waiting for an earlier message of the same talk", buckets=_WAIT)
TURNS = Counter("weerwoord_turns", "Replies to a partner")
DOUBTS = Counter("weerwoord_turns_in_doubt", "Replies in which the judge was not sure of something")
OUTCOMES = Counter("weerwoord_talks_ended", "Talks by how they ended", ["outcome"])
ACTION_FAULTS = Counter(
    "weerwoord_action_faults", "Actions that raised, hung, or returned nonsense", ["action", "kind"]
)
REQUESTS = Counter("weerwoord_requests", "Requests to the web app", ["route", "status"])
REQUEST_TIME = Histogram(
    "weerwoord_request_seconds", "From a request to the end of its answer", ["route"], buckets=_TURN
)
REFUSED = Counter("weerwoord_too_often", "Requests refused because there were too many", ["per"])
ASSISTANT_AWAY = Counter("weerwoord_assistant_away", "Calls that an assistant did not answer")


def count_records(records: Iterable[Mapping[str, Any]]) -> None:
    """Count what happened in talks.

    Args:
        records: see `weerwoord.transcript.from_records`.
    """
    for record in records:
        turn = record.get("turn")
        if turn:
            TURNS.inc()
            if turn["judgement"]["doubtful"]:
                DOUBTS.inc()
            if turn["after"]["phase"] == "ended":
                OUTCOMES.labels(turn["after"]["outcome"]).inc()
        elif record.get("stopped"):
            OUTCOMES.labels("stopped").inc()
