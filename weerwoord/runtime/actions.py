"""Custom actions inside the Rasa process, without a second server."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from weerwoord import metrics
from weerwoord.messages import message
from weerwoord.runtime.slim import Checked

LIMIT = 10.0  # seconds for one action; ours take milliseconds
THREADS = 16  # an action that hangs keeps one of them for ever

_log = logging.getLogger(__name__)


class ActionsInProcess(EndpointConfig):  # type: ignore[misc]
    """Looks like an action endpoint to Rasa, and runs the actions here, beside the event loop: one that hangs does not
    delay other conversations.

    What comes out is made JSON and read again, as over HTTP: an answer that cannot be kept fails here and now. What
    goes in is given as it is, because it would cost more than most actions; actions only read it.
    """

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="inprocess://actions", enable_selective_domain=True)
        self.executor = ActionExecutor()
        self.executor.register_package(package)
        self._threads = ThreadPoolExecutor(THREADS, "action")
        self._mine = threading.local()

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that Rasa asks for.

        An action that raises, hangs or returns nonsense changes nothing and answers with a sentence, also to a channel
        without a page before it.
        """
        call = kwargs["json"]
        running = asyncio.get_running_loop().run_in_executor(self._threads, self._run, call)
        try:
            return await asyncio.wait_for(running, LIMIT)
        except ActionExecutionRejection as error:
            told = {"action_name": error.action_name, "error": error.message}
            raise ClientResponseError(400, "rejected", json.dumps(told)) from error
        except ActionNotFoundException as error:
            told = {"action_name": error.action_name, "error": error.message}
            raise ClientResponseError(404, "not found", json.dumps(told)) from error
        except asyncio.TimeoutError as error:
            return _failed(call, "hung", error)
        except _Nonsense as error:
            return _failed(call, "nonsense", error)
        except Exception as error:  # whatever it is: the user reads a sentence, and the talk stands as it stood
            return _failed(call, "raised", error)

    def _run(self, call: dict[str, Any]) -> Any:
        """Run an action in a thread, each with an event loop of its own."""
        if not hasattr(self._mine, "loop"):
            self._mine.loop = asyncio.new_event_loop()
        result = self._mine.loop.run_until_complete(self.executor.run(call))
        try:
            plain = json.loads(json.dumps(result))
            RemoteAction._validate_action_result(None, plain)
            return Checked(plain)
        except Exception as error:
            raise _Nonsense from error


class _Nonsense(Exception):
    """What an action returned is no answer."""


def _failed(call: dict[str, Any], kind: str, error: Exception) -> dict[str, Any]:
    name = str(call.get("next_action"))
    metrics.ACTION_FAULTS.labels(name, kind).inc()
    _log.error("action %s: %s", name, kind, exc_info=error)
    return {"events": [], "responses": [{"text": message("web.errors.ours")}]}
