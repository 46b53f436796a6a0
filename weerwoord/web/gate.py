"""What every request passes: not too often, counted, and one line in the log."""

from __future__ import annotations

import logging
import math
import time

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from weerwoord import metrics
from weerwoord.limits import Limits, is_here, network_of
from weerwoord.messages import message
from weerwoord.rate import Rate
from weerwoord.web.common import sender_of

MESSAGES = "/api/messages"  # of the page, and of the page in a frame
FREE = ("/static/", "/health", "/ready", "/metrics", "/api/health")  # cost little, and watch over the rest

_log = logging.getLogger(__name__)


class Gate:
    """Pure ASGI middleware.

    Args:
        app: what is behind it.
        limits: who counts.
        address: how often one address may ask, None for no limit.
        talk: how often one may send something in the same conversation, None for no limit.
    """

    def __init__(self, app: ASGIApp, limits: Limits, address: Rate | None, talk: Rate | None) -> None:
        self.app = app
        self._limits = limits
        self._address = address
        self._talk = talk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500

        async def note(event: Message) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
            await send(event)

        began = time.perf_counter()
        try:
            wait = await self._wait(Request(scope))
            await (too_fast(wait) if wait else self.app)(scope, receive, note)
        finally:
            took = time.perf_counter() - began
            route = _route(scope)
            metrics.REQUESTS.labels(route, str(status)).inc()
            metrics.REQUEST_TIME.labels(route).observe(took)
            _log.info("request", extra={"figures": {"route": route, "status": status, "ms": round(took * 1000, 1)}})

    async def _wait(self, request: Request) -> float:
        """Seconds to wait, 0 when the request may go on."""
        path = request.url.path
        if path.startswith(FREE):
            return 0.0
        address = request.client.host if request.client else ""
        wait = 0.0
        if self._address and not is_here(address):
            wait = await self._limits.take(f"address {network_of(address)}", self._address)
            if wait:
                metrics.REFUSED.labels("address").inc()
        sender = sender_of(request)
        if not wait and self._talk and sender and path.endswith(MESSAGES):
            wait = await self._limits.take(f"talk {sender}", self._talk)
            if wait:
                metrics.REFUSED.labels("talk").inc()
        return wait


def too_fast(wait: float) -> JSONResponse:
    """What somebody reads who asks too often.

    Args:
        wait: seconds until he may ask again.
    """
    seconds = math.ceil(wait)
    told = message("web.errors.too_fast", seconds=seconds)
    return JSONResponse({"error": told}, status_code=429, headers={"Retry-After": str(seconds)})


def _route(scope: Scope) -> str:
    """A short name of the route; never the path, which may hold something personal."""
    endpoint = scope.get("endpoint")
    return getattr(endpoint, "__name__", "static") if endpoint else "none"
