"""The outbox as its administrator sees it: what waits, what was put aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.clock import from_milliseconds
from bot.storage import Unreadable
from bot.storage.codec import load
from bot.storage.keeping import Act, Handled, Letter
from bot.storage.keys import person_of
from bot.storage.schema import dead_letter, outbox
from bot.storage.transactions.audit import record
from bot.storage.transactions.outbox import Parcel, put
from dialogs.events import TicketRefused
from dialogs.replies import Forget, OpenTicket, ReopenTicket

_BITE = 100
_SAME = [c.name for c in dead_letter.c if c.name not in ("id", "attempts", "died_at")]
"""What a letter keeps when it is sent again."""
_HERE = given("row", type_=sa.BigInteger)
_WAITS = sa.select(outbox).where(outbox.c.id == _HERE).with_for_update()
_DIED = sa.select(dead_letter).where(dead_letter.c.id == _HERE).with_for_update()
_HURRY = sa.update(outbox).where(outbox.c.id == _HERE).values(due_at=given("now"))
_DELETE = {table: sa.delete(table).where(table.c.id == _HERE) for table in (outbox, dead_letter)}
_RAISE = sa.delete(dead_letter).returning(*(dead_letter.c[name] for name in ("id", *_SAME)))
_OLDEST = (
    sa.select(dead_letter.c.id)
    .where(dead_letter.c.id <= given("last"))
    .order_by(dead_letter.c.id)
    .limit(_BITE)
)


def oldest(db: sa.Connection, limit: int) -> Sequence[Letter]:
    """See `Letters.list`."""
    found = [
        _letter(row, dead=table is dead_letter)
        for table in (outbox, dead_letter)
        for row in db.execute(sa.select(table).order_by(table.c.id).limit(limit))
    ]
    return sorted(found, key=lambda letter: letter.id)


def get(db: sa.Connection, id: int) -> Letter | None:
    """See `Letters.get`."""
    if found := db.execute(_WAITS, {"row": id}).first():
        return _letter(found, dead=False)
    found = db.execute(_DIED, {"row": id}).first()
    return _letter(found, dead=True) if found else None


def retry(db: sa.Connection, id: int, act: Act) -> Handled:
    """See `Letters.retry`."""
    found = get(db, id)
    if found is None:
        return "unknown"
    if found.leased:
        return "in-hand"
    if found.dead:
        _raise(db, dead_letter.c.id == id, act.at)
    else:
        db.execute(_HURRY, {"row": id, "now": act.at})
    record(db, act)
    return "done"


def newest(db: sa.Connection) -> int:
    """Return the id of the letter that was put aside last, 0 when there is none."""
    return db.execute(sa.select(sa.func.max(dead_letter.c.id))).scalar() or 0


def retry_some(db: sa.Connection, last: int, act: Act) -> int:
    """Do a bite of `Letters.retry_all`, up to the id `last`; return how many it were."""
    ids = db.execute(_OLDEST, {"last": last}).scalars().all()
    raised = _raise(db, dead_letter.c.id.in_(ids), act.at) if ids else 0
    if raised:
        record(db, act)
    return raised


def drop(db: sa.Connection, id: int, act: Act) -> Handled:
    """See `Letters.drop`."""
    found = get(db, id)
    if found is None:
        return "unknown"
    if found.leased:
        return "in-hand"
    origin, item = _read(db, found)
    if isinstance(item, Forget):
        return "must-stay"
    db.execute(_DELETE[dead_letter if found.dead else outbox], {"row": id})
    if isinstance(item, OpenTicket | ReopenTicket):
        at = from_milliseconds(act.at)
        refused = TicketRefused(id=found.key, at=at, origin=origin)
        put(db, Parcel(origin=origin, items={found.key: refused}), act.at)
    record(db, act)
    return "done"


def _raise(db: sa.Connection, which: sa.ColumnElement[bool], now: int) -> int:
    """Move letters back to the outbox; a new id puts each at its lane's end."""
    rows = sorted(db.execute(_RAISE.where(which)).all())
    again = {"due_at": now, "attempts": 0, "fleeting": 0}
    values = [{name: getattr(row, name) for name in _SAME} | again for row in rows]
    if values:
        db.execute(sa.insert(outbox), values)
    return len(rows)


def _read(db: sa.Connection, letter: Letter) -> tuple[Any, Any]:
    """Return origin and item; None for what this version cannot read, which anybody may drop."""
    table = dead_letter if letter.dead else outbox
    origin = db.execute(sa.select(table.c.origin).where(table.c.id == letter.id)).scalar_one()
    try:
        return load(origin), load(letter.item)
    except Unreadable:
        return None, None


def _letter(row: Any, *, dead: bool) -> Letter:
    return Letter(
        id=row.id,
        dead=dead,
        leased=not dead and row.owner is not None,
        kind=row.kind,
        key=row.key,
        conversation=row.conversation,
        person=person_of(row.person),
        attempts=row.attempts,
        error=row.last_error or "",
        put_at=row.put_at,
        at=row.died_at if dead else row.due_at,
        item=row.item,
    )
