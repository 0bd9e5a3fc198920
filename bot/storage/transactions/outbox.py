"""What was decided, on its way: rows in lanes, each lane one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage import Lease, Outgoing, Person
from bot.storage.codec import dump
from bot.storage.keys import person_key
from bot.storage.lanes import OF_PLATFORMS, Item, kind_of, lane_of
from bot.storage.schema import outbox
from bot.storage.transactions import cards
from dialogs.events import Origin

_PUT = sa.insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True)
_BUSY = sa.select(outbox.c.id).where(outbox.c.lane == given("lane")).limit(1)


def put(
    db: sa.Connection,
    origin: Origin,
    items: Mapping[str, Item],
    now: int,
    *,
    fleeting: bool = False,
    worker: str | None = None,
    lease: Lease | None = None,
    person: str | None = None,
) -> tuple[Outgoing, ...]:
    """Leave `items` (by key, in order) to whoever delivers; return what `worker` has leased of it.

    What is `fleeting` leaves no trace, not even when it cannot be delivered. `person` (a key) is
    whose words they are, if not those of whoever `origin` names.
    """
    if not items:
        return ()
    lanes = {key: lane_of(item, origin.conversation) for key, item in items.items()}
    free = frozenset(_free(db, lanes, items, origin, lease))
    shared = {
        "conversation": origin.conversation,
        "platform": origin.platform,
        "person": person or person_key(Person.of(origin)),
        "origin": dump(origin),
        "put_at": now,
        "fleeting": int(fleeting),
    }
    waiting = {"due_at": now, "owner": None, "attempts": 0}
    leased = {"due_at": lease.until if lease else now, "owner": worker, "attempts": 1}
    rows = [
        shared
        | (leased if lanes[key] in free else waiting)
        | {"kind": kind_of(item), "lane": lanes[key], "key": key, "item": dump(item)}
        for key, item in items.items()
    ]
    ids = db.execute(_PUT, rows).scalars().all()
    return tuple(
        Outgoing(
            id=id,
            key=key,
            lane=lanes[key],
            origin=origin,
            item=item,
            attempts=1,
            leased_until=lease.until,
            shown=cards.shown_for(db, origin, item),
            before=cards.before(db, origin, item),
        )
        for id, (key, item) in zip(ids, items.items(), strict=True)
        if lease and lanes[key] in free
    )


def _free(
    db: sa.Connection,
    lanes: Mapping[str, str],
    items: Mapping[str, Item],
    origin: Origin,
    lease: Lease | None,
) -> Iterator[str]:
    """Yield the lanes that may be leased at once: nothing waits there, and it can be sent here."""
    if lease is None:
        return
    may = set(lanes.values())
    if origin.platform not in lease.platforms:
        may -= {lanes[key] for key, item in items.items() if kind_of(item) in OF_PLATFORMS}
    for lane in may:
        if db.execute(_BUSY, {"lane": lane}).first() is None:
            yield lane
