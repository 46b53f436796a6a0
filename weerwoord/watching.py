"""Who may see the figures of a server."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

_HERE = ("127.0.0.1", "::1")


def may_see_figures(token: str, address: str, headers: Mapping[str, str]) -> bool:
    """Whether a request for figures is answered.

    Args:
        token: of the settings; "" when only this machine may see them.
        address: where the request comes from.
        headers: of the request. One that a proxy passed on does not come from this machine.
    """
    if token:
        return hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    return address in _HERE and "x-forwarded-for" not in headers
