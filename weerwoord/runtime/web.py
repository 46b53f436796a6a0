"""The web app as a process of its own."""

from __future__ import annotations

import uvicorn

from weerwoord.settings import settings
from weerwoord.web.app import create_app


def serve() -> None:
    """Serve the web app on the address of the settings."""
    s = settings()
    uvicorn.run(create_app(s), host=s.host, port=s.port, ws="none", log_level=s.log_level.lower())


if __name__ == "__main__":
    serve()
