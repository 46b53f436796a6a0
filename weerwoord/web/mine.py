"""What is kept of the person who asks: earlier talks, a debrief again, a code to come back with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from weerwoord.debrief import Debrief, debrief
from weerwoord.limits import Limits, network_of
from weerwoord.rate import Rate
from weerwoord.rubric import rubric
from weerwoord.scenario import Scenario, scenarios
from weerwoord.store import Store, TalkSummary
from weerwoord.web.common import answered, json_body, new_sender, problem, sender_of, with_cookie

TALKS = 200  # newest talks that the page shows and counts
GOOD = ("appointment", "opened", "kept_dignity")
GUESSES = Rate(10, 15 * 60.0)  # wrong codes from one address


def summary(talk: TalkSummary, known: dict[str, Scenario]) -> dict[str, Any]:
    """A talk in a list, without what was said."""
    partner = known.get(talk.partner)
    words = partner.pronouns if partner else next(iter(known.values())).pronouns
    return {
        "key": talk.key,
        "at": talk.started_at,
        "partner": talk.partner,
        "name": partner.full_name if partner else talk.partner,
        "level": rubric().dispositions[talk.disposition].level,
        "outcome": talk.outcome,
        "outcome_text": rubric().outcomes[talk.outcome].name.format(**words),
        "good": talk.outcome in GOOD,
        "verdicts": dict(talk.verdicts),
        "turns": talk.turns,
    }


def _is_over(talk: TalkSummary) -> bool:
    """Whether it may be told what was hidden: a talk that goes on keeps its secret, one without a turn has none."""
    return talk.ended_at is not None and talk.turns > 0


class Mine:
    """The endpoints.

    Args:
        kept: where people and talks are; opened when first asked for.
        limits: who counts wrong codes.
    """

    def __init__(self, kept: Callable[[], Store], limits: Limits) -> None:
        self._kept = kept
        self._limits = limits

    @property
    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route("/talks", self.talks),
            Route("/talks/{key}", self.talk),
            Route("/talks/{key}/meant", self.meant, methods=["POST"]),
            Route("/preparation", self.prepare, methods=["POST"]),
            Route("/code", self.code, methods=["POST"]),
            Route("/enter", self.enter, methods=["POST"]),
        ]

    async def talks(self, request: Request) -> Response:
        """The talks that are over, the newest first, and what is known of the person."""
        return await answered(partial(self._talks, sender_of(request)))

    def _talks(self, sender: str | None) -> Response:
        person = self._kept().people.get(sender) if sender else None
        found = self._kept().talks.of(person.sender, limit=TALKS) if person else ()
        known = scenarios()
        return JSONResponse(
            {
                "talks": [summary(talk, known) for talk in found if _is_over(talk)],
                "coach_may_read": person.coach_may_read if person else None,
                "has_code": bool(person and person.has_code),
            }
        )

    async def talk(self, request: Request) -> Response:
        """The debrief of one talk, for its owner."""
        return await answered(partial(self._talk, sender_of(request), request.path_params["key"]))

    def _talk(self, sender: str | None, key: str) -> Response:
        found = self._own(sender, key)
        if found is None:
            return problem(404, "no_talk")
        talk, told = found
        answers = [
            {"turn": turn, "element": element, "meant": meant}
            for (turn, element), meant in self._kept().additions.answers(key).items()
        ]
        return JSONResponse(
            {
                "type": "debrief",
                **told.as_dict(),
                "text": told.as_text(),
                "key": key,
                "at": talk.started_at,
                "answers": answers,
                "preparation": self._kept().additions.preparation(key),
            }
        )

    def _own(self, sender: str | None, key: str) -> tuple[TalkSummary, Debrief] | None:
        """A talk of this person that is over, with its debrief."""
        kept = self._kept()
        if sender is None or kept.talks.owner(key) != sender:
            return None
        talk, transcript = kept.talks.summary(key), kept.talks.transcript(key)
        if talk is None or transcript is None or not _is_over(talk) or talk.partner not in scenarios():
            return None
        if not transcript.opening:  # its texts were dropped for their age: nothing is left to tell
            return None
        return talk, debrief(transcript, scenarios()[talk.partner], rubric())

    async def meant(self, request: Request) -> Response:
        """Whether the user meant what was not surely recognised."""
        return await self._answer_json(partial(self._meant, request.path_params["key"]), request)

    def _meant(self, key: str, sender: str | None, sent: dict[str, Any]) -> Response:
        found = self._own(sender, key)
        if found is None:
            return problem(404, "no_talk")
        meant = sent.get("meant")
        asked = [q for q in found[1].doubtful if (q.turn, q.element) == (sent.get("turn"), sent.get("element"))]
        if not asked or not (meant is None or isinstance(meant, bool)):
            return problem(422, "refused")
        self._kept().additions.answer(key, asked[0].turn, asked[0].element, meant)
        return JSONResponse({"meant": meant})

    async def prepare(self, request: Request) -> Response:
        """Keep a preparation with the last talk, for who lets a coach read."""
        return await self._answer_json(self._prepare, request)

    def _prepare(self, sender: str | None, sent: dict[str, Any]) -> Response:
        if sender is None or not self._kept().additions.prepare(sender, sent):
            return problem(422, "refused")
        return JSONResponse({"kept": True})

    async def code(self, request: Request) -> Response:
        """Make a code to come back with."""
        return await self._answer_json(partial(self._code, request), request)

    def _code(self, request: Request, sender: str | None, _: dict[str, Any]) -> Response:
        sender = sender or new_sender()
        return with_cookie(request, JSONResponse({"code": self._kept().people.new_code(sender)}), sender)

    async def enter(self, request: Request) -> Response:
        """Come back with a code: from here on this browser is that person."""
        where = f"code {network_of(request.client.host if request.client else '')}"
        if await self._limits.take(where, GUESSES, count=False):
            return problem(429, "too_often")
        response = await self._answer_json(partial(self._enter, request), request)
        if response.status_code == 404:
            await self._limits.take(where, GUESSES)
        return response

    def _enter(self, request: Request, _: str | None, sent: dict[str, Any]) -> Response:
        code = sent.get("code")
        person = self._kept().people.by_code(code) if isinstance(code, str) and code.strip() else None
        if person is None:
            return problem(404, "wrong_code")
        return with_cookie(request, JSONResponse({"entered": True}), person.sender)

    async def _answer_json(self, work: Callable[[str | None, dict[str, Any]], Response], request: Request) -> Response:
        """Answer with what the request's cookie and its JSON object make."""
        sent = await json_body(request)
        if not isinstance(sent, dict):
            return problem(400, "not_json")
        return await answered(partial(work, sender_of(request), sent))
