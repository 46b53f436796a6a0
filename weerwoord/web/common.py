"""What the endpoints share: the cookie that names a person, a JSON body, and a refusal in one sentence."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from weerwoord.messages import message
from weerwoord.practice import MAX_LENGTH
from weerwoord.store import StoreError

HERE = Path(__file__).parent
COOKIE = "weerwoord"
COOKIE_AGE = 180 * 24 * 3600  # seconds; a talk can be taken up again until then
FRAME = "/embed"  # what stands in a frame on another site, and all that it asks
FRAME_COOKIE = "weerwoord_embed"
FRAME_HEADER = "Weerwoord-Talk"
MAX_BODY = 32 * 1024  # bytes

_SENDER = re.compile(r"[A-Za-z0-9_-]{32,64}")


class Refused(Exception):
    """A request that is not taken.

    Args:
        status: HTTP status, 4xx.
        key: of the sentence in the messages file.
    """

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


def new_sender() -> str:
    """The secret conversation id of a new person."""
    return secrets.token_urlsafe(32)


def _in_frame(request: Request) -> bool:
    path: str = request.scope["path"]
    return path == FRAME or path.startswith(FRAME + "/")


def sender_of(request: Request) -> str | None:
    """The conversation id in the cookie; None when there is none that we could have made."""
    if _in_frame(request):
        # the header only counts where the browser refuses cookies of a frame, see `with_cookie`
        value = request.cookies.get(FRAME_COOKIE) or request.headers.get(FRAME_HEADER, "")
    else:
        value = request.cookies.get(COOKIE, "")
    return value if _SENDER.fullmatch(value) else None


def with_cookie(request: Request, response: Response, sender: str) -> Response:
    """The response with the cookie that names this person.

    A frame on another site has a cookie of its own, so that the page's stays `SameSite=Strict`. It goes to `/embed`
    only, and is `Partitioned`: another site that shows the same frame has another one. Browsers take it over https, and
    over http from this machine (127.0.0.1, localhost). Where one refuses it, the response also carries the id in a
    header, which the page sends back until it is reloaded.
    """
    if _in_frame(request):
        response.set_cookie(
            FRAME_COOKIE, sender, max_age=COOKIE_AGE, path=FRAME, httponly=True, samesite="none", secure=True
        )
        _partition(response)
        if request.scope["path"] != FRAME and FRAME_COOKIE not in request.cookies:
            response.headers[FRAME_HEADER] = sender
        return response
    response.set_cookie(
        COOKIE,
        sender,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def without_cookie(request: Request, response: Response) -> Response:
    """The response that takes the cookie away again, with its name."""
    if _in_frame(request):
        response.delete_cookie(FRAME_COOKIE, path=FRAME, httponly=True, samesite="none", secure=True)
        _partition(response)
    else:
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def _partition(response: Response) -> None:
    """Make the cookie that was set last one of this frame on this site only."""
    name, value = response.raw_headers.pop()
    response.raw_headers.append((name, value + b"; Partitioned"))  # Python knows the word from 3.14 on


async def json_body(request: Request) -> Any:
    """What was sent as JSON.

    Raises:
        Refused: another content type (what a form on a foreign site can send), too long, or no JSON.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "not_json")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise Refused(413, "too_big")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "not_json") from None


def problem(status: int, key: str) -> JSONResponse:
    """One sentence about what went wrong."""
    return JSONResponse({"error": message(f"web.errors.{key}", limit=MAX_LENGTH)}, status_code=status)


async def answered(work: Callable[[], Response]) -> Response:
    """What work on the store answers, done in a thread; one sentence when the store is away."""
    try:
        return await to_thread.run_sync(work)
    except StoreError:
        return problem(503, "away")
