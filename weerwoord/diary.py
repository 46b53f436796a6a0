"""What one user practised in the shell, in an SQLite file: the cards of the drills, the answers, the talks.

No words of the user are kept, only what they were worth.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fsrs import Card

from weerwoord.drill import Key
from weerwoord.messages import message

_TABLES = """
    CREATE TABLE IF NOT EXISTS card (
        user TEXT, focus TEXT, partner TEXT, line TEXT, state TEXT, PRIMARY KEY (user, focus, partner, line)
    );
    CREATE TABLE IF NOT EXISTS done (user TEXT, kind TEXT, at TEXT, data TEXT, PRIMARY KEY (user, kind, at));
"""


class DiaryError(RuntimeError):
    """The file cannot be read or written; the message says so, in Dutch."""


@dataclass(frozen=True)
class Drilled:
    """One answer to an exercise.

    Attributes:
        at: when, in ISO 8601 with time zone.
        focus: what was practised: a criterion, `pitfall` or an element.
        partner: identifier of who said the line.
        verdict: `absent`, `partial` or `clear`.
        pitfalls: pitfalls stepped in.
        seconds: how long it took to answer.
    """

    at: str
    focus: str
    partner: str
    verdict: str
    pitfalls: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Talked:
    """One talk.

    Attributes:
        at: when it began, in ISO 8601 with time zone; a talk that goes on is kept once.
        partner: identifier.
        disposition: his hidden truth.
        outcome: how it ended, or what stands.
        verdicts: the verdict of each criterion.
        pitfalls: pitfalls stepped in.
        turns: number of turns that stand.
    """

    at: str
    partner: str
    disposition: str
    outcome: str
    verdicts: Mapping[str, str]
    pitfalls: tuple[str, ...]
    turns: int


class Diary:
    """The file, for one user; made when it is not there.

    Args:
        path: the file.
        user: whose practice it is.

    Raises:
        DiaryError: the file cannot be read or written; so do all methods.
    """

    def __init__(self, path: Path, user: str) -> None:
        self.path, self.user = path, user
        with self._telling():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path)
            self._db.execute("PRAGMA secure_delete = ON")  # what is forgotten is not readable in the file either
            self._db.executescript(_TABLES)
            self._db.execute("BEGIN IMMEDIATE")  # better to fail now than after an answer
            self._db.rollback()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, KeyError) as error:
            raise DiaryError(message("diary.cannot", file=self.path)) from error

    def close(self) -> None:
        """Close the file; everything was kept already."""
        self._db.close()

    def cards(self) -> dict[Key, Card]:
        """Every card of the user."""
        with self._telling():
            rows = self._db.execute("SELECT focus, partner, line, state FROM card WHERE user = ?", (self.user,))
            return {(focus, partner, line): Card.from_json(state) for focus, partner, line, state in rows}

    def drills(self) -> tuple[Drilled, ...]:
        """Every answer, the oldest first."""
        with self._telling():
            return tuple(Drilled(**{**data, "pitfalls": tuple(data["pitfalls"])}) for data in self._done("drill"))

    def talks(self) -> tuple[Talked, ...]:
        """Every talk, the oldest first."""
        with self._telling():
            return tuple(Talked(**{**data, "pitfalls": tuple(data["pitfalls"])}) for data in self._done("talk"))

    def _done(self, kind: str) -> Iterator[dict[str, Any]]:
        rows = self._db.execute("SELECT data FROM done WHERE user = ? AND kind = ? ORDER BY at", (self.user, kind))
        return (json.loads(row[0]) for row in rows)

    def keep_drill(self, drilled: Drilled, cards: Mapping[Key, Card]) -> None:
        """Keep an answer and the cards that it changed, together."""
        with self._telling(), self._db:
            self._keep("drill", drilled)
            rows = [(self.user, *key, card.to_json()) for key, card in cards.items()]
            self._db.executemany("INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, ?)", rows)

    def keep_talk(self, talked: Talked) -> None:
        """Keep a talk, in the place of what was kept of it before."""
        with self._telling(), self._db:
            self._keep("talk", talked)

    def _keep(self, kind: str, what: Drilled | Talked) -> None:
        data = json.dumps(asdict(what), ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO done VALUES (?, ?, ?, ?)", (self.user, kind, what.at, data))

    def forget(self) -> int:
        """Delete everything of the user.

        Returns:
            The number of answers and talks that were deleted.
        """
        with self._telling(), self._db:
            self._db.execute("DELETE FROM card WHERE user = ?", (self.user,))
            return self._db.execute("DELETE FROM done WHERE user = ?", (self.user,)).rowcount
