"""The answers to the last messages of somebody, so that a message that is sent again is answered once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.store.database import now
from weerwoord.store.people import NUMBER
from weerwoord.store.tables import ANSWER, PERSON

KEPT = 20  # of a person; a page sends only its last message again

# what every turn needs; to put a statement together takes longer than to run it
_GIVEN = (
    sa.select(ANSWER.c.replies)
    .join(PERSON)
    .where(PERSON.c.sender == sa.bindparam("sender"), ANSWER.c.message == sa.bindparam("message"))
)
_ADD = sa.insert(ANSWER)
_MINE = sa.select(ANSWER.c.id).where(ANSWER.c.person_id == sa.bindparam("person")).order_by(ANSWER.c.id.desc())
_DROP = sa.delete(ANSWER).where(
    ANSWER.c.person_id == sa.bindparam("person"), ANSWER.c.id <= _MINE.offset(KEPT).limit(1).scalar_subquery()
)


def given(connection: Connection, sender: str, message: str) -> list[Any] | None:
    """What was answered to a message, None when it was not.

    Args:
        connection: a transaction.
        sender: whose message.
        message: the id that his browser gave it.
    """
    found: list[Any] | None = connection.execute(_GIVEN, {"sender": sender, "message": message}).scalar()
    return found


def keep(connection: Connection, sender: str, message: str, replies: Sequence[Any]) -> None:
    """Keep an answer in the transaction that keeps the turn; older ones than the last few go."""
    person = connection.execute(NUMBER, {"who": sender}).scalar_one()
    row = {"person_id": person, "message": message, "replies": list(replies), "created_at": now()}
    connection.execute(_ADD, row)
    connection.execute(_DROP, {"person": person})
