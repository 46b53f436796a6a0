"""Everything of the person who asks: to take along as a file, or to delete."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from weerwoord.locks import LockError
from weerwoord.privacy.my_data import my_data
from weerwoord.store import Store, StoreError
from weerwoord.web.common import problem, sender_of, without_cookie

FILE = "weerwoord.json"


class MyData:
    """The endpoints.

    Args:
        kept: where people and talks are; opened when first asked for.
        lock: of a conversation, so that no answer that is still being made comes back after deleting.
    """

    def __init__(self, kept: Callable[[], Store], lock: Callable[[str], AbstractAsyncContextManager[None]]) -> None:
        self._kept = kept
        self._lock = lock

    @property
    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route("/my-data", self.take_along, methods=["GET"]),
            Route("/my-data", self.delete, methods=["DELETE"]),
        ]

    async def take_along(self, request: Request) -> Response:
        """All of it as a JSON file; an empty object for somebody of whom nothing is kept."""
        sender = sender_of(request)
        try:
            told = await to_thread.run_sync(lambda: my_data(self._kept().database, sender)) if sender else {}
        except StoreError:
            return problem(503, "away")
        text = json.dumps(told, ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": f'attachment; filename="{FILE}"'}
        return Response(text, media_type="application/json", headers=headers)

    async def delete(self, request: Request) -> Response:
        """Delete all of it, and the cookie: the next message is of somebody new."""
        sender = sender_of(request)
        gone = False
        try:
            if sender is not None:
                async with self._lock(sender):
                    gone = await to_thread.run_sync(lambda: self._kept().people.forget(sender))
        except LockError:
            return problem(503, "busy")
        except StoreError:
            return problem(503, "away")
        return without_cookie(request, JSONResponse({"deleted": gone}))
