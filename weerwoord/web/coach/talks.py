"""The list of talks: filters, search, order, pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from weerwoord.rubric import VERDICTS, rubric
from weerwoord.situations import DISPOSITIONS, OUTCOMES
from weerwoord.store.reviews import ORDERS, Wanted
from weerwoord.web.coach.visit import HOME, Site, Visit, inside

# the names of the fields in an address, in Dutch because coaches see them
FIELDS = (
    "zoek",
    "persoon",
    "groep",
    "partner",
    "houding",
    "uitkomst",
    "criterium",
    "oordeel",
    "valkuil",
    "van",
    "tot",
    "ongelezen",
    "volgorde",
)


def wanted_in(visit: Visit) -> Wanted:
    """What the address asks for; what cannot be is left out."""
    group = visit.field("groep")
    since, until = (_midnight(visit.field(name)) for name in ("van", "tot"))
    choice = rubric()
    return Wanted(
        words=visit.field("zoek"),
        person=visit.field("persoon")[:16].upper(),
        group=int(group) if group.isascii() and group.isdecimal() and len(group) < 10 else None,
        partner=visit.field("partner"),
        disposition=_one_of(visit.field("houding"), DISPOSITIONS),
        outcome=_one_of(visit.field("uitkomst"), OUTCOMES),
        criterion=_one_of(visit.field("criterium"), choice.criteria),
        verdict=_one_of(visit.field("oordeel"), VERDICTS) or VERDICTS[0],
        pitfall=_one_of(visit.field("valkuil"), choice.of_kind("pitfall")),
        since=since.timestamp() if since else None,
        until=(until + timedelta(days=1)).timestamp() if until else None,
        unread=bool(visit.field("ongelezen")),
        order=_one_of(visit.field("volgorde"), ORDERS) or ORDERS[0],
    )


def _one_of(value: str, allowed: Iterable[str]) -> str:
    return value if value in tuple(allowed) else ""


def _midnight(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day) if 1970 < day.year < 9000 else None


def asked(visit: Visit) -> dict[str, str]:
    """The fields in the address that say which talks."""
    return {name: visit.field(name) for name in FIELDS if visit.field(name)}


class TalkList:
    """The first page of the site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route(HOME, self._site.inside(self._list)),
            Route(f"{HOME}/namen", self._site.inside(self._names), methods=["POST"]),
            Route(f"{HOME}/inzage", self._site.inside(self._audit)),
        ]

    def _list(self, visit: Visit) -> Response:
        wanted, fields = wanted_in(visit), asked(visit)
        page = visit.kept.reviews.page(visit.coach, wanted, visit.field("na"))
        return self._site.page(
            visit,
            "talks",
            page=page,
            fields=fields,
            is_filtered=bool(fields.keys() - {"volgorde"}),
            groups=visit.kept.groups.of(visit.coach),
            orders=ORDERS,
            dispositions=DISPOSITIONS,
            outcomes=OUTCOMES,
            query=urlencode(fields),
            next_page=f"{HOME}?{urlencode({**fields, 'na': page.after})}" if page.after else "",
            is_later=bool(visit.field("na")),
        )

    def _names(self, visit: Visit) -> Response:
        """Show or hide names on the screen."""
        visit.kept.coaches.hide_names(visit.session, visit.field("hide") == "1")
        return RedirectResponse(inside(visit.field("back")), 303)

    def _audit(self, visit: Visit) -> Response:
        return self._site.page(visit, "audit", readings=visit.kept.reviews.readings(visit.coach, limit=200))
