"""Custom actions inside the Rasa process, without a second server."""

from __future__ import annotations

import json
import logging
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from weerwoord.messages import message

_log = logging.getLogger(__name__)


class ActionsInProcess(EndpointConfig):  # type: ignore[misc]
    """Looks like an action endpoint to Rasa, and runs the actions here.

    What comes out is made JSON and read again, as over HTTP: an answer that cannot be kept fails here and now. What
    goes in is given as it is, because it would cost more than most actions; actions only read it.
    """

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="inprocess://actions", enable_selective_domain=True)
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that Rasa asks for.

        An action that fails changes nothing and answers with a sentence, also to a channel without a page before it.
        """
        call = kwargs["json"]
        try:
            result = await self.executor.run(call)
        except ActionExecutionRejection as error:
            told = {"action_name": error.action_name, "error": error.message}
            raise ClientResponseError(400, "rejected", json.dumps(told)) from error
        except ActionNotFoundException as error:
            told = {"action_name": error.action_name, "error": error.message}
            raise ClientResponseError(404, "not found", json.dumps(told)) from error
        except Exception:  # whatever it is: the user reads a sentence, and the talk stands as it stood
            _log.exception("action %s", call.get("next_action"))
            return {"events": [], "responses": [{"text": message("web.errors.ours")}]}
        return json.loads(json.dumps(result))
