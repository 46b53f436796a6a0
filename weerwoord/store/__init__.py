"""People, their talks, and all that belongs to them, in one database: an SQLite file or PostgreSQL."""

from __future__ import annotations

from functools import lru_cache

from weerwoord.settings import settings
from weerwoord.store.answers import Answers
from weerwoord.store.database import Database, StoreError
from weerwoord.store.people import People, Person
from weerwoord.store.talks import Talks, TalkSummary

__all__ = ["Answers", "People", "Person", "Store", "StoreError", "TalkSummary", "Talks", "store"]


class Store:
    """All that is kept, over one database.

    Args:
        url: of the database, as SQLAlchemy writes it.

    Raises:
        StoreError: the database cannot be opened or brought up to date.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.people = People(self.database)
        self.talks = Talks(self.database)
        self.answers = Answers(self.database)


@lru_cache(maxsize=1)
def store() -> Store:
    """The store of this process, in the database of the settings."""
    return Store(settings().database)
