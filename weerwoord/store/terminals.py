"""Who practises in the terminal: names on this computer, and the person in the database that each of them is."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.store.database import Database
from weerwoord.store.people import People
from weerwoord.store.tables import CARD, DRILL, PERSON, TALK, TERMINAL_USER

_SENDER_BYTES = 16


class Terminals:
    """The names in a database.

    A name can be guessed, and who knows a secret number is that person; so the two are kept apart.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = People(database)

    def sender(self, name: str) -> str:
        """The secret number of a name, made when it is new.

        Args:
            name: on this computer, or as the user gave it.
        """
        with self._database.reading() as connection:
            found = self._find(connection, name)
        if found is None:
            with self._database.writing() as connection:
                found = self._find(connection, name) or self._make(connection, name)
        return found

    @staticmethod
    def _find(connection: Connection, name: str) -> str | None:
        wanted = sa.select(PERSON.c.sender).join(TERMINAL_USER).where(TERMINAL_USER.c.name == name)
        found: str | None = connection.execute(wanted).scalar()
        return found

    def _make(self, connection: Connection, name: str) -> str:
        sender = secrets.token_urlsafe(_SENDER_BYTES)
        person = self._people.seen(connection, sender)
        if self._database.insert_new(connection, TERMINAL_USER, {"name": name, "person_id": person}):
            return sender
        self._people.delete(connection, sender)  # another process was first
        return str(self._find(connection, name))

    def link(self, name: str, sender: str) -> None:
        """Make a name the same person as one on the page; what was practised under it goes along.

        Args:
            name: on this computer, or as the user gave it.
            sender: secret number of the person on the page.
        """
        mine = self.sender(name)
        if mine == sender:
            return
        with self._database.writing() as connection:
            before, person = self._people.seen(connection, mine), self._people.seen(connection, sender)
            theirs = sa.select(CARD.c.focus, CARD.c.partner, CARD.c.line).where(CARD.c.person_id == person)
            for focus, partner, line in connection.execute(theirs).all():  # of another name of the same person
                same = (CARD.c.focus == focus, CARD.c.partner == partner, CARD.c.line == line)
                connection.execute(sa.delete(CARD).where(CARD.c.person_id == before, *same))
            for table in (TALK, DRILL, CARD, TERMINAL_USER):
                connection.execute(sa.update(table).where(table.c.person_id == before).values(person_id=person))
            self._people.delete(connection, mine)
