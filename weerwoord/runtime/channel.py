"""Rasa's REST channel, which answers a message once and says so when it could not keep it.

Rasa's own answers 200 with what it has when something goes wrong, writes what the user typed to the log, and goes on in
memory when a conversation cannot be saved.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from weerwoord import metrics
from weerwoord.locks import LockError
from weerwoord.runtime.exchange import CURRENT, Answered, Conflict, Exchange
from weerwoord.store import StoreError

TRIES = 3  # of a message that meets another server's; only after a lock was lost
_ID = re.compile(r"[!-~]{1,64}")

_log = logging.getLogger(__name__)


def _without_fallback(agent: Agent) -> None:
    """Take off the store that goes on in memory when saving fails: the user would hear that it was kept."""
    wrapped = agent.tracker_store
    if isinstance(wrapped, FailSafeTrackerStore):
        agent.tracker_store = wrapped._tracker_store
        if agent.processor is not None:
            agent.processor.tracker_store = agent.tracker_store


async def answer(agent: Agent, message: UserMessage, key: str) -> list[Any]:
    """Answer a message, once.

    Args:
        agent: Rasa.
        message: what was said, by whom.
        key: id that the browser gave it, "" when none.

    Returns:
        The replies; those given before when the message was answered before.

    Raises:
        LockError: it did not become this message's turn.
        StoreError: the database cannot be used; nothing was kept.
        Conflict: another server kept going on with the same conversation.
    """
    for tries_left in reversed(range(TRIES)):
        async with agent.lock_store.lock(message.sender_id):
            message.output_channel = CollectingOutputChannel()
            token = CURRENT.set(Exchange(key, message.output_channel.messages)) if key else None
            try:
                await agent.processor.handle_message(message)
            except Answered as before:
                metrics.MESSAGES.labels("again").inc()
                return before.replies
            except Conflict:
                metrics.MESSAGES.labels("conflict").inc()
                if not tries_left:
                    raise
            else:
                metrics.MESSAGES.labels("answered").inc()
                return list(message.output_channel.messages)
            finally:
                if token is not None:
                    CURRENT.reset(token)
    raise AssertionError("the last try returns or raises")


class PracticeInput(InputChannel):  # type: ignore[misc]
    """`POST /webhooks/rest/webhook` as Rasa's own, with an `id` in the metadata by which a message is known again.

    What goes wrong is told: 503 with `busy` or `store` when it may be sent again, 500 when it is a mistake of ours.
    """

    @classmethod
    def name(cls) -> str:
        """The name of Rasa's own, for whom it stands in."""
        return "rest"

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """The routes."""
        blueprint = Blueprint("practice_rest")

        @blueprint.listener("after_server_start")  # type: ignore[untyped-decorator]
        async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            _without_fallback(app.ctx.agent)

        @blueprint.route("/", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])  # type: ignore[untyped-decorator]
        async def receive(request: Request) -> HTTPResponse:
            sent = request.json
            if not isinstance(sent, dict):
                raise InvalidUsage("a JSON object is expected")
            metadata = sent.get("metadata")
            message = UserMessage(
                _whole(sent.get("message")),
                sender_id=sent.get("sender"),
                input_channel=sent.get("input_channel") or self.name(),
                metadata=metadata,
            )
            with metrics.MESSAGE_TIME.time():
                return await _respond(request.app.ctx.agent, message, _id(metadata))

        return blueprint


def _whole(text: Any) -> Any:
    """A text without halves of characters, which no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else text


def _id(metadata: Any) -> str:
    """The id of a message, "" when it has none that can be kept."""
    found = metadata.get("id") if isinstance(metadata, dict) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


async def _respond(agent: Agent, message: UserMessage, key: str) -> HTTPResponse:
    if not agent.is_ready():
        return _failed("busy", 503)
    began = time.perf_counter()
    try:
        return json(await answer(agent, message, key))
    except (LockError, Conflict) as error:
        _log.warning("a message was not answered: %s after %.1f s", type(error).__name__, time.perf_counter() - began)
        return _failed("busy", 503)
    except StoreError as error:
        _log.error("a message was not kept: %s", type(error.__cause__).__name__)
        return _failed("store", 503)
    except Exception as error:  # whatever it is: nothing was kept, and the web app has a sentence for it
        _log.error("a message was not answered", exc_info=error)
        return _failed("failed", 500)


def _failed(how: str, status: int) -> HTTPResponse:
    metrics.MESSAGES.labels(how).inc()
    return json({"error": how}, status=status)
