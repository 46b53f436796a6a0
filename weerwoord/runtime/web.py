"""The web app as a process of its own."""

from __future__ import annotations

import gc
import sys

gc.disable()  # nothing of what is loaded now becomes garbage
sys.modules["httpx._main"] = None  # type: ignore[assignment]  # httpx's own command, with all that draws in a terminal

import uvicorn  # noqa: E402

from weerwoord import logs  # noqa: E402
from weerwoord.settings import settings  # noqa: E402
from weerwoord.web.app import create_app  # noqa: E402


def serve() -> None:
    """Serve the web app on the address of the settings."""
    s = settings()
    logs.set_up(s.log_level)
    app = create_app(s)
    gc.freeze()
    gc.enable()
    uvicorn.run(
        app,
        host=s.host,
        port=s.port,
        ws="none",
        log_config=None,
        access_log=False,
        # only a proxy that the settings name is believed when it says for whom it asks
        proxy_headers=bool(s.trusted_proxies),
        forwarded_allow_ips=list(s.trusted_proxies),
    )


if __name__ == "__main__":
    serve()
