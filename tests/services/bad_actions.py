"""An assistant of which some actions are broken: started by a test instead of `weerwoord.runtime.assistant`."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from weerwoord.runtime import assistant


def _raise(self: Any, dispatcher: Any, tracker: Any, domain: Any) -> Any:
    raise RuntimeError("een fout in een actie")


def _hang(self: Any, dispatcher: Any, tracker: Any, domain: Any) -> Any:
    time.sleep(600)


def _nonsense(self: Any, dispatcher: Any, tracker: Any, domain: Any) -> Any:
    return [{"event": "nonsense", "value": 7}]


def _no_answer(self: Any, dispatcher: Any, tracker: Any, domain: Any) -> Any:
    return [object()]


def main() -> None:
    from actions import practice, session

    practice.ActionHint.run = _raise  # type: ignore[method-assign]
    practice.ActionDebrief.run = _hang  # type: ignore[method-assign]
    practice.ActionTryAgain.run = _nonsense  # type: ignore[method-assign]
    session.ActionHelp.run = _no_answer  # type: ignore[method-assign]
    asyncio.set_event_loop(asyncio.new_event_loop())
    assistant.serve()


if __name__ == "__main__":
    main()
