"""Desk channels."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage import Person
from bot.storage.codec import dump, load
from bot.storage.keeping import Act, Deed
from bot.storage.schema import desk as table
from bot.storage.transactions import audit, inbox
from bot.storage.transactions.outbox import put as leave
from dialogs.events import Event
from dialogs.replies import Reply
from dialogs.ticket import Desk

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_PUT = sa.text(
    "INSERT INTO desk (key, at, value) VALUES (:key, :at, :value)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_ALL = sa.select(table.c.value).order_by(table.c.at, table.c.key)


def everyone(db: sa.Connection) -> tuple[Desk, ...]:
    """See `Desks.list`."""
    return tuple(load(value) for value in db.execute(_ALL).scalars())


def put(db: sa.Connection, desk: Desk, event: Event, said: Reply, now: int) -> bool:
    """See `Desks.put`."""
    if not say(db, event, said, now):
        return False
    db.execute(_PUT, {"key": desk.key, "at": now, "value": dump(desk)})
    _record(db, event, "desk-on", desk.key, now)
    return True


def remove(db: sa.Connection, key: str, event: Event, said: Reply, now: int) -> bool:
    """See `Desks.remove`."""
    if not say(db, event, said, now):
        return False
    if db.execute(sa.delete(table).where(table.c.key == key)).rowcount:
        _record(db, event, "desk-off", key, now)
    return True


def say(db: sa.Connection, event: Event, said: Reply, now: int) -> bool:
    """See `Desks.say`."""
    if not inbox.take(db, event, now):
        return False
    leave(db, event.origin, {f"{event.id}:0": said}, now)
    return True


def _record(db: sa.Connection, event: Event, what: Deed, about: str, now: int) -> None:
    audit.record(db, Act(at=now, who=Person.of(event.origin), what=what, about=about))
