"""Who practises: a secret number, a pseudonym, a code to come back with, and what a coach may see."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.store.database import Database, now
from weerwoord.store.tables import PERSON

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
_CODE = (3, 4)  # groups, letters a group: 59 bits
_PSEUDONYM = 6  # letters
_ALIKE = str.maketrans("IL01", "????")  # never in a code; typed all the same, they make it a wrong one

# every turn needs these two; to put a statement together takes longer than to run it
_SEEN = sa.update(PERSON).where(PERSON.c.sender == sa.bindparam("who"))
NUMBER = sa.select(PERSON.c.id).where(PERSON.c.sender == sa.bindparam("who"))


@dataclass(frozen=True)
class Person:
    """Somebody who practises.

    Attributes:
        id: number in the database.
        sender: the secret number of the conversation; who knows it is this person.
        pseudonym: what others call this person.
        coach_may_read: whether a coach may read the talks.
        has_code: whether a code to come back with was made.
        created_at: seconds since 1970.
        seen_at: seconds since 1970.
    """

    id: int
    sender: str
    pseudonym: str
    coach_may_read: bool
    has_code: bool
    created_at: float
    seen_at: float


def letters(count: int) -> str:
    """Letters and figures that cannot be guessed, none of which looks like another."""
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def _hash(code: str) -> str:
    """Of a code as it was typed: spaces, dashes and small letters make no difference."""
    plain = "".join(c for c in code.upper() if c.isalnum()).translate(_ALIKE)
    return hashlib.sha256(plain.encode()).hexdigest()


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        sender=row.sender,
        pseudonym=row.pseudonym,
        coach_may_read=row.coach_may_read,
        has_code=row.code_hash is not None,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


class People:
    """The people in a database.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, sender: str) -> Person | None:
        """The person with this secret number."""
        return self._one(PERSON.c.sender == sender)

    def by_code(self, code: str) -> Person | None:
        """The person who made this code; capitals, spaces and dashes make no difference."""
        return self._one(PERSON.c.code_hash == _hash(code))

    def _one(self, where: Any) -> Person | None:
        with self._database.reading() as connection:
            row = connection.execute(sa.select(PERSON).where(where)).first()
        return _person(row) if row else None

    def ensure(self, sender: str) -> Person:
        """The person with this secret number, made when new."""
        found = self.get(sender)
        if found is None:
            with self._database.writing() as connection:
                self.seen(connection, sender)
            found = self.get(sender)
            assert found is not None
        return found

    def seen(self, connection: Connection, sender: str) -> int:
        """Note in a transaction that somebody was here, who may be new.

        Returns:
            Number of the person.
        """
        moment = now()
        who = {"who": sender}
        changed = connection.execute(_SEEN, {**who, "seen_at": moment})
        while not changed.rowcount:  # again when another made him at the same time, or the pseudonym was taken
            values = {
                "sender": sender,
                "pseudonym": letters(_PSEUDONYM),
                "coach_may_read": False,
                "created_at": moment,
                "seen_at": moment,
            }
            self._database.insert_new(connection, PERSON, values)
            changed = connection.execute(_SEEN, {**who, "seen_at": moment})
        return int(connection.execute(NUMBER, who).scalar_one())

    def new_code(self, sender: str) -> str:
        """Make a code to come back with; an earlier one is no longer valid. Only its hash is kept.

        Returns:
            The code, in groups of letters and figures.
        """
        groups, size = _CODE
        code = "-".join(letters(size) for _ in range(groups))
        with self._database.writing() as connection:
            self.seen(connection, sender)
            connection.execute(sa.update(PERSON).where(PERSON.c.sender == sender).values(code_hash=_hash(code)))
        return code

    def set_consent(self, connection: Connection, sender: str, coach_may_read: bool) -> None:
        """Keep in a transaction whether a coach may read the talks of somebody who was seen."""
        connection.execute(sa.update(PERSON).where(PERSON.c.sender == sender).values(coach_may_read=coach_may_read))

    def forget(self, sender: str) -> bool:
        """Delete a person with everything that belongs to him, and make it unreadable in the files too.

        Returns:
            Whether there was anything to delete.
        """
        with self._database.writing() as connection:
            gone = self.delete(connection, sender)
        self._database.wipe()
        return gone

    def delete(self, connection: Connection, sender: str) -> bool:
        """Delete a person in a transaction, with every row that refers to him, and what Rasa kept of him.

        Returns:
            Whether there was anything to delete.
        """
        gone = connection.execute(sa.delete(PERSON).where(PERSON.c.sender == sender)).rowcount
        if sa.inspect(connection).has_table(RASA_EVENTS.name):
            gone += connection.execute(sa.delete(RASA_EVENTS).where(RASA_EVENTS.c.sender_id == sender)).rowcount
        return bool(gone)


# made by Rasa's tracker store, in the same database
RASA_EVENTS = sa.table("events", sa.column("sender_id"))
