"""Talks to take along: one, or those of the list, always with names replaced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from weerwoord.export.formats import FORMATS, Format
from weerwoord.export.talks import ExportedTalk, pseudonymised, talks
from weerwoord.store.reviews import Wanted
from weerwoord.store.tables import TALK
from weerwoord.web.coach.talk import TALK as TALK_PATH
from weerwoord.web.coach.talks import wanted_in
from weerwoord.web.coach.visit import HOME, Site, Trouble, Visit


class Exports:
    """Streams; every talk that leaves is in the audit trail before it does."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route(f"{TALK_PATH}/{{key}}/export/{{form}}", self._site.inside(self._one)),
            Route(f"{HOME}/export/{{form}}", self._site.inside(self._many)),
        ]

    def _one(self, visit: Visit) -> Response:
        key = visit.name("key")
        form = _form(visit)
        if visit.kept.reviews.open(visit.coach, key, "export") is None:
            raise Trouble(404, "no_talk")
        return self._stream(visit, form, Wanted(), f"gesprek-{key}", key)

    def _many(self, visit: Visit) -> Response:
        form = _form(visit)
        wanted = wanted_in(visit)
        visit.kept.reviews.note_export(visit.coach, wanted)
        return self._stream(visit, form, wanted, f"gesprekken-{date.today().isoformat()}")

    def _stream(self, visit: Visit, form: Format, wanted: Wanted, name: str, key: str = "") -> Response:
        where = visit.kept.reviews.conditions(visit.coach, wanted)
        if key:
            where.append(TALK.c.key == key)
        chosen: Iterator[ExportedTalk] = pseudonymised(talks(visit.kept.database, where))
        # a file, never a page: whatever was typed in a talk is not shown by the browser as ours
        headers = {"Content-Disposition": f'attachment; filename="{name}{form.suffix}"'}
        return StreamingResponse(form.write(chosen), media_type=form.media_type, headers=headers)


def _form(visit: Visit) -> Format:
    form = FORMATS.get(visit.name("form"))
    if form is None:
        raise Trouble(404, "not_found")
    return form
