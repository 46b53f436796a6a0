"""`weerwoord serve`: the practice page and the assistant behind it, until Ctrl-C."""

from __future__ import annotations

import sys


def serve() -> None:
    """Serve the practice page; the exit code is 1 when something is in the way."""
    from weerwoord.runtime.serve import run

    sys.exit(run())
