"""The answer to a message is there when it is sent again, and goes with the person."""

from __future__ import annotations

from typing import Any

import pytest

from weerwoord.store import Store, StoreError
from weerwoord.store.answers import KEPT, given, keep

REPLIES = [{"recipient_id": "x", "text": "Dag."}, {"custom": {"type": "partner"}}]


def write(kept: Store, sender: str, message: str) -> None:
    with kept.database.writing() as connection:
        kept.people.seen(connection, sender)
        keep(connection, sender, message, REPLIES)


def found(kept: Store, sender: str, message: str) -> list[Any] | None:
    with kept.database.reading() as connection:
        return given(connection, sender, message)


def test_an_answer_is_found_by_its_owner_only(kept: Store) -> None:
    write(kept, "one", "m1")
    assert found(kept, "one", "m1") == REPLIES
    assert found(kept, "one", "m2") is None and found(kept, "two", "m1") is None


def test_a_second_answer_to_the_same_message_is_refused(kept: Store) -> None:
    write(kept, "one", "m1")
    with pytest.raises(StoreError):
        write(kept, "one", "m1")


def test_only_the_last_ones_are_kept(kept: Store) -> None:
    for number in range(KEPT + 5):
        write(kept, "one", f"m{number}")
    write(kept, "two", "m1")
    assert [found(kept, "one", f"m{n}") is not None for n in range(KEPT + 5)] == [False] * 5 + [True] * KEPT
    assert found(kept, "two", "m1") == REPLIES


def test_they_go_with_the_person(kept: Store) -> None:
    write(kept, "one", "m1")
    kept.people.forget("one")
    assert found(kept, "one", "m1") is None
