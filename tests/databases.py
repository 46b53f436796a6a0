"""Databases of a test's own: always an SQLite file, and PostgreSQL where a server answers on its usual port."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

# who may make databases on the local server; set it where that is somebody else
SERVER = os.environ.get("WEERWOORD_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a new database, dropped afterwards; skips the test when there is no server."""
    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        connection = server.connect()
    except sa.exc.OperationalError:
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    name = f"weerwoord_{secrets.token_hex(6)}"
    with connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        try:
            yield SERVER.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
