"""Desk channels."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.storage import DeskDecide, Person
from bot.storage.codec import dump, load
from bot.storage.keeping import Act, Deed
from bot.storage.schema import desk as table
from bot.storage.statements import Row, Statement, Step, run
from bot.storage.transactions import audit, inbox
from bot.storage.transactions.outbox import Parcel, put
from dialogs.events import Event
from dialogs.ticket import Desk

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_PUT = sa.text(
    "INSERT INTO desk (key, at, value) VALUES (:key, :at, :value)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_REMOVE = sa.delete(table).where(table.c.key == sa.bindparam("key"))
ALL: Step = Statement(sa.select(table.c.value).order_by(table.c.at, table.c.key)), {}
"""Finds every desk."""


def everyone(db: sa.Connection) -> tuple[Desk, ...]:
    """See `Desks.list`."""
    return found(run(db, *ALL))


def found(rows: Sequence[Row]) -> tuple[Desk, ...]:
    """Return the desks that `ALL` has found."""
    return tuple(load(value) for (value,) in rows)


def change(db: sa.Connection, event: Event, decide: DeskDecide, now: int) -> bool:
    """See `Desks.change`."""
    if not inbox.take(db, event, now):
        return False
    step = decide(everyone(db))
    put(db, Parcel(origin=event.origin, items={f"{event.id}:0": step.said}), now)
    if (made := step.put) is not None:
        db.execute(_PUT, {"key": made.key, "at": now, "value": dump(made)})
        _record(db, event, "desk-on", made.key, now)
    if step.remove is not None and db.execute(_REMOVE, {"key": step.remove}).rowcount:
        _record(db, event, "desk-off", step.remove, now)
    return True


def _record(db: sa.Connection, event: Event, what: Deed, about: str, now: int) -> None:
    audit.record(db, Act(at=now, who=Person.of(event.origin), what=what, about=about))
