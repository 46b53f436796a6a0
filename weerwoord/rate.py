"""How often something is allowed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """What is allowed.

    Attributes:
        count: this often at once, and in each period.
        seconds: length of a period.
    """

    count: int
    seconds: float

    @property
    def gap(self) -> float:
        """Seconds in which room for one more comes free."""
        return self.seconds / self.count

    def take(self, full_until: float, now: float) -> tuple[float, float]:
        """Take one, if there is room (the generic cell rate algorithm: one number a name).

        Args:
            full_until: when all taken so far will have come free again, as returned before; 0 at first.
            now: the same clock, in seconds.

        Returns:
            The new `full_until`, and how many seconds to wait: 0 when it was taken.
        """
        after = max(full_until, now) + self.gap
        wait = after - now - self.seconds
        return (full_until, wait) if wait > 1e-9 else (after, 0.0)
