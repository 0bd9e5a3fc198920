"""How long things are kept. Pure: somebody else says what time it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import milliseconds
from bot.storage import Person
from bot.storage.keeping import Act, Cut

_INBOX = timedelta(days=7)
"""Platforms give up sending an event again within a day."""
_SHORTEST = timedelta(days=1)
"""What is younger may still be going on."""

_SERVICE = Person("service", "", "timer")


def cut(now: datetime, keep: timedelta) -> Cut:
    """Return what is too old at `now` when everything is kept for `keep`.

    Raises `ValueError` when that is so short that conversations would vanish while they go on.
    """
    if keep < _SHORTEST:
        raise ValueError(f"keep things for {_SHORTEST.days}d at least")
    at = milliseconds(now)
    return Cut(before=at - _milliseconds(keep), inbox_before=at - _milliseconds(_INBOX))


def by_timer(now: datetime, keep: timedelta) -> Act:
    """Return what a running service does at `now`, for the audit."""
    at = milliseconds(now)
    return Act(
        at=at, who=_SERVICE, what="purged", about=f"older than {keep.days}d", key=f"purged:{at}"
    )


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
