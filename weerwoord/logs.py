"""Logs in lines of JSON, without a word of what a user typed."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from typing import Any

OURS = "weerwoord"
_QUIET = ("uvicorn.access", "sanic.access")  # they hold the secret number of a conversation


class JsonLines(logging.Formatter):
    """A record as one line of JSON.

    What other packages say may quote a user (a parse that failed, the values of an SQL statement), so of them only the
    place is told. Of an error the type and where it happened are told, not its text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{record.msecs:03.0f}Z",
            "level": record.levelname,
            "logger": record.name,
        }
        if record.name.partition(".")[0] == OURS:
            line["event"] = record.getMessage()
            line.update(getattr(record, "figures", {}))
        else:
            line["event"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _types(record.exc_info[1])
            line["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])][-8:]
        return json.dumps(line, ensure_ascii=False)


def _types(error: BaseException) -> str:
    """The type of an error and of what caused it."""
    names: list[str] = []
    here: BaseException | None = error
    while here is not None and len(names) < 5:
        names.append(type(here).__name__)
        here = here.__cause__ or here.__context__
    return " < ".join(names)


def set_up(level: str) -> None:
    """Write all logs of this process to the standard error output, and nothing by another way.

    Args:
        level: the lowest that is written of ours: DEBUG, INFO, WARNING or ERROR; of others only what went wrong is.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for name in list(logging.root.manager.loggerDict):
        found = logging.getLogger(name)
        found.handlers.clear()
        found.setLevel(logging.NOTSET)
        found.propagate = True
    logging.captureWarnings(True)  # Rasa puts what it could not parse in a warning
    for name in _QUIET:
        logging.getLogger(name).disabled = True
    logging.getLogger(OURS).setLevel(level)
