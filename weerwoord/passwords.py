"""Passwords: kept as argon2id, checked in the same time whether or not there is such an account."""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12  # characters
MAX_LENGTH = 256

_at_once = BoundedSemaphore(2)  # each takes 64 MiB, and whoever floods the log-in must not get it all
_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106 for little memory


def hashed(password: str) -> str:
    """The password as it is kept."""
    return _hasher.hash(password)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hashed("")


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password.

    Args:
        password: as it was typed.
        kept: what `hashed` made; None when there is no such account, which takes as long.
    """
    try:
        with _at_once:
            right = _hasher.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None
