"""A log line says what happened and where, never what somebody typed."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from weerwoord.settings import ROOT

WORD = "geheimwoord"
PROGRAM = f"""
import logging, warnings, sys
from weerwoord import logs
logging.getLogger("rasa.core").addHandler(logging.StreamHandler())
logs.set_up("INFO")
logging.getLogger("weerwoord.web").info("request", extra={{"figures": {{"status": 200}}}})
logging.getLogger("rasa.core").error("cannot parse {WORD}")
logging.getLogger("sqlalchemy").warning("values %s", "{WORD}")
logging.getLogger("sanic.access").warning("/conversations/{WORD}/tracker")
warnings.warn("cannot read {WORD}")
try:
    raise ValueError("{WORD}") from KeyError("{WORD}")
except ValueError:
    logging.getLogger("weerwoord.web").exception("failed")
"""


def test_nothing_that_was_typed_is_written() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert WORD not in done.stderr + done.stdout
    assert [line["logger"] for line in lines] == [
        "weerwoord.web",
        "rasa.core",
        "sqlalchemy",
        "py.warnings",
        "weerwoord.web",
    ]
    assert lines[0]["event"] == "request" and lines[0]["status"] == 200
    assert lines[-1]["error"] == "ValueError < KeyError" and lines[-1]["at"]


def test_the_level_counts_for_ours() -> None:
    program = (
        "from weerwoord import logs; import logging; logs.set_up('ERROR'); logging.getLogger('weerwoord').warning('x')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr == "" and logging.getLevelName("ERROR") == 40
