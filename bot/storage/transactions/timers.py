"""Timers: one for each conversation, set by its newest turn, gone with the turn that it makes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.clock import milliseconds
from bot.storage import Due, Scope, Unreadable
from bot.storage.codec import dump, load
from bot.storage.schema import timer
from bot.storage.statements import Statement, Step, run
from dialogs.events import Origin
from dialogs.replies import Effect, SetTimer, StopTimer

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_SET = Statement(
    sa.text(
        "INSERT INTO timer (conversation, platform, name, origin, due_at)"
        " VALUES (:where, :platform, :name, :origin, :at)"
        " ON CONFLICT (conversation) DO UPDATE SET platform = excluded.platform,"
        " name = excluded.name, origin = excluded.origin, due_at = excluded.due_at"
    )
)
_delete = sa.delete(timer).where(timer.c.conversation == given("where"))
_STOP = Statement(_delete)
_TAKE = Statement(
    _delete.where(timer.c.due_at == given("at"), timer.c.name == given("name")).returning(
        timer.c.conversation
    )
)
_DUE = (
    sa.select(timer)
    .where(timer.c.due_at <= given("now"), timer.c.platform.in_(given("platforms", expanding=True)))
    .order_by(timer.c.due_at)
    .limit(given("limit"))
)


def obeying(origin: Origin, effects: Sequence[Effect]) -> list[Step]:
    """Return what sets or stops the conversation's timer: it has one, as the last effect says."""
    where = {"where": origin.conversation}
    for effect in reversed(effects):
        match effect:
            case SetTimer(timer=name, at=at):
                values = {"platform": origin.platform, "name": name, "at": milliseconds(at)}
                return [(_SET, where | values | {"origin": dump(origin)})]
            case StopTimer():
                return [(_STOP, where)]
    return []


def take(db: sa.Connection, due: Due) -> bool:
    """Delete a timer; False when it was taken, stopped or set anew meanwhile."""
    where = {"where": due.origin.conversation, "at": due.at, "name": due.timer}
    return bool(run(db, _TAKE, where))


def run_out(db: sa.Connection, scope: Scope, now: int, limit: int) -> Sequence[Due]:
    """See `Store.timers`. One that cannot be read is dropped: nobody could ever act on it."""
    values = {"now": now, "platforms": sorted(scope.platforms), "limit": limit}
    due = []
    for row in db.execute(_DUE, values).all():
        try:
            due.append(Due(origin=load(row.origin), timer=row.name, at=row.due_at))
        except Unreadable:
            run(db, _STOP, {"where": row.conversation})
    return due
