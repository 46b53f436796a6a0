"""The database is brought up to date once, by whoever comes first, and says plainly when it cannot be used."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from weerwoord.store import Store, StoreError, database
from weerwoord.store.tables import METADATA


def test_the_migrations_make_the_tables_that_the_code_uses(kept: Store) -> None:
    def ours(name: str | None, kind: str, parents: Any) -> bool:
        return not (name or "").startswith("turn_search")  # an index of words, which SQLite keeps in tables of its own

    with kept.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, METADATA) == []


def test_a_second_start_changes_nothing(kept: Store, url: str) -> None:
    kept.people.ensure("someone")
    again = Store(url)
    assert again.people.get("someone") is not None
    again.database.engine.dispose()


def _start(url: str) -> bool:
    Store(url).database.engine.dispose()
    return True


def test_many_that_start_at_once_migrate_once(url: str) -> None:
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(_start, [url] * 3)) == [True] * 3


def test_who_opens_a_new_file_while_another_sets_it_up_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused:  # SQLite says so at once when two change to a log beside the file
        left = 2
        why = "database is locked"

        def execute(self, statement: str) -> None:
            if statement == "PRAGMA journal_mode = WAL" and self.left:
                self.left -= 1
                raise sqlite3.OperationalError(self.why)

    refused = Refused()
    database._write_ahead(refused)
    assert not refused.left
    refused.left, refused.why = 10, "attempt to write a readonly database"
    with pytest.raises(sqlite3.OperationalError):
        database._write_ahead(refused)
    assert refused.left == 9
    refused.why = "database is locked"
    monkeypatch.setattr(database, "BUSY", 0.0)
    refused.left = 10
    with pytest.raises(sqlite3.OperationalError):
        database._write_ahead(refused)


def test_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kan ik niet lezen of schrijven"):
        Store("postgresql://nobody:secret@127.0.0.1:1/nothing")
    (tmp_path / "kept.db").write_text("this is no database, but a text that is long enough to be read as one" * 20)
    with pytest.raises(StoreError, match="kept.db"):
        Store(f"sqlite:///{tmp_path / 'kept.db'}")


def test_the_password_of_the_server_is_not_told() -> None:
    with pytest.raises(StoreError) as told:
        Store("postgresql://nobody:geheim123@127.0.0.1:1/nothing")
    assert "geheim123" not in str(told.value)


def test_what_fails_halfway_is_not_kept(kept: Store) -> None:
    with pytest.raises(StoreError), kept.database.writing() as connection:
        kept.people.seen(connection, "someone")
        connection.execute(sa.text("SELECT * FROM nothing_of_that_name"))
    assert kept.people.get("someone") is None


def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "kept.db"
    Store(f"sqlite:///{file}").database.engine.dispose()
    assert stat.S_ISREG(file.stat().st_mode)
