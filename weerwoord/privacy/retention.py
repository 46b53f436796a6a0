"""Texts do not stay for ever: after a number of days they go, and what was counted stays."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from weerwoord.judge import Finding, Judgement
from weerwoord.store import Store, StoreError
from weerwoord.store.database import Database, now
from weerwoord.store.owned import belonging
from weerwoord.store.tables import PERSON, TALK, TURN
from weerwoord.transcript import Turn

DAY = 24 * 3600.0  # seconds
_BATCH = 200  # talks a transaction, so that nobody waits long for his turn to write
_BUSY = 3600.0  # seconds; Rasa counts the events of a conversation while it answers, so none go of one that goes on
_EVENTS = sa.table("events", sa.column("sender_id"), sa.column("timestamp"))
_log = logging.getLogger(__name__)


def drop_texts(database: Database, days: int) -> int:
    """Drop the texts of talks that ended longer ago: replies, lines, thoughts, remarks, and all that Rasa kept.

    What the judge found, the verdicts, pitfalls, hints and dates stay, so that progress and figures stay.

    Args:
        database: of the store.
        days: how long texts stay.

    Returns:
        Number of talks that lost their texts.

    Raises:
        StoreError: the database cannot be written.
    """
    before = now() - days * DAY
    dropped = gone = 0
    while True:
        with database.writing() as connection:
            old = sa.select(TALK.c.id).where(sa.func.coalesce(TALK.c.ended_at, TALK.c.started_at) < before)
            ids = connection.execute(old.where(TALK.c.opening != "").order_by(TALK.c.id).limit(_BATCH)).scalars().all()
            _empty(connection, list(ids))
            if not ids:
                gone = _drop_events(connection, before) + _drop_rows(connection, before)
                break
        dropped += len(ids)
    if dropped or gone:
        database.wipe()
    return dropped


def _empty(connection: Connection, ids: list[int]) -> None:
    for row in connection.execute(sa.select(TURN).where(TURN.c.talk_id.in_(ids))).all():
        this = (TURN.c.talk_id == row.talk_id) & (TURN.c.number == row.number)
        connection.execute(sa.update(TURN).where(this).values(data=_without_texts(row.data)))
    for table, condition in belonging(TALK, TALK.c.id.in_(ids)):
        texts: dict[str, Any] = {column.name: "" for column in table.columns if isinstance(column.type, sa.Text)}
        texts |= {column.name: {} for column in table.columns if column.info.get("words")}
        if texts:
            connection.execute(sa.update(table).where(condition).values(**texts))


def _without_texts(data: Mapping[str, Any]) -> dict[str, Any]:
    turn = Turn.from_dict(data)
    judgement = Judgement(
        found=tuple(map(_without_place, turn.judgement.found)),
        doubtful=tuple(map(_without_place, turn.judgement.doubtful)),
    )
    return replace(turn, heard="", reply="", line="", thought="", judgement=judgement).as_dict()


def _without_place(finding: Finding) -> Finding:
    return replace(finding, start=0, end=0)


def _drop_rows(connection: Connection, before: float) -> int:
    """Words that belong to a person and to no talk, such as answers that a browser may ask for again: the row goes."""
    of_talks = {table for table, _ in belonging(TALK, sa.true())}
    tables = [table for table, _ in belonging(PERSON, sa.true()) if table not in of_talks]
    worded = [table for table in tables if any(column.info.get("words") for column in table.columns)]
    return sum(connection.execute(sa.delete(t).where(t.c.created_at < before)).rowcount for t in worded)


def _drop_events(connection: Connection, before: float) -> int:
    """Rasa's own record; who comes back after so long begins anew, with his talks and counts as they were."""
    if not sa.inspect(connection).has_table(_EVENTS.name):
        return 0
    busy = sa.select(_EVENTS.c.sender_id).where(_EVENTS.c.timestamp > now() - _BUSY)
    old = (_EVENTS.c.timestamp < before) & _EVENTS.c.sender_id.not_in(busy)
    return int(connection.execute(sa.delete(_EVENTS).where(old)).rowcount)


async def run_daily(kept: Callable[[], Store], days: int) -> None:
    """Drop old texts now and every day, until it is cancelled; for a server. A failure is logged and tried again.

    Args:
        kept: gives the store.
        days: how long texts stay.
    """
    while True:
        try:
            await asyncio.to_thread(lambda: drop_texts(kept().database, days))
        except StoreError as error:
            _log.error("retention: %s", error)
        await asyncio.sleep(DAY)
