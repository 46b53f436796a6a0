"""Groups: a code to join, colleagues, exercises, and how people get on."""

from __future__ import annotations

from datetime import date, datetime, time

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.situations import DISPOSITIONS
from weerwoord.store.groups import MAX_NAME, Group
from weerwoord.store.reviews import Wanted
from weerwoord.web.coach import charts
from weerwoord.web.coach.visit import HOME, Site, Trouble, Visit

GROUPS = f"{HOME}/groepen"
GROUP = f"{HOME}/groep"


class GroupPages:
    """The groups of a coach, and the people in them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """The paths."""
        one = f"{GROUP}/{{group:int}}"
        posts = {
            f"{one}/collega": self._share,
            f"{one}/verlaten": self._leave,
            f"{one}/oefening": self._exercise,
            f"{one}/oefening/{{exercise:int}}/weg": self._drop,
        }
        return [
            Route(GROUPS, self._site.inside(self._groups)),
            Route(GROUPS, self._site.inside(self._create), methods=["POST"]),
            Route(one, self._site.inside(self._group)),
            *(Route(path, self._site.inside(work), methods=["POST"]) for path, work in posts.items()),
            Route(f"{HOME}/persoon/{{pseudonym}}", self._site.inside(self._person)),
        ]

    def _groups(self, visit: Visit) -> Response:
        return self._overview(visit)

    def _overview(self, visit: Visit, wrong: str = "") -> Response:
        groups = visit.kept.groups.of(visit.coach)
        return self._site.page(visit, "groups", 422 if wrong else 200, groups=groups, wrong=wrong)

    def _create(self, visit: Visit) -> Response:
        name = " ".join(visit.field("name").split())
        if not 0 < len(name) <= MAX_NAME:
            return self._overview(visit, "name")
        group = visit.kept.groups.create(visit.coach, name)
        return RedirectResponse(f"{GROUP}/{group}", 303) if group else self._overview(visit, "too_many")

    def _one(self, visit: Visit) -> Group:
        group = visit.kept.groups.get(visit.coach, visit.number("group"))
        if group is None:
            raise Trouble(404, "no_group")
        return group

    def _group(self, visit: Visit) -> Response:
        return self._page(visit, self._one(visit))

    def _page(self, visit: Visit, group: Group, wrong: str = "") -> Response:
        kept = visit.kept
        return self._site.page(
            visit,
            "group",
            422 if wrong else 200,
            group=group,
            wrong=wrong,
            coaches=kept.groups.coaches(visit.coach, group.id),
            exercises=kept.groups.exercises(visit.coach, group.id),
            progress=charts.of_group(kept.figures.of_group(visit.coach, group.id), rubric()),
            smallest=charts.SMALLEST,
            dispositions=DISPOSITIONS,
        )

    def _share(self, visit: Visit) -> Response:
        group = self._one(visit)
        colleague = visit.kept.coaches.get(visit.field("name"))
        if colleague is None:
            return self._page(visit, group, "no_colleague")
        visit.kept.groups.share(visit.coach, group.id, colleague)
        return RedirectResponse(f"{GROUP}/{group.id}", 303)

    def _leave(self, visit: Visit) -> Response:
        visit.kept.groups.leave(visit.coach, self._one(visit).id)
        return RedirectResponse(GROUPS, 303)

    def _exercise(self, visit: Visit) -> Response:
        group = self._one(visit)
        partner, disposition = visit.field("partner") or None, visit.field("disposition") or None
        criterion, due = visit.field("criterion"), _end_of(visit.field("due"))
        known = (partner is None or partner in scenarios()) and (disposition is None or disposition in DISPOSITIONS)
        if not known or criterion not in rubric().criteria or due is None:
            return self._page(visit, group, "exercise")
        if not visit.kept.groups.set_exercise(visit.coach, group.id, partner, disposition, criterion, due):
            return self._page(visit, group, "too_many")
        return RedirectResponse(f"{GROUP}/{group.id}", 303)

    def _drop(self, visit: Visit) -> Response:
        group = self._one(visit)
        visit.kept.groups.drop_exercise(visit.coach, group.id, visit.number("exercise"))
        return RedirectResponse(f"{GROUP}/{group.id}", 303)

    def _person(self, visit: Visit) -> Response:
        pseudonym = visit.name("pseudonym")
        held = visit.kept.figures.of_person(visit.coach, pseudonym)
        if not held:
            raise Trouble(404, "no_person")
        talks = visit.kept.reviews.page(visit.coach, Wanted(person=pseudonym, order="newest"), limit=20)
        progress = charts.of_person(held, rubric())
        return self._site.page(visit, "person", pseudonym=pseudonym, progress=progress, talks=talks.talks)


def _end_of(day: str) -> float | None:
    """The last moment of a day that is not past; None when it is no day."""
    try:
        end = datetime.combine(date.fromisoformat(day), time.max)
    except ValueError:
        return None
    return end.timestamp() if date.today() <= end.date() and end.year < 9000 else None
