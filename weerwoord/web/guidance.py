"""What somebody who practises sees of his coach: the group, the exercises, the remarks, and who read along."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from weerwoord.limits import Limits, network_of
from weerwoord.rate import Rate
from weerwoord.rubric import rubric
from weerwoord.scenario import PRONOUNS, scenarios
from weerwoord.store import Store
from weerwoord.store.groups import Exercise
from weerwoord.web.common import answered, json_body, new_sender, problem, sender_of, with_cookie

MAX_CODE = 64  # characters
GUESSES = Rate(20, 15 * 60.0)  # wrong codes from one address


class Guidance:
    """The endpoints.

    Args:
        kept: gives the store; opened when first asked for.
    """

    def __init__(self, kept: Callable[[], Store], limits: Limits) -> None:
        self._kept = kept
        self._limits = limits

    @property
    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route("/talks/{key}/remarks", self.remarks),
            Route("/group", self.group),
            Route("/group", self.join, methods=["POST"]),
            Route("/group/leave", self.quit, methods=["POST"]),
            Route("/exercises", self.exercises),
            Route("/readers", self.readers),
        ]

    async def remarks(self, request: Request) -> Response:
        """What coaches wrote at a talk of this person; `turn` counts in the order played, 0 is the whole talk."""
        key = request.path_params["key"]
        return await answered(lambda: self._remarks(sender_of(request) or "", key))

    def _remarks(self, sender: str, key: str) -> Response:
        found = self._kept().reviews.remarks_for(sender, key)
        told = [{"turn": r.number, "coach": r.coach, "text": r.text, "at": r.at} for r in found]
        return JSONResponse({"remarks": told})

    async def group(self, request: Request) -> Response:
        """The name of the group, null without one."""
        sender = sender_of(request) or ""
        return await answered(lambda: JSONResponse({"group": self._kept().groups.of_person(sender)}))

    async def join(self, request: Request) -> Response:
        """Join the group with a code."""
        where = f"group {network_of(request.client.host if request.client else '')}"
        if await self._limits.take(where, GUESSES, count=False):
            return problem(429, "too_often")
        sent = await json_body(request)
        code = sent.get("code") if isinstance(sent, dict) else None
        if not isinstance(code, str) or not 0 < len(code) <= MAX_CODE:
            return problem(422, "refused")
        response = await answered(partial(self._join, request, code))
        if response.status_code == 404:
            await self._limits.take(where, GUESSES)
        return response

    def _join(self, request: Request, code: str) -> Response:
        sender = sender_of(request) or new_sender()
        name = self._kept().groups.join(sender, code)
        if name is None:
            return problem(404, "no_group")
        return with_cookie(request, JSONResponse({"group": name}), sender)

    async def quit(self, request: Request) -> Response:
        """Be in no group any more."""
        await json_body(request)  # what a form on a foreign site cannot send
        return await answered(lambda: self._quit(sender_of(request) or ""))

    def _quit(self, sender: str) -> Response:
        self._kept().groups.quit(sender)
        return JSONResponse({"group": None})

    async def exercises(self, request: Request) -> Response:
        """What a coach set for the group and is not past its day."""
        return await answered(lambda: self._exercises(sender_of(request) or ""))

    def _exercises(self, sender: str) -> Response:
        found = self._kept().groups.exercises_for(sender)
        return JSONResponse({"exercises": [{**_told(exercise), "done": done} for exercise, done in found]})

    async def readers(self, request: Request) -> Response:
        """Who opened which talk of this person, the newest first."""
        return await answered(lambda: self._readers(sender_of(request) or ""))

    def _readers(self, sender: str) -> Response:
        found = self._kept().reviews.readings_for(sender)
        told = [{"coach": r.coach, "at": r.at, "talk": r.key, "action": r.action} for r in found]
        return JSONResponse({"readers": told})


def _told(exercise: Exercise) -> dict[str, Any]:
    partner = scenarios().get(exercise.partner or "")
    disposition = rubric().dispositions.get(exercise.disposition or "")
    criterion = rubric().criteria[exercise.criterion]
    words = partner.pronouns if partner else PRONOUNS["hij"]
    return {
        "id": exercise.id,
        "partner": exercise.partner,
        "partner_name": partner.full_name if partner else None,
        "level": disposition.level if disposition else None,
        "criterion": exercise.criterion,
        "criterion_name": criterion.name.format(**words),
        "due_at": exercise.due_at,
    }
