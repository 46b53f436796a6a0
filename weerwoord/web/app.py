"""The web app: serves the page and passes messages on to Rasa's REST channel."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from weerwoord.limits import Limits
from weerwoord.locks import LockError, Locks, locks
from weerwoord.messages import message
from weerwoord.practice import MAX_LENGTH
from weerwoord.privacy.retention import run_daily
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.settings import Settings
from weerwoord.settings import settings as settings_of_process
from weerwoord.store import Store, store
from weerwoord.web import watch
from weerwoord.web.assets import PATH, assets
from weerwoord.web.assistant import Assistant, AssistantAwayError
from weerwoord.web.coach import coach_routes
from weerwoord.web.common import FRAME, Refused, json_body, new_sender, problem, sender_of, with_cookie
from weerwoord.web.embed import Widget, frame_ancestors
from weerwoord.web.gate import Gate
from weerwoord.web.guidance import Guidance
from weerwoord.web.mine import Mine
from weerwoord.web.my_data import MyData
from weerwoord.web.page import render
from weerwoord.web.present import COMMAND, escaped, from_events, from_replies

_ID = re.compile(r"[!-~]{1,64}")  # of a message, made by the browser

POLICY = (  # and behind it: who may show the page in a frame
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_NO_ANSWER = {"replies": [{"text": message("web.errors.no_answer")}], "trouble": True}
_log = logging.getLogger(__name__)


class Chat:
    """The endpoints."""

    def __init__(self, assistant: Assistant, page: str, locks: Locks) -> None:
        self.assistant = assistant
        self._locks = locks
        self._page = page

    async def page(self, request: Request) -> Response:
        """The page."""
        return with_cookie(request, HTMLResponse(self._page), sender_of(request) or new_sender())

    async def messages(self, request: Request) -> Response:
        """Pass a message on and return the replies."""
        text, key = _read(await json_body(request))
        sender = sender_of(request) or new_sender()
        try:
            async with self._locks.hold(sender):
                replies = from_replies(await self.assistant.send(sender, text, key))
            response: Response = JSONResponse({"replies": replies} if replies else _NO_ANSWER)
        except LockError:
            response = problem(503, "busy")
        except AssistantAwayError as away:
            response = _away(away)
        return with_cookie(request, response, sender)

    async def history(self, request: Request) -> Response:
        """The conversation so far."""
        sender = sender_of(request)
        if sender is None:
            return JSONResponse({"messages": []})
        try:
            # behind a message that is still being answered, so that a reload shows its replies too
            async with self._locks.hold(sender):
                return JSONResponse({"messages": from_events(await self.assistant.events(sender))})
        except LockError:
            return problem(503, "busy")
        except AssistantAwayError as away:
            return _away(away)

    async def health(self, request: Request) -> Response:
        """Whether the web app is there (it is) and the assistant behind it."""
        return JSONResponse({"web": True, "assistant": await self.assistant.answers()})


def _away(away: AssistantAwayError) -> Response:
    return problem(500 if away.key == "ours" else 503, away.key)


def _read(sent: Any) -> tuple[str, str]:
    """The text to send to Rasa and the id of the message: the browser's, or a new one when it gave none."""
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        raise Refused(400, "not_json")
    text = _readable(text).strip()
    if not text:
        raise Refused(422, "empty")
    if len(text) > MAX_LENGTH:
        raise Refused(422, "too_long")
    key = sent.get("id")
    key = key if isinstance(key, str) and _ID.fullmatch(key) else secrets.token_hex(16)
    is_command = sent.get("payload") is True and text.startswith(COMMAND)
    return (text if is_command else escaped(text)), key


def _readable(text: str) -> str:
    """Without control characters and halves of characters, which no store or encoder wants."""
    text = text.replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


async def _on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return problem(status, "not_found" if status == 404 else "refused")


async def _on_refused(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    return problem(refused.status, refused.key)


class SecureHeaders:
    """Pure ASGI middleware: our headers on every response, also on the one for a mistake of ours."""

    def __init__(self, app: ASGIApp, widget_sites: tuple[str, ...] = ()) -> None:
        self.app = app
        self._widget_sites = widget_sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False
        sites = self._widget_sites if scope["path"] == FRAME else ()

        async def send_with_headers(event: Message) -> None:
            nonlocal started
            if event["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=event)
                headers.update(HEADERS)
                headers["Content-Security-Policy"] = POLICY + frame_ancestors(sites)
                headers.setdefault("Cache-Control", "no-store")
            await send(event)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            if started:
                raise
            _log.exception("web: %s", scope["path"])
            await problem(500, "ours")(scope, receive, send_with_headers)


def create_app(
    settings: Settings | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    kept: Callable[[], Store] = store,
) -> Starlette:
    """Make the web app.

    Args:
        settings: default those of this process.
        transport: how to reach the assistant, default over the network.
        kept: gives the store, default that of this process.
    """
    s = settings or settings_of_process()
    assistant, held = Assistant(s.assistant_urls, transport), locks(s.redis, "page")
    limits = Limits(s.redis)
    chat = Chat(assistant, render(scenarios(s.scenarios), rubric(), s.coach_email), held)
    widget = Widget(scenarios(s.scenarios), rubric(), s.coach_email)
    api = [
        Route("/messages", chat.messages, methods=["POST"]),
        Route("/history", chat.history),
        Route("/health", chat.health),
        *Guidance(kept, limits).routes,
        *Mine(kept, limits).routes,
        *MyData(kept, held.hold).routes,
    ]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        daily = asyncio.create_task(run_daily(kept, s.retention_days))
        yield
        daily.cancel()
        await assistant.close()

    return Starlette(
        routes=[
            Route("/", chat.page),
            Mount("/api", routes=api),
            Route("/widget.js", widget.script),
            Route(FRAME, widget.page),
            Mount(f"{FRAME}/api", routes=api),
            *coach_routes(kept),
            *watch.routes(s, assistant, held, kept),
            Route(f"{PATH}/{{path:path}}", assets().serve),
        ],
        middleware=[
            Middleware(SecureHeaders, s.widget_sites),
            Middleware(Gate, limits=limits, address=s.limit_address, talk=s.limit_talk),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        exception_handlers={HTTPException: _on_http_error, Refused: _on_refused},
        lifespan=lifespan,
    )
