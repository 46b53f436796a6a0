"""The answers to the last messages of somebody, so that a message that is sent again is answered once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.store.database import Database, now
from weerwoord.store.tables import ANSWER, PERSON

KEPT = 20  # of a person; a page sends only its last message again


class Answers:
    """The answers in a database.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, sender: str, message: str) -> list[Any] | None:
        """What was answered to a message, None when it was not.

        Args:
            sender: whose message.
            message: the id that his browser gave it.
        """
        wanted = sa.select(ANSWER.c.replies).join(PERSON).where(PERSON.c.sender == sender, ANSWER.c.message == message)
        with self._database.reading() as connection:
            found: list[Any] | None = connection.execute(wanted).scalar()
        return found

    def write(self, connection: Connection, sender: str, message: str, replies: Sequence[Any]) -> None:
        """Keep an answer in the transaction that keeps the turn; older ones than the last few go."""
        person = connection.execute(sa.select(PERSON.c.id).where(PERSON.c.sender == sender)).scalar_one()
        row = {"person_id": person, "message": message, "replies": list(replies), "created_at": now()}
        connection.execute(sa.insert(ANSWER).values(**row))
        mine = sa.select(ANSWER.c.id).where(ANSWER.c.person_id == person).order_by(ANSWER.c.id.desc())
        last = mine.offset(KEPT).limit(1).scalar_subquery()
        connection.execute(sa.delete(ANSWER).where(ANSWER.c.person_id == person, ANSWER.c.id <= last))
