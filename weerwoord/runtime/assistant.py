"""The assistant: Rasa's own server with our actions in the process, on the settings of this installation."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from typing import Any

from weerwoord import logs
from weerwoord.settings import settings


def _prepare() -> Any:
    """Import Rasa without TensorFlow and read the endpoints; returns them with our actions in them."""
    gc.disable()  # nothing of what is loaded now becomes garbage; looking for it takes a quarter of the start
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a reply is too small to share among threads
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.chdir(settings().root)
    from weerwoord.runtime import slim

    slim.install()
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from weerwoord.runtime.actions import ActionsInProcess

    level = logging.getLevelName(settings().log_level)
    configure_logging_and_warnings(level, None, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(level)
    logs.set_up(settings().log_level)
    slim.quieten()
    slim.quicken()
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.action = ActionsInProcess()
    return endpoints


def _warm_up() -> None:
    """Read now what the first message would have to wait for."""
    from weerwoord.encoder import pieces
    from weerwoord.rubric import rubric
    from weerwoord.runtime import slim
    from weerwoord.scenario import scenarios

    pieces(".")
    rubric()
    scenarios()
    slim.collect_less()


def serve() -> None:
    """Serve the REST channel and Rasa's HTTP API on this machine only."""
    endpoints = _prepare()
    from rasa.core.run import serve_application

    _warm_up()
    s = settings()
    serve_application(
        str(s.model),
        interface=s.assistant_host,
        port=s.assistant_port,
        credentials="credentials.yml",
        enable_api=True,
        endpoints=endpoints,
    )
    os._exit(0)  # an action that hangs keeps its thread, for which Python would wait


async def load_agent() -> Any:
    """The assistant without a server, for a shell or a test."""
    endpoints = _prepare()
    from rasa.core.agent import load_agent as load

    return await load(model_path=str(settings().model), endpoints=endpoints)


if __name__ == "__main__":
    asyncio.set_event_loop(asyncio.new_event_loop())
    serve()
