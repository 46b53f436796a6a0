"""An assistant of which some actions are broken: started by a test instead of `weerwoord.runtime.assistant`."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from weerwoord.runtime import assistant


def _raise(*_: Any) -> Any:
    raise RuntimeError("een fout in een actie")


def _hang(*_: Any) -> Any:
    time.sleep(600)


def _nonsense(*_: Any) -> Any:
    return [{"event": "nonsense", "value": 7}]


def main() -> None:
    from actions import practice, session

    practice.ActionHint.run = _raise  # type: ignore[method-assign]
    practice.ActionDebrief.run = _hang  # type: ignore[method-assign]
    practice.ActionTryAgain.run = _nonsense  # type: ignore[method-assign]
    session.ActionHelp.run = lambda *_: object()  # type: ignore[assignment,method-assign,return-value]
    asyncio.set_event_loop(asyncio.new_event_loop())
    assistant.serve()


if __name__ == "__main__":
    main()
