"""What watches over an assistant: is it there, can it work, and its figures."""

from __future__ import annotations

import asyncio
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from weerwoord.locks import LockError
from weerwoord.settings import settings
from weerwoord.store import StoreError, store
from weerwoord.watching import may_see_figures


class Watch(InputChannel):  # type: ignore[misc]
    """`/health`, `/ready` and `/metrics`, in the shape in which Rasa takes routes: a channel without messages."""

    @classmethod
    def name(cls) -> str:
        """Where the routes stand: at the root."""
        return "/"

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """The routes."""
        blueprint = Blueprint("watch")

        @blueprint.route("/health", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(request: Request) -> HTTPResponse:
            return json({"assistant": True})

        @blueprint.route("/ready", methods=["GET"])  # type: ignore[untyped-decorator]
        async def ready(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            found = {"model": agent.is_ready(), "database": await _database(), "locks": await _locks(agent)}
            return json(found, status=200 if all(found.values()) else 503)

        @blueprint.route("/metrics", methods=["GET"])  # type: ignore[untyped-decorator]
        async def figures(request: Request) -> HTTPResponse:
            if not may_see_figures(settings().metrics_token, request.ip, request.headers):
                return json({}, status=404)
            return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

        return blueprint


async def _database() -> bool:
    try:
        await asyncio.to_thread(store().database.check)
    except StoreError:
        return False
    return True


async def _locks(agent: Any) -> bool:
    try:
        await agent.lock_store.locks.check()
    except LockError:
        return False
    return True
