"""The outbox: who takes what, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from adapters.base import Receipt
from bot.storage import Backlog, Outgoing, Scope, Unreadable
from bot.storage.codec import load
from bot.storage.lanes import OF_PLATFORMS, effects_lane
from bot.storage.naming import card_of, line_of
from bot.storage.schema import conversation, dead_letter, outbox
from bot.storage.statements import Statement, Step, run, together
from bot.storage.transactions import cards
from dialogs.events import Event

_earlier = outbox.alias()
_HERE = outbox.c.lane.in_([given("here"), given("effects")]), outbox.c.conversation == given("here")
_HEADS = (
    sa.select(outbox.c.id)
    .where(
        outbox.c.due_at <= given("now"),
        ~sa.exists().where(_earlier.c.lane == outbox.c.lane, _earlier.c.id < outbox.c.id),
    )
    .order_by(outbox.c.id)
    .limit(given("limit"))
    .with_for_update(skip_locked=True, of=outbox)
)


@cache
def _claiming(platforms: frozenset[str], *, here: bool) -> Statement:
    """Return what leases the heads of lanes, of replies those to `platforms`."""
    ours = sa.or_(
        sa.and_(*(outbox.c.kind != kind for kind in sorted(OF_PLATFORMS))),
        *(outbox.c.platform == platform for platform in sorted(platforms)),
    )
    heads = _HEADS.where(ours, *(_HERE if here else ()))
    # Materialised, PostgreSQL locks the rows once, whatever plan it makes of the rest.
    chosen = heads.cte("heads").prefix_with("MATERIALIZED", dialect="postgresql")
    return Statement(
        sa.update(outbox)
        .where(outbox.c.id.in_(sa.select(chosen.c.id)))
        .values(due_at=given("until"), owner=given("worker"), attempts=outbox.c.attempts + 1)
        .returning(*outbox.c["id", "key", "lane", "origin", "item", "attempts"])
    )


_ROW = outbox.c.id == given("row")
_LEASED = (_ROW, outbox.c.owner == given("worker"), outbox.c.due_at == given("leased"))
_POSTPONE = (
    sa.update(outbox)
    .where(*_LEASED)
    .values(due_at=given("due"), owner=None, last_error=given("error"))
)
_RELEASE = sa.update(outbox).where(outbox.c.owner == given("worker"))
_GIVE_BACK = (
    sa.update(outbox)
    .where(*_LEASED)
    .values(due_at=given("now"), owner=None, attempts=outbox.c.attempts - 1)
)
_LEFT = Statement(
    sa.select(*outbox.c["id", "key"]).where(
        outbox.c.conversation == given("where"),
        outbox.c.owner == given("worker"),
        outbox.c.lane.in_([given("where"), given("effects")]),
    )
)
_LET_GO = Statement(
    sa.update(outbox).where(_ROW).values(due_at=given("now"), owner=None, attempts=0)
)
_other = outbox.alias()
_GONE = Statement(
    sa.delete(outbox)
    .where(_ROW)
    .returning(sa.exists().where(_other.c.lane == given("lane"), _other.c.id != given("row")))
)
"""Tells whether its lane holds more; leaving itself out, it may look before or after it goes."""
_ROUTE = Statement(
    sa.update(conversation).where(conversation.c.id == given("where")).values(route=given("route"))
)
_BACKLOG = sa.select(
    sa.select(sa.func.count()).select_from(outbox).scalar_subquery(),
    sa.select(sa.func.min(outbox.c.due_at)).scalar_subquery(),
    sa.select(sa.func.count()).select_from(dead_letter).scalar_subquery(),
)
_DELETE = sa.delete(outbox).where(_ROW)
_KEPT = [c.name for c in dead_letter.c if c.name not in ("last_error", "died_at")]
_BURY = sa.insert(dead_letter).from_select(
    [*_KEPT, "last_error", "died_at"],
    sa.select(
        *(outbox.c[name] for name in _KEPT),
        given("error", type_=sa.Text),
        given("now", type_=sa.BigInteger),
    ).where(_ROW, outbox.c.fleeting == 0),
)


def claim(
    db: sa.Connection, worker: str, scope: Scope, now: int, until: int, limit: int
) -> Sequence[Outgoing]:
    """See `Store.claim`. What cannot be read is put aside at once: it would block its lane."""
    values: dict[str, object] = {
        "now": now,
        "until": until,
        "limit": limit,
        "worker": worker,
    }
    statement = _claiming(scope.platforms, here=scope.conversation is not None)
    claimed = []
    rows = run(db, statement, values | _here(scope))
    for id, key, lane, whence, what, attempts in sorted(map(tuple, rows)):
        try:
            origin, item = load(whence), load(what)
        except Unreadable as error:
            bury(db, id, now, str(error))
        else:
            known = cards.shown_for(db, origin, item)
            claimed.append(
                Outgoing(
                    id=id,
                    key=key,
                    lane=lane,
                    origin=origin,
                    item=item,
                    attempts=attempts,
                    leased_until=until,
                    shown=known.get(card_of(item)),
                    before=known.get(line_of(item)),
                )
            )
    return claimed


def done(db: sa.Connection, outgoing: Outgoing, receipt: Receipt | None) -> bool:
    """See `Store.done`. A lost lease does not matter: it was done."""
    steps: list[Step] = [(_GONE, {"row": outgoing.id, "lane": outgoing.lane})]
    steps += cards.keeping(outgoing, receipt)
    if receipt and receipt.route:
        route = json.dumps(dict(receipt.route), ensure_ascii=False)
        steps.append((_ROUTE, {"where": outgoing.origin.conversation, "route": route}))
    return any(more for (more,) in together(db, *steps)[0])


def postpone(db: sa.Connection, worker: str, outgoing: Outgoing, due: int, error: str) -> None:
    """See `Store.postpone`."""
    db.execute(_POSTPONE, _lease_of(outgoing, worker) | {"due": due, "error": error})


def give_back(db: sa.Connection, worker: str, outgoing: Sequence[Outgoing], now: int) -> None:
    """See `Store.give_back`."""
    for one in outgoing:
        db.execute(_GIVE_BACK, _lease_of(one, worker) | {"now": now})


def let_go(db: sa.Connection, worker: str, event: Event, now: int) -> None:
    """Give back what the turn of `event` has leased to `worker`."""
    where = event.origin.conversation
    values = {"where": where, "effects": effects_lane(where), "worker": worker}
    for id, key in run(db, _LEFT, values):
        if key.rpartition(":")[0] == event.id:
            run(db, _LET_GO, {"row": id, "now": now})


def backlog(db: sa.Connection) -> Backlog:
    """See `Store.backlog`."""
    waiting, oldest, dead = db.execute(_BACKLOG).one()
    return Backlog(waiting=waiting, oldest=oldest, dead=dead)


def bury(db: sa.Connection, row: int, now: int, error: str) -> None:
    """See `Store.bury`."""
    db.execute(_BURY, {"row": row, "now": now, "error": error})
    db.execute(_DELETE, {"row": row})


def release(db: sa.Connection, worker: str, scope: Scope, now: int) -> int:
    """See `Store.release`."""
    statement = _RELEASE if scope.conversation is None else _RELEASE.where(*_HERE)
    values = {"worker": worker} | _here(scope)
    return db.execute(statement.values(due_at=now, owner=None), values).rowcount


def _here(scope: Scope) -> dict[str, str]:
    where = scope.conversation
    return {} if where is None else {"here": where, "effects": effects_lane(where)}


def _lease_of(outgoing: Outgoing, worker: str) -> dict[str, object]:
    return {"row": outgoing.id, "worker": worker, "leased": outgoing.leased_until}
