"""In the place of `rasa.telemetry`: whatever is to be reported goes nowhere."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any


def _nothing(*args: Any, **kwargs: Any) -> AbstractContextManager[None]:
    return nullcontext()


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _nothing
