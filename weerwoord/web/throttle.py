"""Not too often: who keeps guessing has to wait."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

REMEMBERED = 10_000  # of who guessed last


class Throttle:
    """Counts mistakes by who made them.

    Args:
        limit: mistakes allowed in a period.
        period: seconds.
        clock: seconds that only go up, for tests.
    """

    def __init__(self, limit: int, period: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._period = period
        self._clock = clock
        self._mistakes: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, who: str) -> bool:
        """Whether one more try may be made."""
        made = self._mistakes.get(who, deque())
        while made and made[0] <= self._clock() - self._period:
            made.popleft()
        return len(made) < self._limit

    def mistake(self, who: str) -> None:
        """Count a mistake."""
        self._mistakes.setdefault(who, deque(maxlen=self._limit)).append(self._clock())
        self._mistakes.move_to_end(who)
        while len(self._mistakes) > REMEMBERED:
            self._mistakes.popitem(last=False)
