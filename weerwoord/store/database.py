"""The database: one engine, short transactions, and tables that are up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from weerwoord.messages import message

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY = 10.0  # seconds to wait for another writer of the same file
CONNECT = 5  # seconds to wait for a server
_CHANGING = 0x77656572  # any number of our own: who holds the advisory lock of this number changes tables


class StoreError(RuntimeError):
    """The database cannot be used; the message says so, in Dutch."""


def now() -> float:
    """Seconds since 1970, UTC: how every moment is kept."""
    return time.time()


def _newest() -> str:
    """The newest migration; read from the file names, because importing Alembic takes time that drills do not have."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _write_ahead(cursor: Any) -> None:
    """A log beside the file lets readers go on while one writes; a crash of the program loses nothing that was kept."""
    end = time.monotonic() + BUSY
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # two that change a new file at once: SQLite refuses without waiting
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, not the driver
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # one that will write takes its place at once: halfway it could no longer wait for its turn
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            url, poolclass=QueuePool, connect_args={"timeout": BUSY, "check_same_thread": False}, future=True
        )
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT}, future=True)


class Database:
    """A database whose tables are up to date.

    Args:
        url: as SQLAlchemy writes it.

    Raises:
        StoreError: it cannot be opened or brought up to date; reading and writing raise it too.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(make_url(url))
        self.where = self.engine.url.database if self.is_sqlite else self.engine.url.render_as_string()
        with self._telling():
            self._migrate()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return str(self.engine.dialect.name) == "sqlite"

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            if self.is_sqlite:
                self.engine.dispose()  # a file that was opened for reading only stays so until it is opened again
            raise StoreError(message("store.cannot", where=self.where)) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with self._telling(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept as a whole, or not at all."""
        with self._telling(), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def changing_tables(self) -> Iterator[Connection]:
        """A transaction in which no other process changes tables."""
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHANGING)))
            yield connection

    def check(self) -> None:
        """Look whether it answers."""
        with self.reading() as connection:
            connection.execute(sa.select(1))

    def insert_new(self, connection: Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
        """Insert a row unless one with the same key is there.

        Returns:
            Whether it was inserted.
        """
        insert = (sqlite if self.is_sqlite else postgresql).insert(table)
        return bool(connection.execute(insert.values(**values).on_conflict_do_nothing()).rowcount)

    def wipe(self) -> None:
        """Make what was deleted unreadable in the files too; PostgreSQL does so by itself (autovacuum)."""
        if self.is_sqlite:
            with self._telling(), self.writing() as connection:
                # an index of words keeps those of deleted rows until its parts are put together
                connection.exec_driver_sql("INSERT INTO turn_search (turn_search) VALUES ('optimize')")
            with self._telling(), self.engine.connect() as connection:
                # deleted pages are overwritten (secure_delete); the log beside the file still holds the old ones
                connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _version(self, connection: Connection) -> str:
        if not sa.inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or "")

    def _migrate(self) -> None:
        newest = _newest()
        if self.is_sqlite and self.where:
            Path(self.where).parent.mkdir(parents=True, exist_ok=True)
        with self.engine.begin() as connection:
            if self._version(connection) == newest:
                return
        with self.changing_tables() as connection:
            if self._version(connection) == newest:  # another process was first
                return
            from alembic import command
            from alembic.config import Config

            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
