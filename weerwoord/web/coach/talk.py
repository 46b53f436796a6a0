"""One talk: read it, say per turn what there is, write a remark."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from weerwoord.rubric import rubric
from weerwoord.scenario import Scenario, scenarios
from weerwoord.store.reviews import MAX_REMARK, WHOLE_TALK, OpenTalk
from weerwoord.web.coach.reading import View, read
from weerwoord.web.coach.visit import HOME, Site, Trouble, Visit

TALK = f"{HOME}/gesprek"


def scenario_of(partner: str) -> Scenario:
    """The partner of a talk, also when there is no file of him any more."""
    known = scenarios()
    return known.get(partner) or replace(next(iter(known.values())), id=partner, name=partner, full_name=partner)


class TalkPage:
    """A talk and the forms on it."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """The paths."""
        turn = f"{TALK}/{{key}}/beurt/{{number:int}}"
        return [
            Route(f"{TALK}/{{key}}", self._site.inside(self._read)),
            Route(f"{turn}/oordeel", self._site.inside(self._review), methods=["POST"]),
            Route(f"{turn}/opmerking", self._site.inside(self._remark), methods=["POST"]),
        ]

    def _read(self, visit: Visit) -> Response:
        talk = visit.kept.reviews.open(visit.coach, visit.name("key"))
        view = self._view(visit, talk)
        return self._site.page(visit, "talk", view=view, answers=visit.kept.additions.answers(view.talk.talk.key))

    def _view(self, visit: Visit, talk: OpenTalk | None) -> View:
        if talk is None:
            raise Trouble(404, "no_talk")
        return read(
            talk,
            visit.coach.name,
            scenario_of(talk.talk.partner),
            rubric(),
            visit.session.hide_names,
            visit.kept.additions.preparation(talk.talk.key),
        )

    def _review(self, visit: Visit) -> Response:
        key, number = visit.name("key"), visit.number("number")
        does = visit.field("does")
        reviews = visit.kept.reviews
        if does == "undo":
            done = reviews.unreview(visit.coach, key, number)
        elif does in ("confirm", "correct"):
            elements = frozenset(e for e in visit.form.get("element", ()) if e in rubric().elements)
            done = reviews.review(visit.coach, key, number, elements if does == "correct" else None)
        else:
            raise Trouble(422, "refused")
        return self._after(visit, key, number, done)

    def _remark(self, visit: Visit) -> Response:
        key, number = visit.name("key"), visit.number("number")
        text = visit.field("text")
        if len(text) > MAX_REMARK:
            raise Trouble(422, "remark_too_long")
        return self._after(visit, key, number, visit.kept.reviews.remark(visit.coach, key, number, text))

    def _after(self, visit: Visit, key: str, number: int, done: bool) -> Response:
        """The turn as it is now, for a page that asks for no more; else the whole page, at this turn."""
        if not done:
            raise Trouble(404, "no_talk")
        if not visit.is_partial:
            return RedirectResponse(f"{TALK}/{key}#beurt-{number}", 303)
        view = self._view(visit, visit.kept.reviews.look(visit.coach, key))
        if number == WHOLE_TALK:
            return self._site.page(visit, "_whole", view=view, saved=True)
        turn = next((t for t in view.turns if t.number == number), None)
        if turn is None:
            raise Trouble(404, "no_talk")
        answers = visit.kept.additions.answers(key)
        return self._site.page(visit, "_turn", view=view, turn=turn, answers=answers, saved=True)
