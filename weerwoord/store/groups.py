"""Groups of people who practise, the coaches they have, and the exercises that are set for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.rubric import VERDICTS
from weerwoord.store.coaches import Coach
from weerwoord.store.database import Database, now
from weerwoord.store.people import People, letters
from weerwoord.store.review_tables import COACH, COACH_GROUP, EXERCISE, GROUP_COACH, MEMBERSHIP
from weerwoord.store.tables import PERSON, TALK

MAX_NAME = 64  # characters
CODE = 8  # letters; a code lets others read with you, it never lets you read
MAX_GROUPS = 100  # of one coach
MAX_EXERCISES = 50  # of one group


@dataclass(frozen=True)
class Group:
    """Some people who practise and have the same coaches.

    Attributes:
        id: number in the database.
        name: as a coach called it.
        code: what people type to join, in capitals.
        members: how many have joined.
        open: how many of them let a coach read their talks.
    """

    id: int
    name: str
    code: str
    members: int
    open: int


@dataclass(frozen=True)
class Exercise:
    """Something to practise before a day.

    Attributes:
        id: number in the database.
        partner: identifier of the scenario, None for any.
        disposition: the hidden truth about the partner, None for any.
        criterion: what has to be clear in a talk.
        due_at: seconds since 1970, the end of the last day.
        created_at: seconds since 1970; only talks after it count.
    """

    id: int
    partner: str | None
    disposition: str | None
    criterion: str
    due_at: float
    created_at: float


def plain_code(code: str) -> str:
    """A code without what people add when they type it."""
    return "".join(c for c in code.upper() if c.isalnum())


def _exercise(row: Any) -> Exercise:
    return Exercise(row.id, row.partner, row.disposition, row.criterion, row.due_at, row.created_at)


def _done(exercise: Exercise) -> Any:
    """Which talks fulfil an exercise."""
    conditions = [
        TALK.c.started_at >= exercise.created_at,
        TALK.c.started_at <= exercise.due_at,
        TALK.c[exercise.criterion] == VERDICTS.index("clear"),
    ]
    if exercise.partner is not None:
        conditions.append(TALK.c.partner == exercise.partner)
    if exercise.disposition is not None:
        conditions.append(TALK.c.disposition == exercise.disposition)
    return sa.and_(*conditions)


class Groups:
    """The groups in a database. A coach reaches only his own: to others a group is not there.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people = People(database)

    def create(self, coach: Coach, name: str) -> int | None:
        """Make a group with a code to join.

        Returns:
            Its number; None when this coach has as many as he can have.
        """
        with self._database.writing() as connection:
            mine = sa.select(sa.func.count()).select_from(GROUP_COACH).where(GROUP_COACH.c.coach_id == coach.id)
            if connection.execute(mine).scalar_one() >= MAX_GROUPS:
                return None
            values = {"name": name, "created_at": now()}
            while not self._database.insert_new(connection, COACH_GROUP, {**values, "code": (code := letters(CODE))}):
                pass
            wanted = sa.select(COACH_GROUP.c.id).where(COACH_GROUP.c.code == code)
            group = int(connection.execute(wanted).scalar_one())
            connection.execute(sa.insert(GROUP_COACH).values(group_id=group, coach_id=coach.id))
        return group

    def of(self, coach: Coach) -> tuple[Group, ...]:
        """The groups of a coach, by name."""
        return self._groups(coach, sa.true())

    def get(self, coach: Coach, group: int) -> Group | None:
        """A group of this coach."""
        return next(iter(self._groups(coach, COACH_GROUP.c.id == group)), None)

    def _groups(self, coach: Coach, which: Any) -> tuple[Group, ...]:
        members = sa.func.count(PERSON.c.id)
        is_open = sa.func.count(sa.case((PERSON.c.coach_may_read, 1)))
        wanted = (
            sa.select(COACH_GROUP, members.label("members"), is_open.label("open"))
            .join_from(COACH_GROUP, GROUP_COACH)
            .outerjoin(MEMBERSHIP, MEMBERSHIP.c.group_id == COACH_GROUP.c.id)
            .outerjoin(PERSON)
            .where(GROUP_COACH.c.coach_id == coach.id, which)
            .group_by(COACH_GROUP.c.id)
            .order_by(COACH_GROUP.c.name, COACH_GROUP.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return tuple(Group(r.id, r.name, r.code, r.members, r.open) for r in rows)

    def _is_of(self, connection: Connection, coach: Coach, group: int) -> bool:
        mine = (GROUP_COACH.c.group_id == group) & (GROUP_COACH.c.coach_id == coach.id)
        return connection.execute(sa.select(GROUP_COACH).where(mine)).first() is not None

    def share(self, coach: Coach, group: int, colleague: Coach) -> bool:
        """Let a colleague coach the group too.

        Returns:
            Whether the group is one of this coach.
        """
        with self._database.writing() as connection:
            if not self._is_of(connection, coach, group):
                return False
            self._database.insert_new(connection, GROUP_COACH, {"group_id": group, "coach_id": colleague.id})
        return True

    def leave(self, coach: Coach, group: int) -> None:
        """Coach this group no longer; when nobody else does, the group is gone."""
        with self._database.writing() as connection:
            mine = (GROUP_COACH.c.group_id == group) & (GROUP_COACH.c.coach_id == coach.id)
            connection.execute(sa.delete(GROUP_COACH).where(mine))
            coached = sa.select(GROUP_COACH.c.group_id)
            connection.execute(sa.delete(COACH_GROUP).where(COACH_GROUP.c.id.not_in(coached)))

    def coaches(self, coach: Coach, group: int) -> tuple[str, ...]:
        """The names of who coaches a group of this coach."""
        with self._database.reading() as connection:
            if not self._is_of(connection, coach, group):
                return ()
            wanted = sa.select(COACH.c.name).join(GROUP_COACH).where(GROUP_COACH.c.group_id == group)
            return tuple(connection.execute(wanted.order_by(COACH.c.name_key)).scalars())

    def join(self, sender: str, code: str) -> str | None:
        """Join the group with this code, and leave another; capitals, spaces and dashes make no difference.

        Args:
            sender: the secret number of who joins.
            code: as typed.

        Returns:
            Name of the group, None when no group has this code.
        """
        with self._database.writing() as connection:
            group = connection.execute(sa.select(COACH_GROUP).where(COACH_GROUP.c.code == plain_code(code))).first()
            if group is None:
                return None
            person = self._people.seen(connection, sender)
            connection.execute(sa.delete(MEMBERSHIP).where(MEMBERSHIP.c.person_id == person))
            connection.execute(sa.insert(MEMBERSHIP).values(person_id=person, group_id=group.id, joined_at=now()))
        return str(group.name)

    def quit(self, sender: str) -> None:
        """Be in no group any more."""
        person = sa.select(PERSON.c.id).where(PERSON.c.sender == sender).scalar_subquery()
        with self._database.writing() as connection:
            connection.execute(sa.delete(MEMBERSHIP).where(MEMBERSHIP.c.person_id == person))

    def of_person(self, sender: str) -> str | None:
        """The name of the group somebody is in."""
        wanted = sa.select(COACH_GROUP.c.name).select_from(PERSON.join(MEMBERSHIP).join(COACH_GROUP))
        with self._database.reading() as connection:
            found: str | None = connection.execute(wanted.where(PERSON.c.sender == sender)).scalar()
        return found

    def set_exercise(
        self, coach: Coach, group: int, partner: str | None, disposition: str | None, criterion: str, due_at: float
    ) -> bool:
        """Set an exercise for a group of this coach; see `Exercise`.

        Returns:
            Whether the group is his, and has room for one more.
        """
        with self._database.writing() as connection:
            count = sa.select(sa.func.count()).select_from(EXERCISE).where(EXERCISE.c.group_id == group)
            if not self._is_of(connection, coach, group) or connection.execute(count).scalar_one() >= MAX_EXERCISES:
                return False
            values = {"partner": partner, "disposition": disposition, "criterion": criterion, "due_at": due_at}
            connection.execute(sa.insert(EXERCISE).values(group_id=group, created_at=now(), **values))
        return True

    def drop_exercise(self, coach: Coach, group: int, exercise: int) -> None:
        """Take an exercise back."""
        with self._database.writing() as connection:
            if self._is_of(connection, coach, group):
                which = (EXERCISE.c.id == exercise) & (EXERCISE.c.group_id == group)
                connection.execute(sa.delete(EXERCISE).where(which))

    def exercises(self, coach: Coach, group: int) -> tuple[tuple[Exercise, dict[str, bool]], ...]:
        """The exercises of a group of this coach, the newest first.

        Returns:
            Each with the pseudonym of every member who lets a coach read, and whether he has done it.
        """
        with self._database.reading() as connection:
            if not self._is_of(connection, coach, group):
                return ()
            rows = connection.execute(
                sa.select(EXERCISE).where(EXERCISE.c.group_id == group).order_by(EXERCISE.c.id.desc())
            ).all()
            members = (
                sa.select(PERSON.c.pseudonym)
                .join(MEMBERSHIP)
                .where(MEMBERSHIP.c.group_id == group, PERSON.c.coach_may_read)
                .order_by(PERSON.c.pseudonym)
            )
            told = []
            for exercise in map(_exercise, rows):
                talks = sa.select(TALK.c.id).where(TALK.c.person_id == PERSON.c.id, _done(exercise)).exists()
                told.append((exercise, {r[0]: bool(r[1]) for r in connection.execute(members.add_columns(talks))}))
        return tuple(told)

    def exercises_for(self, sender: str) -> tuple[tuple[Exercise, bool], ...]:
        """The exercises of somebody that are not past their day, the first due first, and whether they are done."""
        wanted = (
            sa.select(EXERCISE)
            .join(MEMBERSHIP, MEMBERSHIP.c.group_id == EXERCISE.c.group_id)
            .join(PERSON)
            .where(PERSON.c.sender == sender, EXERCISE.c.due_at >= now())
            .order_by(EXERCISE.c.due_at, EXERCISE.c.id)
        )
        with self._database.reading() as connection:
            found = [_exercise(row) for row in connection.execute(wanted)]
            mine = sa.select(TALK.c.id).join(PERSON).where(PERSON.c.sender == sender).limit(1)
            return tuple((e, connection.execute(mine.where(_done(e))).first() is not None) for e in found)
