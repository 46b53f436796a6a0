"""The coach site over a store of the test's own, and coaches who are logged in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.talks import coach
from weerwoord.store import Store
from weerwoord.web.app import create_app

PASSWORD = "a long password"


class Coaching:
    """A coach in a browser: what he opens, and the forms he sends with their hidden fields."""

    def __init__(self, app: Starlette, **how: Any) -> None:
        self.http = TestClient(app, follow_redirects=False, **how)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def csrf(self, path: str) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.get(path).text)
        assert found is not None, f"no form on {path}"
        return found[1]

    def post(self, path: str, _on: str = "/coach/groepen", **fields: Any) -> httpx.Response:
        return self.http.post(path, data={"csrf": self.csrf(_on), **fields})

    def log_in(self, name: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        return self.post("/coach/inloggen", "/coach/inloggen", name=name, password=password, **fields)


@pytest.fixture
def kept(tmp_path: Path, quick_passwords: None) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'kept.db'}")
    yield made
    made.database.engine.dispose()


@pytest.fixture
def app(kept: Store) -> Starlette:
    away = httpx.MockTransport(lambda request: httpx.Response(503))
    return create_app(transport=away, kept=lambda: kept)


@pytest.fixture
def someone(app: Starlette) -> Coaching:
    """Somebody who is not logged in."""
    return Coaching(app)


@pytest.fixture
def logged_in(app: Starlette, kept: Store) -> Callable[[str], Coaching]:
    """Makes a coach of this name and logs him in."""

    def enter(name: str) -> Coaching:
        coach(kept, name)
        browser = Coaching(app)
        assert browser.log_in(name).status_code == 303
        return browser

    return enter
