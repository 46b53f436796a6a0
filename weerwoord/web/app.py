"""The web app: serves the page and passes messages on to Rasa's REST channel."""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

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

from weerwoord.messages import message
from weerwoord.practice import MAX_LENGTH
from weerwoord.privacy.retention import run_daily
from weerwoord.rubric import rubric
from weerwoord.scenario import scenarios
from weerwoord.settings import Settings
from weerwoord.settings import settings as settings_of_process
from weerwoord.store import Store, store
from weerwoord.web.assets import PATH, assets
from weerwoord.web.coach import coach_routes
from weerwoord.web.common import FRAME, Refused, json_body, new_sender, problem, sender_of, with_cookie
from weerwoord.web.embed import Widget, frame_ancestors
from weerwoord.web.guidance import Guidance
from weerwoord.web.mine import Mine
from weerwoord.web.my_data import MyData
from weerwoord.web.page import render
from weerwoord.web.present import COMMAND, Item, escaped, from_events, from_replies

MAX_ID = 64  # characters of a client's message id
REMEMBERED = 1000  # answers kept for a browser that sends the same message once more
ANSWER_TIME = 30.0  # seconds

POLICY = (  # and behind it: who may show the page in a frame
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_log = logging.getLogger(__name__)


class AssistantAwayError(Exception):
    """Rasa does not answer, or not as it should."""


class Assistant:
    """Rasa, reached over HTTP.

    Args:
        url: where it listens.
        transport: what to use instead of the network, for tests.
    """

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # trust_env off: a proxy of the machine has no business between two parts of this program
        self._http = httpx.AsyncClient(base_url=url, transport=transport, timeout=ANSWER_TIME, trust_env=False)

    async def send(self, sender: str, text: str, key: str = "") -> list[Any]:
        """Send a message and wait for the replies.

        Args:
            sender: whose conversation.
            text: the message or payload.
            key: the client's id for it; kept with it, so that a page that was reloaded sees that it arrived.

        Raises:
            AssistantAwayError: no answer that can be used.
        """
        body = {"sender": sender, "message": text, "metadata": {"id": key} if key else {}}
        answer = await self._ask("POST", "/webhooks/rest/webhook", json=body)
        if not isinstance(answer, list):
            raise AssistantAwayError
        return answer

    async def events(self, sender: str) -> list[Any]:
        """Everything that happened in a conversation.

        Raises:
            AssistantAwayError: no answer that can be used.
        """
        answer = await self._ask("GET", f"/conversations/{sender}/tracker", params={"include_events": "ALL"})
        if not isinstance(answer, dict):
            raise AssistantAwayError
        return answer.get("events") or []

    async def answers(self) -> bool:
        """Whether Rasa is there."""
        try:
            return (await self._http.get("/", timeout=2.0)).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(self, method: str, path: str, **how: Any) -> Any:
        try:
            response = await self._http.request(method, path, **how)
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("assistant: %s %s", path.split("/")[1], type(error).__name__)
            raise AssistantAwayError from error


class Chat:
    """The endpoints, and what they keep in memory: a lock a conversation and the last answers."""

    def __init__(self, assistant: Assistant, page: str) -> None:
        self.assistant = assistant
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._answered: OrderedDict[tuple[str, str], list[Item]] = OrderedDict()
        self._page = page

    async def page(self, request: Request) -> Response:
        """The page."""
        return with_cookie(request, HTMLResponse(self._page), sender_of(request) or new_sender())

    def lock(self, sender: str) -> asyncio.Lock:
        """What a conversation is held by while one of its messages is answered."""
        return self._locks.setdefault(sender, asyncio.Lock())

    async def messages(self, request: Request) -> Response:
        """Pass a message on and return the replies."""
        try:
            text, key = _read(await json_body(request))
        except Refused as refused:
            return problem(refused.status, refused.key)
        sender = sender_of(request) or new_sender()
        async with self.lock(sender):
            response = await self._answer(sender, text, key)
        return with_cookie(request, response, sender)

    async def _answer(self, sender: str, text: str, key: str) -> Response:
        """Answer a message; one that was answered before under the same id is not sent again."""
        known = self._answered.get((sender, key)) if key else None
        if known is not None:
            return JSONResponse({"replies": known})
        try:
            replies = from_replies(await self.assistant.send(sender, text, key))
        except AssistantAwayError:
            return problem(503, "away")
        if not replies:
            return JSONResponse({"replies": [{"text": message("web.errors.no_answer")}], "trouble": True})
        if key:
            self._answered[sender, key] = replies
            while len(self._answered) > REMEMBERED:
                self._answered.popitem(last=False)
        return JSONResponse({"replies": replies})

    async def history(self, request: Request) -> Response:
        """The conversation so far."""
        sender = sender_of(request)
        if sender is None:
            return JSONResponse({"messages": []})
        # behind a message that is still being answered, so that a reload shows its replies too
        async with self.lock(sender):
            try:
                return JSONResponse({"messages": from_events(await self.assistant.events(sender))})
            except AssistantAwayError:
                return problem(503, "away")

    async def health(self, request: Request) -> Response:
        """Whether the web app is there (it is) and the assistant behind it."""
        return JSONResponse({"web": True, "assistant": await self.assistant.answers()})


def _read(sent: Any) -> tuple[str, str]:
    """The text to send to Rasa and the client's id for it, "" when it gave none."""
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        raise Refused(400, "not_json")
    text = _readable(text).strip()
    if not text:
        raise Refused(422, "empty")
    if len(text) > MAX_LENGTH:
        raise Refused(422, "too_long")
    key = sent.get("id")
    key = key if isinstance(key, str) and len(key) <= MAX_ID else ""
    is_command = sent.get("payload") is True and text.startswith(COMMAND)
    return (text if is_command else escaped(text)), key


def _readable(text: str) -> str:
    """Without control characters and halves of characters, which no store or encoder wants."""
    text = text.replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


async def _on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return problem(status, "not_found" if status == 404 else "refused")


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
    assistant = Assistant(s.assistant_url, transport)
    chat = Chat(assistant, render(scenarios(s.scenarios), rubric(), s.coach_email))
    widget = Widget(scenarios(s.scenarios), rubric(), s.coach_email)
    api = [
        Route("/messages", chat.messages, methods=["POST"]),
        Route("/history", chat.history),
        Route("/health", chat.health),
        *Guidance(kept).routes,
        *Mine(kept).routes,
        *MyData(kept, chat.lock).routes,
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
            Route(f"{PATH}/{{path:path}}", assets().serve),
        ],
        middleware=[Middleware(SecureHeaders, s.widget_sites), Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={HTTPException: _on_http_error},
        lifespan=lifespan,
    )
