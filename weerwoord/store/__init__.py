"""People, their talks, and all that belongs to them, in one database: an SQLite file or PostgreSQL."""

from __future__ import annotations

from functools import lru_cache

from weerwoord.settings import settings
from weerwoord.store.additions import Additions
from weerwoord.store.coaches import Coaches
from weerwoord.store.database import Database, StoreError
from weerwoord.store.drills import Drilled, Drills
from weerwoord.store.figures import Figures
from weerwoord.store.groups import Groups
from weerwoord.store.people import People, Person
from weerwoord.store.reviews import Reviews
from weerwoord.store.talks import Talks, TalkSummary
from weerwoord.store.terminals import Terminals

__all__ = [
    "Additions",
    "Drilled",
    "Drills",
    "People",
    "Person",
    "Store",
    "StoreError",
    "TalkSummary",
    "Talks",
    "Terminals",
    "store",
]


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
        self.additions = Additions(self.database)
        self.drills = Drills(self.database)
        self.terminals = Terminals(self.database)
        self.coaches = Coaches(self.database)
        self.groups = Groups(self.database)
        self.reviews = Reviews(self.database)
        self.figures = Figures(self.database)


@lru_cache(maxsize=1)
def store() -> Store:
    """The store of this process, in the database of the settings."""
    return Store(settings().database)
