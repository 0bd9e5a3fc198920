"""Not faster than Teams allows, so that nothing is refused that could have waited a moment.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from adapters.recent import Recent

IN_A_THREAD = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
"""Messages in so many seconds, per conversation."""
IN_A_TENANT = ((50, 1.0),)
"""Requests in so many seconds, of one app in one tenant."""
_MOST = 10_000
"""Places that are remembered."""

Limits = tuple[tuple[int, float], ...]


@dataclass(slots=True)
class Pacing:
    """Counts what is sent to each place."""

    limits: Limits
    _sent: Recent[str, deque[float]] = field(default_factory=lambda: Recent(_MOST))

    def wait(self, place: str, now: float) -> float:
        """Return the seconds that the next message to `place` must wait; 0 takes the turn."""
        sent = self._sent.get(place) or deque(maxlen=max(most for most, _ in self.limits))
        self._sent[place] = sent
        pause = max(
            (sent[-most] + seconds - now for most, seconds in self.limits if len(sent) >= most),
            default=0.0,
        )
        if pause > 0:
            return pause
        sent.append(now)
        return 0.0
