"""Timers: one for each conversation, set by its newest turn, gone with the turn that it makes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.clock import milliseconds
from bot.storage import Due, Scope, Unreadable
from bot.storage.codec import dump, load
from bot.storage.schema import timer
from dialogs.events import Origin
from dialogs.replies import Effect, SetTimer, StopTimer

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_SET = sa.text(
    "INSERT INTO timer (conversation, platform, name, origin, due_at)"
    " VALUES (:where, :platform, :name, :origin, :at)"
    " ON CONFLICT (conversation) DO UPDATE SET platform = excluded.platform,"
    " name = excluded.name, origin = excluded.origin, due_at = excluded.due_at"
)
_STOP = sa.delete(timer).where(timer.c.conversation == given("where"))
_TAKE = _STOP.where(timer.c.due_at == given("at"), timer.c.name == given("name"))
_DUE = (
    sa.select(timer)
    .where(timer.c.due_at <= given("now"), timer.c.platform.in_(given("platforms", expanding=True)))
    .order_by(timer.c.due_at)
    .limit(given("limit"))
)


def obey(db: sa.Connection, origin: Origin, effects: Sequence[Effect]) -> None:
    """Set or stop the conversation's timer as `effects` say."""
    for effect in effects:
        match effect:
            case SetTimer(timer=name, at=at):
                values = {"platform": origin.platform, "name": name, "at": milliseconds(at)}
                db.execute(_SET, values | {"where": origin.conversation, "origin": dump(origin)})
            case StopTimer():
                db.execute(_STOP, {"where": origin.conversation})


def take(db: sa.Connection, due: Due) -> bool:
    """Delete a timer; False when it was taken, stopped or set anew meanwhile."""
    where = {"where": due.origin.conversation, "at": due.at, "name": due.timer}
    return db.execute(_TAKE, where).rowcount == 1


def run_out(db: sa.Connection, scope: Scope, now: int, limit: int) -> Sequence[Due]:
    """See `Store.timers`. One that cannot be read is dropped: nobody could ever act on it."""
    values = {"now": now, "platforms": sorted(scope.platforms), "limit": limit}
    due = []
    for row in db.execute(_DUE, values).all():
        try:
            due.append(Due(origin=load(row.origin), timer=row.name, at=row.due_at))
        except Unreadable:
            db.execute(_STOP, {"where": row.conversation})
    return due
