"""All that is kept of one person, for that person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.export.formats import moment, talk_as_dict
from weerwoord.export.talks import Selection, talks
from weerwoord.store.database import Database
from weerwoord.store.owned import belonging
from weerwoord.store.tables import PERSON, TALK, TURN

_EVENTS = sa.table("events", *(sa.column(name) for name in ("id", "sender_id", "type_name", "timestamp", "data")))
_SECRET = ("sender", "code_hash")  # whoever reads them, can pretend to be this person


def my_data(database: Database, sender: str) -> dict[str, Any]:
    """Everything of one person, as values for JSON; nothing is replaced in it. Empty when there is nothing.

    Args:
        database: of the store.
        sender: the secret number of the person.

    Raises:
        StoreError: the database cannot be read.
    """
    own = Selection(sender=sender, shared=False).where()
    with database.reading() as connection:
        told = list(_messages(connection, sender))
        keys = {
            row.id: row.key for row in connection.execute(sa.select(TALK.c.id, TALK.c.key).join(PERSON).where(*own))
        }
        rows = {
            table.name: [
                _plain(table, row, keys) for row in connection.execute(sa.select(table).where(condition)).mappings()
            ]
            for table, condition in belonging(PERSON, PERSON.c.sender == sender)
            if table not in (TALK, TURN)
        }
    person = rows.pop(PERSON.name)
    if not person and not told:
        return {}
    return {
        "person": person[0] if person else None,
        "talks": [talk_as_dict(talk) for talk in talks(database, own)],
        "messages": told,
        **{name: some for name, some in rows.items() if some},
    }


def _messages(connection: Connection, sender: str) -> Iterator[dict[str, Any]]:
    """What was said to and by the program, also outside talks."""
    if not sa.inspect(connection).has_table(_EVENTS.name):
        return
    wanted = sa.select(_EVENTS).where(_EVENTS.c.sender_id == sender, _EVENTS.c.type_name.in_(("user", "bot")))
    for row in connection.execute(wanted.order_by(_EVENTS.c.id)):
        yield {"at": moment(row.timestamp), "by": row.type_name, "text": json.loads(row.data).get("text")}


def _plain(table: sa.Table, row: Any, keys: Mapping[int, str]) -> dict[str, Any]:
    """A row without numbers that only mean something inside the database; a talk has its key."""
    plain: dict[str, Any] = {}
    for column in table.columns:
        name, value = column.name, row[column.name]
        if any(key.column is TALK.c.id for key in column.foreign_keys):
            plain["talk"] = keys[value]
        elif name not in _SECRET and name != "id" and not column.foreign_keys:
            plain[name] = moment(value) if name == "at" or name.endswith("_at") else value
    return plain
