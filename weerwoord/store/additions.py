"""What the user adds to a talk: how it was prepared, and what was meant by words that were not surely recognised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.store.database import Database
from weerwoord.store.tables import MEANT, PERSON, PREPARATION, TALK

FIELDS = ("goal", "who", "what", "why", "via", "question1", "question2", "question3")
LONGEST = 500  # characters of a field; the page allows no more


class Additions:
    """What users added to the talks in a database; deleted with the talk.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def prepare(self, sender: str, given: Mapping[str, Any]) -> bool:
        """Keep with the last talk of somebody how it was prepared.

        Args:
            sender: the secret number of who talks.
            given: texts by field (`FIELDS`); what is no text or empty is left out.

        Returns:
            Whether there was a talk, and its owner lets a coach read: without that, nothing is kept.
        """
        data = {name: str(given[name]).strip()[:LONGEST] for name in FIELDS if isinstance(given.get(name), str)}
        data = {name: text for name, text in data.items() if text}
        wanted = (
            sa.select(TALK.c.id)
            .join(PERSON)
            .where(PERSON.c.sender == sender, PERSON.c.coach_may_read.is_(True))
            .order_by(TALK.c.id.desc())
            .limit(1)
        )
        with self._database.writing() as connection:
            talk = connection.execute(wanted).scalar()
            if talk is None or not data:
                return False
            connection.execute(sa.delete(PREPARATION).where(PREPARATION.c.talk_id == talk))
            connection.execute(sa.insert(PREPARATION).values(talk_id=talk, data=data))
        return True

    def preparation(self, key: str) -> dict[str, str] | None:
        """How a talk was prepared; None when its owner did not send it."""
        wanted = sa.select(PREPARATION.c.data).join(TALK).where(TALK.c.key == key)
        with self._database.reading() as connection:
            found: dict[str, str] | None = connection.execute(wanted).scalar()
        return found

    def answer(self, key: str, turn: int, element: str, meant: bool | None) -> None:
        """Keep whether the user meant an element in a turn; with None the answer is taken back."""
        with self._database.writing() as connection:
            talk = self._talk(connection, key)
            if talk is None:
                return
            place = (MEANT.c.talk_id == talk, MEANT.c.turn == turn, MEANT.c.element == element)
            connection.execute(sa.delete(MEANT).where(*place))
            if meant is not None:
                row = {"talk_id": talk, "turn": turn, "element": element, "meant": meant}
                connection.execute(sa.insert(MEANT).values(**row))

    def answers(self, key: str) -> dict[tuple[int, str], bool]:
        """What was answered about a talk, by turn and element."""
        wanted = sa.select(MEANT).join(TALK).where(TALK.c.key == key)
        with self._database.reading() as connection:
            return {(row.turn, row.element): row.meant for row in connection.execute(wanted)}

    @staticmethod
    def _talk(connection: Connection, key: str) -> int | None:
        found: int | None = connection.execute(sa.select(TALK.c.id).where(TALK.c.key == key)).scalar()
        return found
