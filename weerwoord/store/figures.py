"""What the talks of a person or a group came to, for figures over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from weerwoord.rubric import VERDICTS, Verdict, rubric
from weerwoord.store.coaches import Coach
from weerwoord.store.database import Database
from weerwoord.store.review_tables import MEMBERSHIP
from weerwoord.store.reviews import readable
from weerwoord.store.tables import PERSON, TALK, TURN

NEWEST = 1000  # talks that count


@dataclass(frozen=True)
class Held:
    """A talk as far as figures need it.

    Attributes:
        person: number of who held it.
        at: seconds since 1970.
        disposition: the hidden truth about the partner.
        verdicts: by criterion.
        pitfalls: stepped in.
        said: elements of the criteria that were made clear; empty when it is no longer kept.
    """

    person: int
    at: float
    disposition: str
    verdicts: Mapping[str, Verdict]
    pitfalls: tuple[str, ...]
    said: frozenset[str]


class Figures:
    """The figures in a database, for coaches; only of talks they may read.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_person(self, coach: Coach, pseudonym: str) -> tuple[Held, ...]:
        """The newest talks of somebody, the oldest of these first; empty when this coach may not read them."""
        return self._held(coach, TALK.c.person_id.in_(sa.select(PERSON.c.id).where(PERSON.c.pseudonym == pseudonym)))

    def of_group(self, coach: Coach, group: int) -> tuple[Held, ...]:
        """The same of the members of a group who let a coach read."""
        members = sa.select(MEMBERSHIP.c.person_id).where(MEMBERSHIP.c.group_id == group)
        return self._held(coach, TALK.c.person_id.in_(members))

    def _held(self, coach: Coach, whose: Any) -> tuple[Held, ...]:
        last = (
            sa.select(sa.func.max(TURN.c.number))
            .where(TURN.c.talk_id == TALK.c.id, TURN.c.retried.is_(False))
            .correlate(TALK)
            .scalar_subquery()
        )
        wanted = (
            sa.select(TALK, TURN.c.data)
            .outerjoin(TURN, (TURN.c.talk_id == TALK.c.id) & (TURN.c.number == last))
            .where(readable(coach), whose)
            .order_by(TALK.c.id.desc())
            .limit(NEWEST)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple(
            Held(
                person=row["person_id"],
                at=row["started_at"],
                disposition=row["disposition"],
                verdicts={criterion: VERDICTS[row[criterion]] for criterion in rubric().criteria},
                pitfalls=tuple(row["pitfalls"]),
                said=frozenset(((row["data"] or {}).get("after") or {}).get("said") or ()),
            )
            for row in reversed(rows)
        )
