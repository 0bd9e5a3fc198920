"""Deleting what is too old, a bite at a time, so that turns go on in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage.handing import ticket_key
from bot.storage.keeping import OF_PEOPLE, Act, Cut, Went
from bot.storage.keys import day
from bot.storage.lanes import EFFECTS
from bot.storage.schema import (
    audit,
    conversation,
    dead_letter,
    inbox,
    journal,
    outbox,
    participant,
    shown,
    ticket,
    ticket_entry,
    timer,
)
from bot.storage.transactions.audit import record_count
from dialogs.naming import lines_of, ticket_name
from dialogs.ticket import OVER

_BITE = 100
_FEW = 25
"""Conversations or tickets a bite: each has some rows of its own, and goes whole."""
_PAGES = 100
"""Pages of the file that a bite gives back."""

_COUNTED = ("day", "platform", "event", "outcome", "cause", "confidence", "language")
_COUNT = sa.text(
    f"INSERT INTO journal_day ({', '.join(_COUNTED)}, turns)"  # noqa: S608 - names of our own
    f" VALUES ({', '.join(f':{name}' for name in _COUNTED)}, :turns)"
    f" ON CONFLICT ({', '.join(_COUNTED)})"
    " DO UPDATE SET turns = journal_day.turns + excluded.turns"
)


def purge_some(db: sa.Connection, cut: Cut, act: Act | None, went: Went) -> Went:
    """Delete one bite of what `cut` says; return what went, nothing when all is gone.

    `act` is kept with the count of what went, `went` from earlier bites included.
    """
    for step in _STEPS:
        if some := +step(db, cut):
            if act is not None:
                record_count(db, act, went + some)
            return some
    return Counter()


def give_back(db: sa.Connection) -> bool:
    """Return some free pages of the file to the disk; False when no more can be.

    PostgreSQL's own autovacuum sees to that.
    """
    if db.dialect.name != "sqlite":
        return False
    before = _free(db)
    for _ in range(min(before, _PAGES)):
        # The driver stops a statement without columns after its first row, which is one page.
        db.exec_driver_sql("PRAGMA incremental_vacuum(1)")
    return 0 < _free(db) < before


def _free(db: sa.Connection) -> int:
    free: int = db.exec_driver_sql("PRAGMA freelist_count").scalar_one()
    return free


def _waiting(db: sa.Connection, cut: Cut) -> Went:
    """What nobody could deliver, or tried to, for so long."""
    return _delete(db, outbox, outbox.c.due_at < cut.before, _is_not_forgetting(outbox))


def _dead(db: sa.Connection, cut: Cut) -> Went:
    old = dead_letter.c.died_at < cut.before
    return _delete(db, dead_letter, old, _is_not_forgetting(dead_letter))


def _is_not_forgetting(table: sa.Table) -> sa.ColumnElement[bool]:
    """Who asked to be forgotten and was not must not be forgotten in this way."""
    return table.c.item.not_like('{"Forget":%')


def _acts(db: sa.Connection, cut: Cut) -> Went:
    return _delete(db, audit, audit.c.at < cut.before, audit.c.what.in_(OF_PEOPLE))


def _inbox(db: sa.Connection, cut: Cut) -> Went:
    return _delete(db, inbox, inbox.c.received_at < cut.inbox_before)


def _turns(db: sa.Connection, cut: Cut) -> Went:
    """Turns become counts by day: neither a conversation nor a time of day is left."""
    columns = journal.c[_COUNTED]
    old = _bite(journal, journal.c.at < cut.before)
    rows = db.execute(sa.delete(journal).where(old).returning(*columns)).all()
    counts = Counter(tuple("" if it is None else it for it in row) for row in rows)
    # In order, so that two workers at it never wait for one another.
    values = [dict(zip(_COUNTED, it, strict=True)) | {"turns": counts[it]} for it in sorted(counts)]
    if values:
        db.execute(_COUNT, values)
    return Counter({journal.name: len(rows)})


def _conversations(db: sa.Connection, cut: Cut) -> Went:
    lanes = outbox.c.lane.in_([conversation.c.id, conversation.c.id + EFFECTS])
    old = _few(
        conversation,
        cut,
        # Whoever still waits for an answer gets it.
        ~sa.exists().where(lanes),
    )
    names = db.execute(old).scalars().all()
    return (
        _delete_of(db, participant.c.conversation, names)
        + _delete_of(db, timer.c.conversation, names)
        + _delete_of(db, shown.c.conversation, names)
        + _delete_of(db, conversation.c.id, names)
    )


def _tickets(db: sa.Connection, cut: Cut) -> Went:
    old = _few(ticket, cut, ticket.c.status.in_(OVER))
    numbers: Sequence[int] = db.execute(old).scalars().all()
    return (
        _delete_of(db, timer.c.conversation, [ticket_key(number) for number in numbers])
        + _delete_of(db, shown.c.token, _tokens(db, numbers))
        + _delete_of(db, ticket_entry.c.ticket, numbers)
        + _delete_of(db, ticket.c.number, numbers)
    )


def _tokens(db: sa.Connection, numbers: Sequence[int]) -> Sequence[str]:
    """Return the tokens of the cards of these tickets, and of all that was passed on of them."""
    lines = [shown.c.token.startswith(lines_of(number)) for number in numbers]
    found = db.execute(sa.select(shown.c.token).where(sa.or_(sa.false(), *lines))).scalars()
    return [*(ticket_name(number) for number in numbers), *found]


_STEPS: tuple[Callable[[sa.Connection, Cut], Went], ...] = (
    _waiting,
    _dead,
    _turns,
    _acts,
    _conversations,
    _tickets,
    _inbox,
)


def _few(table: sa.Table, cut: Cut, *conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[Any]]:
    """Return a query for some old rows, locked: a turn that has one in hand keeps it."""
    (key,) = table.primary_key
    return (
        sa.select(key)
        .where(table.c.day <= day(cut.before), table.c.updated_at < cut.before, *conditions)
        .order_by(table.c.day)
        .limit(_FEW)
        .with_for_update(skip_locked=True, of=table)
    )


def _bite(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    (key,) = table.primary_key
    some = sa.select(key).where(*conditions).limit(_BITE).with_for_update(skip_locked=True)
    # A CTE, so that PostgreSQL does not look for other rows when it has to look again.
    return key.in_(sa.select(some.cte(f"old_{table.name}").c[key.name]))


def _delete(db: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> Went:
    # Counted by what comes back: sqlite3 counts no rows of a statement that begins with WITH.
    delete = sa.delete(table).where(_bite(table, *conditions)).returning(*table.primary_key)
    return Counter({table.name: len(db.execute(delete).all())})


def _delete_of(db: sa.Connection, column: sa.Column[str], values: Sequence[object]) -> Went:
    if not values:
        return Counter()
    some = column.in_(given("some", expanding=True))
    gone = db.execute(sa.delete(column.table).where(some), {"some": values}).rowcount
    return Counter({column.table.name: gone})
