"""Coaches: their accounts, the sessions in which they are logged in, and a brake on guessing passwords."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from weerwoord.passwords import fits, hashed
from weerwoord.store.database import Database, now
from weerwoord.store.review_tables import COACH, COACH_GROUP, COACH_SESSION, GROUP_COACH, LOGIN_ATTEMPT

MAX_NAME = 64  # characters
IDLE = 30 * 60.0  # seconds without a request after which a session ends
LONGEST = 10 * 3600.0  # seconds after which a session ends anyhow
WINDOW = 15 * 60.0  # seconds in which wrong passwords count
MAX_OF_ACCOUNT = 10  # wrong passwords for one name
MAX_OF_ADDRESS = 30  # from one address; an office shares one
_SEEN_EVERY = 60.0  # seconds; no write for every click


class NameTakenError(ValueError):
    """There is a coach of this name."""


class TooManyAttemptsError(Exception):
    """So many wrong passwords that nobody may try for a while."""


@dataclass(frozen=True)
class Coach:
    """Who may log in on the coach site."""

    id: int
    name: str
    created_at: float


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in.

    Attributes:
        coach: who.
        token: the secret in his cookie.
        hide_names: whether names of people in a talk are replaced on his screen.
    """

    coach: Coach
    token: str
    hide_names: bool


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _coach(row: Any) -> Coach:
    return Coach(row.id, row.name, row.created_at)


class Coaches:
    """The coaches in a database.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Coach, ...]:
        """Everybody who may log in, by name."""
        wanted = sa.select(COACH).where(COACH.c.password_hash.is_not(None)).order_by(COACH.c.name_key)
        with self._database.reading() as connection:
            return tuple(map(_coach, connection.execute(wanted)))

    def any(self) -> bool:
        """Whether there is an account at all."""
        wanted = sa.select(COACH.c.id).where(COACH.c.password_hash.is_not(None)).limit(1)
        with self._database.reading() as connection:
            return connection.execute(wanted).first() is not None

    def get(self, name: str) -> Coach | None:
        """The coach of this name; capitals make no difference."""
        wanted = sa.select(COACH).where(COACH.c.name_key == _key(name), COACH.c.password_hash.is_not(None))
        with self._database.reading() as connection:
            row = connection.execute(wanted).first()
        return _coach(row) if row else None

    def add(self, name: str, password: str) -> None:
        """Make an account.

        Raises:
            NameTakenError: there is one of this name.
        """
        name = " ".join(name.split())
        values = {"name": name, "password_hash": hashed(password), "created_at": now()}
        with self._database.writing() as connection:
            if self._database.insert_new(connection, COACH, {**values, "name_key": _key(name)}):
                return
            gone = (COACH.c.name_key == _key(name)) & COACH.c.password_hash.is_(None)
            if not connection.execute(sa.update(COACH).where(gone).values(**values)).rowcount:
                raise NameTakenError(name)

    def set_password(self, coach: Coach, password: str) -> None:
        """Give another password; every session ends."""
        with self._database.writing() as connection:
            mine = COACH.c.id == coach.id
            connection.execute(sa.update(COACH).where(mine).values(password_hash=hashed(password)))
            connection.execute(sa.delete(COACH_SESSION).where(COACH_SESSION.c.coach_id == coach.id))

    def alone(self, coach: Coach) -> tuple[str, ...]:
        """The names of the groups that no other coach has."""
        others = GROUP_COACH.alias()
        wanted = (
            sa.select(COACH_GROUP.c.name)
            .join(GROUP_COACH)
            .outerjoin(others, (others.c.group_id == COACH_GROUP.c.id) & (others.c.coach_id != coach.id))
            .where(GROUP_COACH.c.coach_id == coach.id, others.c.coach_id.is_(None))
            .order_by(COACH_GROUP.c.name)
        )
        with self._database.reading() as connection:
            return tuple(connection.execute(wanted).scalars())

    def remove(self, coach: Coach, successor: Coach | None = None) -> None:
        """End an account and its sessions; what the coach wrote stays with the talks.

        Args:
            coach: who goes.
            successor: who gets his groups; without one, groups that nobody else has are left without a coach.
        """
        with self._database.writing() as connection:
            if successor is not None:
                mine = sa.select(GROUP_COACH.c.group_id).where(GROUP_COACH.c.coach_id == coach.id)
                for group in connection.execute(mine).scalars().all():
                    self._database.insert_new(connection, GROUP_COACH, {"group_id": group, "coach_id": successor.id})
            connection.execute(sa.update(COACH).where(COACH.c.id == coach.id).values(password_hash=None))
            for table in (COACH_SESSION, GROUP_COACH):
                connection.execute(sa.delete(table).where(table.c.coach_id == coach.id))

    def log_in(self, name: str, password: str, address: str) -> str | None:
        """Begin a session.

        Args:
            name: as typed.
            password: as typed.
            address: where the request comes from.

        Returns:
            The secret of a new session, None when name and password do not belong together.

        Raises:
            TooManyAttemptsError: there were too many wrong ones lately, with this name or from this address.
        """
        attempt = self._attempt(_hash(_key(name)), _hash(address))
        with self._database.reading() as connection:
            row = connection.execute(sa.select(COACH).where(COACH.c.name_key == _key(name))).first()
        if not fits(password, row.password_hash if row else None) or row is None:
            return None
        token = secrets.token_urlsafe(32)
        moment = now()
        with self._database.writing() as connection:
            connection.execute(sa.delete(LOGIN_ATTEMPT).where(LOGIN_ATTEMPT.c.id == attempt))
            old = COACH_SESSION.c.created_at < moment - LONGEST
            connection.execute(sa.delete(COACH_SESSION).where(old | (COACH_SESSION.c.seen_at < moment - IDLE)))
            values = {"coach_id": row.id, "hide_names": False, "created_at": moment, "seen_at": moment}
            connection.execute(sa.insert(COACH_SESSION).values(token_hash=_hash(token), **values))
        return token

    def _attempt(self, account: str, address: str) -> int:
        """Note an attempt before it is made, so that many at once count too."""
        since = now() - WINDOW
        with self._database.writing() as connection:
            connection.execute(sa.delete(LOGIN_ATTEMPT).where(LOGIN_ATTEMPT.c.at < since))
            for column, value, most in (
                (LOGIN_ATTEMPT.c.account, account, MAX_OF_ACCOUNT),
                (LOGIN_ATTEMPT.c.address, address, MAX_OF_ADDRESS),
            ):
                wanted = sa.select(sa.func.count()).select_from(LOGIN_ATTEMPT).where(column == value)
                if connection.execute(wanted).scalar_one() >= most:
                    raise TooManyAttemptsError
            insert = sa.insert(LOGIN_ATTEMPT).values(account=account, address=address, at=now())
            return int(connection.execute(insert).inserted_primary_key[0])

    def session(self, token: str) -> Session | None:
        """Who is logged in with this secret; None when nobody is, or no longer."""
        mine = COACH_SESSION.c.token_hash == _hash(token)
        wanted = sa.select(COACH_SESSION.c.hide_names, COACH_SESSION.c.created_at, COACH_SESSION.c.seen_at)
        wanted = wanted.add_columns(COACH.c.id, COACH.c.name, COACH.c.created_at.label("since"))
        with self._database.reading() as connection:
            row = connection.execute(wanted.join_from(COACH_SESSION, COACH).where(mine)).first()
        moment = now()
        if row is None or row.seen_at < moment - IDLE or row.created_at < moment - LONGEST:
            return None
        if row.seen_at < moment - _SEEN_EVERY:
            with self._database.writing() as connection:
                connection.execute(sa.update(COACH_SESSION).where(mine).values(seen_at=moment))
        return Session(Coach(row.id, row.name, row.since), token, row.hide_names)

    def hide_names(self, session: Session, hide: bool) -> None:
        """Choose whether names are replaced on the screen, for as long as this session lasts."""
        mine = COACH_SESSION.c.token_hash == _hash(session.token)
        with self._database.writing() as connection:
            connection.execute(sa.update(COACH_SESSION).where(mine).values(hide_names=hide))

    def log_out(self, session: Session, everywhere: bool = False) -> None:
        """End this session, or all of this coach."""
        mine = COACH_SESSION.c.token_hash == _hash(session.token)
        if everywhere:
            mine = COACH_SESSION.c.coach_id == session.coach.id
        with self._database.writing() as connection:
            connection.execute(sa.delete(COACH_SESSION).where(mine))
