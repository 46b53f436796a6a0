"""A store of the test's own, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import postgresql
from weerwoord.store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kept.db'}"
    else:
        with postgresql() as address:
            yield address


@pytest.fixture
def kept(url: str, quick_passwords: None) -> Iterator[Store]:
    made = Store(url)
    yield made
    made.database.engine.dispose()
