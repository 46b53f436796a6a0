"""The practice page inside another site: the script that shows it there, and who may show it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from weerwoord.messages import section
from weerwoord.rubric import Rubric
from weerwoord.scenario import Scenario
from weerwoord.web.common import new_sender, sender_of, with_cookie
from weerwoord.web.page import TEMPLATES, render

LEVELS = ("1", "2", "3", "4")
SCRIPT_AGE = 3600  # seconds; a site may keep widget.js this long


def frame_ancestors(sites: tuple[str, ...]) -> str:
    """The source list of `frame-ancestors`: who may show the page in a frame.

    Args:
        sites: origins, such as `"https://www.coach.nl"`.
    """
    return " ".join(sites) or "'none'"


class Widget:
    """The endpoints for other sites."""

    def __init__(self, partners: Mapping[str, Scenario], rubric: Rubric, coach_email: str) -> None:
        self._partners = frozenset(partners)
        self._script = TEMPLATES.get_template("widget.js").render(
            texts=section("web.widget"), partners=list(partners), levels=LEVELS
        )

        @cache  # as many as there are presets
        def page_of(partner: str | None, level: str | None) -> str:
            return render(partners, rubric, coach_email, {"partner": partner, "level": level})

        self._page_of = page_of

    async def script(self, request: Request) -> Response:
        """`/widget.js`."""
        # any site may load the script; whether it may show the page is up to the page
        headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": f"public, max-age={SCRIPT_AGE}"}
        return Response(self._script, media_type="text/javascript", headers=headers)

    async def page(self, request: Request) -> Response:
        """`/embed`: the page with the partner or level of the script tag; a value that is not known is left open."""
        chosen: Mapping[str, Any] = request.query_params
        partner, level = chosen.get("partner"), chosen.get("level")
        html = self._page_of(
            partner if partner in self._partners else None,
            level if level in LEVELS else None,
        )
        return with_cookie(request, HTMLResponse(html), sender_of(request) or new_sender())
