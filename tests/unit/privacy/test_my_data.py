"""People take all of theirs along, and delete it: nothing of it stays in the database, or in its files."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.talks import alike as records
from weerwoord.privacy.my_data import my_data
from weerwoord.privacy.retention import DAY, drop_texts, run_daily
from weerwoord.store import Store, StoreError
from weerwoord.store.database import now
from weerwoord.store.owned import belonging
from weerwoord.store.tables import METADATA, PERSON, TALK, TURN

WORD = "Kruimelburgse"
OTHER = "Pannenkoeklandse"
OWNED = [table for table, _ in belonging(PERSON, sa.true())]


def _events(kept: Store, sender: str, word: str, at: float) -> None:
    """What Rasa keeps, in the table that Rasa makes."""
    events = sa.Table(
        "events",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(255), index=True),
        sa.Column("type_name", sa.String(255)),
        sa.Column("timestamp", sa.Float),
        sa.Column("data", sa.Text),
    )
    events.metadata.create_all(kept.database.engine)
    rows = [
        {"sender_id": sender, "type_name": name, "timestamp": at, "data": json.dumps({"event": name, "text": word * n})}
        for name, n in (("action", 1), ("user", 1), ("bot", 3000))
    ]
    with kept.database.writing() as connection:
        connection.execute(sa.insert(events), rows)


def _filler(column: sa.Column[Any], word: str, at: float) -> Any:
    kind = column.type
    if column.name in ("at", "created_at"):
        return at
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, (sa.Integer, sa.Float, sa.Numeric)):
        return secrets.randbelow(2**30) if column.primary_key or column.unique else 1
    if isinstance(kind, sa.JSON):
        return {"words": word} if column.info.get("words") else []
    if isinstance(kind, sa.LargeBinary):
        return word.encode()
    length = getattr(kind, "length", None)
    return secrets.token_hex(length)[:length] if length else word


def _insert(connection: Any, table: sa.Table, given: dict[str, Any], word: str, at: float) -> dict[str, Any]:
    """A row of any table, and first the rows that it refers to."""
    values = {c.name: _filler(c, word, at) for c in table.columns if not (c.primary_key and c.autoincrement is True)}
    if [c.name for c in table.primary_key] == ["id"] and isinstance(table.c.id.type, sa.Integer):
        values.pop("id", None)
    for key in table.foreign_key_constraints:
        parent = given.get(key.referred_table.name)
        if parent is None:
            parent = given[key.referred_table.name] = _insert(connection, key.referred_table, given, word, at)
        values.update({e.parent.name: parent[e.column.name] for e in key.elements})
    done = connection.execute(sa.insert(table).values(**values))
    return {**values, **dict(zip((c.name for c in table.primary_key), done.inserted_primary_key))}


def _fill(
    kept: Store, sender: str, word: str, at: float | None = None, tables: Iterable[sa.Table] = tuple(OWNED)
) -> str:
    """A talk of somebody with a word in it, and a row with the word in each of these tables that lead to him."""
    key = kept.talks.keep(sender, "rest", records(f"Ik zoek de {word} weg.", f"{word} " * 300))
    assert key is not None
    with kept.database.writing() as connection:
        if at is not None:
            connection.execute(sa.update(TALK).where(TALK.c.key == key).values(started_at=at))
        person = dict(connection.execute(sa.select(PERSON).where(PERSON.c.sender == sender)).mappings().one())
        talk = dict(connection.execute(sa.select(TALK).where(TALK.c.key == key)).mappings().one())
        turn = dict(connection.execute(sa.select(TURN).where(TURN.c.talk_id == talk["id"])).mappings().first() or {})
        given = {PERSON.name: person, TALK.name: talk, TURN.name: turn}
        for table in tables:
            if table.name not in given:
                _insert(connection, table, given, word, at or now())
    _events(kept, sender, word, at or now())
    return key


def _words_left(kept: Store, word: str, folder: Path) -> Iterator[str]:
    """Where the word is still to be found: in any row, and for SQLite in any byte of any file."""
    with kept.database.reading() as connection:
        found = sa.MetaData()
        found.reflect(connection)
        for table in found.sorted_tables:
            if table.name == "turn_search":  # a virtual table; its words stand in tables of its own
                continue
            if any(word in str(row) for row in connection.execute(sa.select(table))):
                yield table.name
    for file in folder.iterdir() if kept.database.is_sqlite else ():
        # an index of words has them in small letters, without letters that the word before begins with too
        if word[2:].lower().encode() in file.read_bytes().lower():
            yield file.name


def test_everything_that_leads_to_a_person_goes_with_him(kept: Store) -> None:
    with kept.database.reading() as connection:
        found = sa.inspect(connection)
        for table in OWNED:
            for key in found.get_foreign_keys(table.name):
                if key["referred_table"] in {owned.name for owned in OWNED}:
                    assert key["options"].get("ondelete") == "CASCADE", (table.name, key["constrained_columns"])
        assert {t.name for t in METADATA.sorted_tables} <= set(found.get_table_names())


def test_what_is_deleted_is_nowhere_any_more(kept: Store, tmp_path: Path) -> None:
    _fill(kept, "me", WORD)
    _fill(kept, "other", OTHER)
    assert list(_words_left(kept, WORD, tmp_path))
    assert kept.people.forget("me")
    assert not list(_words_left(kept, WORD, tmp_path))
    with kept.database.reading() as connection:
        assert not connection.execute(sa.select(PERSON.c.id).where(PERSON.c.sender == "me")).all()
    assert my_data(kept.database, "me") == {}
    assert len(my_data(kept.database, "other")["talks"]) == 1 and list(_words_left(kept, OTHER, tmp_path))


def test_everything_of_somebody_can_be_taken_along(kept: Store) -> None:
    key = _fill(kept, "me", WORD)
    _fill(kept, "other", OTHER)
    code = kept.people.new_code("me")
    told = my_data(kept.database, "me")
    text = json.dumps(told)
    assert [talk["talk"] for talk in told["talks"]] == [key]
    assert told["talks"][0]["turns"][0]["reply"] == f"Ik zoek de {WORD} weg."
    assert [(m["by"], m["text"][: len(WORD)]) for m in told["messages"]] == [("user", WORD), ("bot", WORD)]
    assert {table.name for table in OWNED} - {"person", "talk", "turn"} <= set(told)
    person = kept.people.get("me")
    assert person is not None and told["person"]["pseudonym"] == person.pseudonym
    for secret in (OTHER, '"me"', "code_hash", code):
        assert secret not in text


def test_nothing_is_kept_of_somebody_who_never_came(kept: Store) -> None:
    assert my_data(kept.database, "nobody") == {}


def test_old_texts_go_and_counts_stay(kept: Store, tmp_path: Path) -> None:
    # what belongs to people only, holds words in columns that are marked so
    worded = {table for table in OWNED if any(column.info.get("words") for column in table.columns)}
    tables = worded | {table for table, _ in belonging(TALK, sa.true())}
    old = _fill(kept, "me", WORD, now() - 181 * DAY, tables)
    new = _fill(kept, "me", OTHER, now() - 179 * DAY, tables)
    before = {key: kept.talks.summary(key) for key in (old, new)}
    assert drop_texts(kept.database, 180) == 1
    assert not list(_words_left(kept, WORD, tmp_path)) and list(_words_left(kept, OTHER, tmp_path))
    assert {key: kept.talks.summary(key) for key in (old, new)} == before
    transcript = kept.talks.transcript(old)
    assert transcript is not None and transcript.opening == ""
    assert [(t.reply, t.line, t.heard, t.thought) for t in transcript.turns] == [("", "", "", "")] * 2
    assert [t.judgement.elements for t in transcript.turns] == [frozenset({"who_i_am"})] * 2
    assert len(my_data(kept.database, "me")["messages"]) == 2
    assert drop_texts(kept.database, 180) == 0


def test_rasas_record_of_a_conversation_that_goes_on_stays(kept: Store) -> None:
    _events(kept, "me", WORD, now() - 400 * DAY)
    _events(kept, "me", WORD, now())
    drop_texts(kept.database, 180)
    assert len(my_data(kept.database, "me")["messages"]) == 4


def test_many_old_talks_go_in_batches(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weerwoord.privacy.retention._BATCH", 2)
    for _ in range(5):
        kept.talks.keep("me", "rest", records("Dag."))
    with kept.database.writing() as connection:
        connection.execute(sa.update(TALK).values(started_at=0.0))
    assert drop_texts(kept.database, 180) == 5


def test_a_server_drops_old_texts_when_it_starts_and_goes_on_when_it_cannot(
    kept: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("weerwoord.privacy.retention.DAY", 0.01)
    kept.talks.keep("me", "rest", records("Dag."))
    with kept.database.writing() as connection:
        connection.execute(sa.update(TALK).values(started_at=0.0))
    calls = iter([StoreError("weg"), kept, kept])

    def store_of_the_day() -> Store:
        found = next(calls)
        if isinstance(found, StoreError):
            raise found
        return found

    async def a_while() -> None:
        task = asyncio.create_task(run_daily(store_of_the_day, 180))
        while _opening(kept):
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(asyncio.wait_for(a_while(), 20))
    assert "weg" in caplog.text


def _opening(kept: Store) -> str:
    with kept.database.reading() as connection:
        return str(connection.execute(sa.select(TALK.c.opening)).scalar_one())
