"""What one user of the terminal practised: talks, answers to drills and the cards that say what comes back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from fsrs import Card

from weerwoord.drill import Key
from weerwoord.store import Drilled, Store, TalkSummary

CHANNEL = "terminal"
ALL = 10_000  # talks; nobody has more


class Diary:
    """The part of the store that is of one user.

    Args:
        store: where it is kept.
        user: a name; made when it is new.

    Raises:
        StoreError: the database cannot be used; so do all methods.
    """

    def __init__(self, store: Store, user: str) -> None:
        self._store, self.user = store, user
        self.sender = store.terminals.sender(user)

    def cards(self) -> dict[Key, Card]:
        """Every card of the user."""
        return {key: Card.from_json(state) for key, state in self._store.drills.cards(self.sender).items()}

    def drills(self) -> tuple[Drilled, ...]:
        """Every answer, the oldest first."""
        return self._store.drills.of(self.sender)

    def talks(self) -> tuple[TalkSummary, ...]:
        """Every talk in which something was said, the oldest first; those on the page too when the user linked it."""
        return tuple(t for t in reversed(self._store.talks.of(self.sender, limit=ALL)) if t.turns)

    def keep_drill(self, drilled: Drilled, cards: Mapping[Key, Card]) -> None:
        """Keep an answer and the cards that it changed, together."""
        self._store.drills.keep(self.sender, drilled, {key: card.to_json() for key, card in cards.items()})

    def keep_talk(self, records: Iterable[Mapping[str, Any]], talk: str | None = None) -> str | None:
        """Keep what happened in a talk.

        Args:
            records: see `weerwoord.transcript.from_records`.
            talk: key of the talk; None for one that begins.

        Returns:
            Key of the talk.
        """
        return self._store.talks.keep(self.sender, CHANNEL, records, talk)

    def link(self, code: str) -> bool:
        """Go on as the person on the page who made this code; what was practised here goes along.

        Returns:
            Whether anybody made it.
        """
        person = self._store.people.by_code(code)
        if person is None:
            return False
        self._store.terminals.link(self.user, person.sender)
        self.sender = person.sender
        return True


def take_over(store: Store, file: Path) -> Path:
    """Take over what version 0.1 kept in a file of its own, and rename this file so that it happens once.

    The talks in it are numbers without words; they stay in the renamed file.

    Args:
        store: where it goes.
        file: of version 0.1.

    Returns:
        The new name of the file.

    Raises:
        OSError, sqlite3.Error, ValueError: it cannot be read or renamed; nothing was taken over then.
        StoreError: the database cannot be used.
    """
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as old:
        cards = old.execute("SELECT user, focus, partner, line, state FROM card").fetchall()
        done = old.execute("SELECT user, data FROM done WHERE kind = 'drill' ORDER BY at").fetchall()
    answers = [(user, _drilled(json.loads(data))) for user, data in done]
    people = {user: store.terminals.sender(user) for user in {row[0] for row in (*cards, *done)}}
    renamed = file.rename(file.with_name(f"{file.name}.oud"))
    try:
        with store.database.writing() as connection:
            for user, sender in people.items():
                person = store.people.seen(connection, sender)
                mine = {(row[1], row[2], row[3]): row[4] for row in cards if row[0] == user}
                store.drills.write(connection, person, [answer for name, answer in answers if name == user], mine)
    except BaseException:
        renamed.rename(file)
        raise
    return renamed


def _drilled(data: dict[str, Any]) -> Drilled:
    at = datetime.fromisoformat(data["at"]).timestamp()
    return Drilled(**{**data, "at": at, "pitfalls": tuple(data["pitfalls"])})
