"""Which events were taken: each is taken once."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.keys import digest
from dialogs.events import Event

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_TAKE = sa.text(
    "INSERT INTO inbox (event, received_at) VALUES (:event, :at)"
    " ON CONFLICT DO NOTHING RETURNING event"
)


def take(db: sa.Connection, event: Event, now: int) -> bool:
    """Take `event`; False when it was taken before."""
    return db.execute(_TAKE, {"event": digest(event.id), "at": now}).first() is not None
