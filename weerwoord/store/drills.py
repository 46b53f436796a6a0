"""Drills as they are kept: a card for each exercise, which says when it comes back, and a row for each answer.

No words of the user are kept, only what they were worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.store.database import Database
from weerwoord.store.people import People
from weerwoord.store.tables import CARD, DRILL, PERSON

if TYPE_CHECKING:  # the library that plans drills would be imported with every store
    from weerwoord.drill import Key


@dataclass(frozen=True)
class Drilled:
    """One answer to an exercise.

    Attributes:
        at: seconds since 1970.
        focus: what was practised: a criterion, `pitfall` or an element.
        partner: identifier of who said the line.
        verdict: `absent`, `partial` or `clear`.
        pitfalls: pitfalls stepped in.
        seconds: how long it took to answer.
    """

    at: float
    focus: str
    partner: str
    verdict: str
    pitfalls: tuple[str, ...]
    seconds: float


class Drills:
    """The drills in a database.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = People(database)

    def cards(self, sender: str) -> dict[Key, str]:
        """Every card of somebody, as the text that was kept.

        Args:
            sender: his secret number.
        """
        wanted = sa.select(CARD.c.focus, CARD.c.partner, CARD.c.line, CARD.c.state).join(PERSON)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.where(PERSON.c.sender == sender)).all()
        return {(row.focus, row.partner, row.line): row.state for row in rows}

    def of(self, sender: str) -> tuple[Drilled, ...]:
        """Every answer of somebody, the oldest first."""
        columns = [DRILL.c[name] for name in ("at", "focus", "partner", "verdict", "pitfalls", "seconds")]
        wanted = sa.select(*columns).join(PERSON).where(PERSON.c.sender == sender).order_by(DRILL.c.at, DRILL.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple(Drilled(**{**row, "pitfalls": tuple(row["pitfalls"])}) for row in rows)

    def keep(self, sender: str, drilled: Drilled, cards: Mapping[Key, str]) -> None:
        """Keep an answer and the cards that it changed, together."""
        with self._database.writing() as connection:
            self.write(connection, self._people.seen(connection, sender), [drilled], cards)

    def write(self, connection: Connection, person: int, answers: list[Drilled], cards: Mapping[Key, str]) -> None:
        """The same as `keep`, in a transaction of somebody else.

        Args:
            connection: with the transaction.
            person: number of whose they are.
            answers: to add.
            cards: to put in the place of earlier ones.
        """
        for answer in answers:
            values = {**asdict(answer), "pitfalls": list(answer.pitfalls)}
            connection.execute(sa.insert(DRILL).values(person_id=person, **values))
        for (focus, partner, line), state in cards.items():
            key = {"person_id": person, "focus": focus, "partner": partner, "line": line}
            if not self._database.insert_new(connection, CARD, {**key, "state": state}):
                same = [CARD.c[name] == value for name, value in key.items()]
                connection.execute(sa.update(CARD).where(*same).values(state=state))
