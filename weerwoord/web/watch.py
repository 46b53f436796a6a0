"""What watches over a web app: is it there, can it work, and its figures."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from weerwoord.locks import LockError, Locks
from weerwoord.settings import Settings
from weerwoord.store import Store, StoreError
from weerwoord.watching import may_see_figures
from weerwoord.web.assistant import Assistant


def routes(s: Settings, assistant: Assistant, locks: Locks, kept: Callable[[], Store]) -> list[Route]:
    """`/health`, `/ready` and `/metrics`.

    Args:
        s: the settings.
        assistant: that has to answer.
        locks: that have to be there.
        kept: gives the store.
    """

    async def health(request: Request) -> Response:
        return JSONResponse({"web": True})

    async def ready(request: Request) -> Response:
        found = {
            "database": await _database(kept),
            "locks": await _locks(locks),
            "assistant": await assistant.answers(),
        }
        return JSONResponse(found, status_code=200 if all(found.values()) else 503)

    async def figures(request: Request) -> Response:
        if not may_see_figures(s.metrics_token, request.client.host if request.client else "", request.headers):
            return JSONResponse({}, status_code=404)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/health", health), Route("/ready", ready), Route("/metrics", figures)]


async def _database(kept: Callable[[], Store]) -> bool:
    try:
        await anyio.to_thread.run_sync(lambda: kept().database.check())
    except StoreError:
        return False
    return True


async def _locks(locks: Locks) -> bool:
    try:
        await locks.check()
    except LockError:
        return False
    return True
