"""What was decided, on its way: rows in lanes, each lane one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage import Lease, Outgoing, Person, Shown
from bot.storage.codec import dump
from bot.storage.keys import person_key
from bot.storage.lanes import OF_PLATFORMS, Item, effects_lane, kind_of, lane_of
from bot.storage.naming import card_of, line_of
from bot.storage.schema import outbox
from bot.storage.statements import Row, Rows, Statement, Step, run, together
from bot.storage.transactions import cards
from dialogs.events import Origin

_PUT = Rows(outbox, "id", [c.name for c in outbox.c if c.name not in ("id", "last_error")])


def _waits(lane: str) -> sa.Exists:
    return sa.exists().where(outbox.c.lane == given(lane))


_BUSY = Statement(sa.select(_waits("lane"), _waits("effects")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Items by key, in order, all from one place."""

    origin: Origin
    items: Mapping[str, Item]
    fleeting: bool = False
    """It leaves no trace, not even when it cannot be delivered."""
    person: str | None = None
    """The key of whose words they are, if not those of whoever `origin` names."""
    worker: str | None = None
    """Who gets the lease."""
    lease: Lease | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """What stands in a parcel's way, and what it changes."""

    free: frozenset[str] = frozenset()
    """Lanes that may be leased at once: nothing waits there, and it can be sent here."""
    cards: Mapping[str, Shown | None] = field(default_factory=dict)
    """Where that is shown which the items change or take the place of, by its token."""


def put(db: sa.Connection, parcel: Parcel, now: int) -> tuple[Outgoing, ...]:
    """Leave `parcel` to whoever delivers; return what its worker has leased of it."""
    if not parcel.items:
        return ()
    way = look(db, parcel)
    return handed(parcel, way, run(db, *putting(parcel, way, now)))


def look(db: sa.Connection, parcel: Parcel) -> Way:
    """Return how the way is; only a locked conversation's stays as it is."""
    if parcel.lease is None or not parcel.items:
        return Way()
    where, items = parcel.origin.conversation, parcel.items
    names = cards.tokens(items.values())
    busy, *found = together(
        db,
        (_BUSY, {"lane": where, "effects": effects_lane(where)}),
        *(cards.finding(parcel.origin, token) for token in names),
    )
    ((here, beside),) = busy
    lanes = {where} if not here else set()
    lanes |= {effects_lane(where)} if not beside else set()
    if parcel.origin.platform not in parcel.lease.platforms:
        lanes -= {lane_of(it, where) for it in items.values() if kind_of(it) in OF_PLATFORMS}
    return Way(frozenset(lanes), dict(zip(names, map(cards.found, found), strict=True)))


def putting(parcel: Parcel, way: Way, now: int) -> Step:
    """Return what puts `parcel` into the outbox."""
    origin, lease = parcel.origin, parcel.lease
    shared = {
        "conversation": origin.conversation,
        "platform": origin.platform,
        "person": parcel.person or person_key(Person.of(origin)),
        "origin": dump(origin),
        "put_at": now,
        "fleeting": int(parcel.fleeting),
    }
    waiting = {"due_at": now, "owner": None, "attempts": 0}
    leased = {"due_at": lease.until if lease else now, "owner": parcel.worker, "attempts": 1}
    return _PUT, [
        shared
        | (leased if (lane := lane_of(item, origin.conversation)) in way.free else waiting)
        | {"kind": kind_of(item), "lane": lane, "key": key, "item": dump(item)}
        for key, item in parcel.items.items()
    ]


def handed(parcel: Parcel, way: Way, ids: Sequence[Row]) -> tuple[Outgoing, ...]:
    """Return what the worker has leased of what got `ids`."""
    if parcel.lease is None:
        return ()
    return tuple(
        Outgoing(
            id=id,
            key=key,
            lane=lane,
            origin=parcel.origin,
            item=item,
            attempts=1,
            leased_until=parcel.lease.until,
            shown=way.cards.get(card_of(item)),
            before=way.cards.get(line_of(item)),
        )
        for (id,), (key, item) in zip(ids, parcel.items.items(), strict=True)
        if (lane := lane_of(item, parcel.origin.conversation)) in way.free
    )
