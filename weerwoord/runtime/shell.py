"""`make shell`: the same conversation in Rasa's own shell, with the action server beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from weerwoord.messages import message
from weerwoord.settings import settings


def run() -> int:
    """Start Rasa's action server, then its shell; stop both together.

    Returns:
        The exit code.
    """
    s = settings()
    if not s.model.is_file():
        print(message("setup.no_model"), file=sys.stderr)
        return 1
    env = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": "127.0.0.1",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    rasa = str(Path(sys.executable).with_name("rasa"))
    quiet = subprocess.DEVNULL
    actions = subprocess.Popen([rasa, "run", "actions"], cwd=s.root, env=env, stdout=quiet, stderr=quiet)
    try:
        return subprocess.call([rasa, "shell", "-m", str(s.model), "--quiet"], cwd=s.root, env=env)
    except KeyboardInterrupt:
        return 0
    finally:
        actions.terminate()
        actions.wait()


if __name__ == "__main__":
    sys.exit(run())
