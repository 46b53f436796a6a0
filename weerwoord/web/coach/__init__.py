"""The coach site, `/coach`: server-rendered, works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from weerwoord.store import Store
from weerwoord.web.coach.exports import Exports
from weerwoord.web.coach.groups import GroupPages
from weerwoord.web.coach.login import Login
from weerwoord.web.coach.talk import TalkPage
from weerwoord.web.coach.talks import TalkList
from weerwoord.web.coach.visit import HOME, Site, Trouble, Visit


def coach_routes(kept: Callable[[], Store]) -> list[Route]:
    """All paths of the site.

    Args:
        kept: gives the store; opened when first asked for.
    """
    site = Site(kept)
    parts = (Login(site), TalkList(site), TalkPage(site), GroupPages(site), Exports(site))
    elsewhere = Route(f"{HOME}/{{rest:path}}", site.inside(_not_there), methods=["GET", "POST"])
    return [*(route for part in parts for route in part.routes), elsewhere]


def _not_there(visit: Visit) -> Response:
    raise Trouble(404, "not_found")
