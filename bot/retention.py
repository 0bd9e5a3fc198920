"""How long things are kept. Pure: somebody else says what time it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import in_milliseconds, milliseconds
from bot.storage import Person
from bot.storage.keeping import Act, Cut

_INBOX = timedelta(days=7)
"""Platforms give up sending an event again within a day."""
_SHORTEST = timedelta(days=1)
"""What is younger may still be going on."""

_SERVICE = Person("service", "", "timer")


def cut(now: datetime, keep: timedelta | None) -> Cut:
    """Return what is too old at `now` when everything is kept for `keep` (None: for ever).

    Raises `ValueError` when that is so short that conversations would vanish while they go on.
    """
    if keep is not None and keep < _SHORTEST:
        raise ValueError(f"keep things for {_SHORTEST.days}d at least")
    at = milliseconds(now)
    before = at - in_milliseconds(keep) if keep is not None else 0
    return Cut(before=before, inbox_before=at - in_milliseconds(_INBOX))


def by_timer(now: datetime, keep: timedelta | None) -> Act | None:
    """Return what a running service does at `now`, for the audit.

    None when only ids of events go: nobody asks after those.
    """
    if keep is None:
        return None
    at, about = milliseconds(now), f"older than {keep.days}d"
    return Act(at=at, who=_SERVICE, what="purged", about=about, key=f"purged:{at}")
