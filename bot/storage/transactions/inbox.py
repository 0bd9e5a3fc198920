"""Which events were taken: each is taken once."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.keys import digest
from bot.storage.statements import Statement, Step, run
from dialogs.events import Event

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_TAKE = Statement(
    sa.text(
        "INSERT INTO inbox (event, received_at) VALUES (:event, :at)"
        " ON CONFLICT DO NOTHING RETURNING event"
    )
)


def taking(event: Event, now: int) -> Step:
    """Return what takes `event`: it tells nothing when that was taken before."""
    return _TAKE, {"event": digest(event.id), "at": now}


def take(db: sa.Connection, event: Event, now: int) -> bool:
    """Take `event`; False when it was taken before."""
    return bool(run(db, *taking(event, now)))
