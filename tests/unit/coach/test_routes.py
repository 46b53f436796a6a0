"""Every address of the web app bears what nobody would send, from a coach who is logged in: no fault of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from tests.hostile import values
from tests.unit.coach.conftest import Coaching
from weerwoord.settings import ROOT, settings
from weerwoord.store import Store
from weerwoord.web.app import create_app
from weerwoord.web.common import COOKIE, new_sender

# what an assistant answers is for tests/services/test_hostile.py, and who is logged out meets only the door
NOT_HERE = re.compile(r".*/api/messages|.*/api/history|/ready|/coach/inloggen|/coach/uitloggen.*")
_PAGES = "".join(page.read_text(encoding="utf-8") for page in ROOT.glob("weerwoord/web/**/*.html"))
FIELDS = sorted(set(re.findall(r'name="(\w+)"', _PAGES)))
_NASTY = ["", "..", "../../etc/passwd", "'; DROP TABLE talk; --", "\x00", "\u202e", "1e999", "-1", "a" * 3000, "🏳️‍🌈"]
_TEXT = st.one_of(st.sampled_from(_NASTY), st.text(max_size=60), st.integers().map(str)).map(
    lambda text: text.encode("utf-8", "replace").decode("utf-8")
)
_PLACE = st.one_of(st.just("1"), _TEXT)  # there is a group 1
_JSON = st.one_of(st.binary(max_size=80), values(_TEXT).map(lambda value: json.dumps(value).encode()))
_FORM = st.dictionaries(st.sampled_from(FIELDS), _TEXT, max_size=4)


@pytest.fixture
def app(kept: Store) -> Starlette:
    away = httpx.MockTransport(lambda request: httpx.Response(503))
    return create_app(replace(settings(), limit_address=0, limit_talk=0), away, lambda: kept)


def _addresses(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, Route]]:
    for route in routes:
        path = before + getattr(route, "path", "")
        if isinstance(route, Mount):
            yield from _addresses(list(route.routes), path)
        elif isinstance(route, Route) and not NOT_HERE.fullmatch(path):
            yield path, route


@examples(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_address_fails_on_what_nobody_would_send(
    app: Starlette, logged_in: Callable[[str], Coaching], entered: list[Coaching], data: st.DataObject
) -> None:
    if not entered:
        entered.append(logged_in("Anna"))
        assert entered[0].post("/coach/groepen", name="Maandag").headers["location"].endswith("/1")
    coach = entered[0]
    csrf = coach.csrf("/coach/groepen")
    addresses = list(_addresses(app.routes))
    assert len(addresses) > 40 and {"csrf", "text"} < set(FIELDS)
    for path, route in addresses:
        where = re.sub(r"\{\w+(:\w+)?\}", lambda _: quote(data.draw(_PLACE), safe="") or "x", path)
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            form = {"csrf": csrf, **data.draw(_FORM)} if path.startswith("/coach") else None
            answer = coach.http.request(
                method,
                where,
                params=data.draw(st.dictionaries(st.sampled_from(FIELDS), _TEXT, max_size=2)),
                data=form if method == "POST" else None,
                content=data.draw(_JSON) if method == "POST" and form is None else None,
                headers={} if form else {"content-type": "application/json", "cookie": f"{COOKIE}={new_sender()}"},
            )
            assert answer.status_code < 500, (method, where)
            assert "Traceback" not in answer.text


@pytest.fixture
def entered() -> list[Coaching]:
    """Who is logged in already, for all examples."""
    return []
