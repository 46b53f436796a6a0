"""The web app as a process of its own."""

from __future__ import annotations

import uvicorn

from weerwoord import logs
from weerwoord.settings import settings
from weerwoord.web.app import create_app


def serve() -> None:
    """Serve the web app on the address of the settings."""
    s = settings()
    logs.set_up(s.log_level)
    uvicorn.run(
        create_app(s),
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
