"""What was decided, on its way: rows in lanes, each lane one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage import Lease, Outgoing, Person
from bot.storage.codec import dump
from bot.storage.keys import effects_lane, person_key
from bot.storage.schema import outbox
from bot.storage.transactions import cards
from dialogs.events import Event, Origin
from dialogs.replies import Effect, Fetch, Forget, Reply

Item = Reply | Effect | Event

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
    lanes = {key: _lane(item, origin) for key, item in items.items()}
    free = frozenset(_free(db, set(lanes.values()), items, origin, lease))
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
        | {"kind": _kind(item), "lane": lanes[key], "key": key, "item": dump(item)}
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
        )
        for id, (key, item) in zip(ids, items.items(), strict=True)
        if lease and lanes[key] in free
    )


def _free(
    db: sa.Connection,
    lanes: set[str],
    items: Mapping[str, Item],
    origin: Origin,
    lease: Lease | None,
) -> Iterator[str]:
    """Yield the lanes that may be leased at once: nothing waits there, and it can be sent here."""
    if lease is None:
        return
    if origin.platform not in lease.platforms:
        lanes -= {_lane(item, origin) for item in items.values() if _kind(item) == "reply"}
    for lane in lanes:
        if db.execute(_BUSY, {"lane": lane}).first() is None:
            yield lane


def _kind(item: Item) -> str:
    if isinstance(item, Event):
        return "event"
    # A file is had from the platform: only a process that knows it can do that, as with replies.
    return "effect" if isinstance(item, Effect) and not isinstance(item, Fetch) else "reply"


def _lane(item: Item, origin: Origin) -> str:
    """Forgetting waits for the replies before it; all other effects go beside them."""
    if isinstance(item, Reply | Forget):
        return origin.conversation
    return effects_lane(origin.conversation)
