"""One event: what it finds, what it decides, what it leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage import (
    Conflict,
    Decide,
    Decision,
    Due,
    Known,
    Lease,
    Note,
    Outgoing,
    Person,
    Snapshot,
    Unreadable,
)
from bot.storage.codec import dump, load
from bot.storage.handing import left_by_turn
from bot.storage.keys import day, person_key
from bot.storage.schema import conversation, journal, outbox, participant, shown, timer
from bot.storage.statements import Row, Statement, Step, run, together
from bot.storage.transactions import audit, inbox, timers
from bot.storage.transactions.outbox import Parcel, handed, look, putting
from dialogs.events import Arrived, Chose, Event, Forgotten, Origin, Said
from dialogs.state import Idle

# Written out because SQLAlchemy knows "on conflict" only once for each database; as text it is
# the same for both.
_CREATE = Statement(
    sa.text(
        "INSERT INTO conversation (id, version, state, requester, route, updated_at, day)"
        " VALUES (:where, 1, :state, :requester, :route, :at, :day)"
        " ON CONFLICT DO NOTHING RETURNING id"
    )
)
_JOIN = Statement(
    sa.text(
        "INSERT INTO participant (person, conversation) VALUES (:person, :where)"
        " ON CONFLICT DO NOTHING"
    )
)
_FIND = Statement(
    sa.select(*conversation.c["version", "state", "requester", "route"])
    .where(conversation.c.id == given("where"))
    .with_for_update()
)
_THEIRS = (
    sa.select(*conversation.c["id", "state", "updated_at"])
    .where(conversation.c.requester == given("person"))
    .order_by(conversation.c.updated_at.desc(), conversation.c.id.desc())
    .limit(given("limit"))
)
_MOVE = Statement(
    sa.update(conversation)
    .where(conversation.c.id == given("where"), conversation.c.version == given("old"))
    .values(
        version=given("old") + 1,
        state=given("state"),
        route=given("route"),
        updated_at=given("at"),
        day=given("day"),
    )
    .returning(conversation.c.id)
)
_NOTE = Statement(sa.insert(journal), [c.name for c in journal.c if c.name != "id"])
_DONE = Statement(sa.delete(outbox).where(outbox.c.id == given("row")).returning(outbox.c.id))

_FROM_PEOPLE = (Arrived, Said, Chose)


class _Found(NamedTuple):
    """A conversation's row."""

    version: int
    state: str
    requester: str
    route: str


def snapshot(db: sa.Connection, where: str) -> Snapshot:
    """Return where the conversation `where` stands."""
    found = _found(run(db, _FIND, {"where": where}))
    return Snapshot(load(found.state), found.version) if found else Snapshot(Idle(), 0)


def begun_by(db: sa.Connection, person: Person, limit: int) -> Sequence[Known]:
    """See `Store.begun_by`."""
    rows = db.execute(_THEIRS, {"person": person_key(person), "limit": limit}).all()
    known: list[Known] = []
    for row in rows:
        with suppress(Unreadable):
            known.append(
                Known(conversation=row.id, state=load(row.state), updated_at=row.updated_at)
            )
    return known


def turn(
    db: sa.Connection,
    event: Event,
    decide: Decide,
    now: int,
    done: Outgoing | Due | None = None,
    lease: Lease | None = None,
    worker: str | None = None,
) -> Decision | None:
    """See `Store.turn`; `worker` is who gets the lease."""
    if isinstance(done, Outgoing) and not run(db, _DONE, {"row": done.id}):
        return None
    find = _FIND, {"where": event.origin.conversation}
    taken, rows = together(db, inbox.taking(event, now), find)
    # A timer goes after its conversation is locked: whoever sets a new one has the same order.
    if not taken or (isinstance(done, Due) and not timers.take(db, done)):
        return None
    found = _found(rows)
    decision = decide(load(found.state) if found else Idle())
    is_last, key = isinstance(event, Forgotten), person_key(Person.of(event.origin))
    if is_last and (found is None or found.requester == key):
        decision = replace(decision, effects=())
        _leave_nothing(db, event.origin.conversation)
        moves = []
    else:
        moves = [*_moving(found, event, decision, now)]
    parcel = Parcel(
        origin=event.origin,
        items=left_by_turn(event, decision),
        fleeting=is_last,
        worker=worker,
        lease=lease,
    )
    notes = [
        *audit.of_turn(event, decision, now, new=found is None),
        _noting(event, decision.note, now, event.origin.conversation if moves else None),
    ]
    return replace(decision, handed=_write(db, moves, notes, parcel, now))


def _found(rows: Sequence[Row]) -> _Found | None:
    return _Found(*rows[0]) if rows else None


def _write(
    db: sa.Connection, moves: list[Step], notes: list[Step], parcel: Parcel, now: int
) -> tuple[Outgoing, ...]:
    """Write all of a turn at once. Raises `Conflict` when the conversation has moved on.

    The conversation's row is locked: ids in the outbox count up in the order of turns. A new one's
    is not, but whoever loses that race writes nothing.
    """
    way = look(db, parcel)
    puts = [putting(parcel, way, now)] if parcel.items else []
    results = together(db, *moves, *notes, *puts)
    if moves and not results[0]:
        raise Conflict(parcel.origin.conversation)
    return handed(parcel, way, results[-1]) if puts else ()


def _moving(found: _Found | None, event: Event, decision: Decision, now: int) -> Iterator[Step]:
    """Yield what moves the conversation on; the first step tells nothing when somebody else did."""
    origin, person = event.origin, person_key(Person.of(event.origin))
    by_person = isinstance(event, _FROM_PEOPLE)
    theirs = found is not None and found.requester == person
    values = {
        "where": origin.conversation,
        "state": dump(decision.state),
        "at": now,
        "day": day(now),
    }
    if found is None:
        yield _CREATE, values | {"requester": person, "route": _route(origin)}
    else:
        route = _route(origin) if theirs and by_person else found.route
        yield _MOVE, values | {"old": found.version, "route": route}
    if by_person and not theirs:
        yield _JOIN, {"person": person, "where": origin.conversation}
    yield from timers.obeying(origin, decision.effects)


def _route(origin: Origin) -> str:
    return json.dumps(dict(origin.route), ensure_ascii=False)


def _noting(event: Event, note: Note, now: int, where: str | None) -> Step:
    return _NOTE, {
        "at": now,
        "day": day(now),
        "conversation": where,
        "platform": event.origin.platform,
        "event": note.event,
        "cause": note.cause,
        "confidence": note.confidence,
        "outcome": note.outcome,
        "language": note.language,
    }


def _leave_nothing(db: sa.Connection, where: str) -> None:
    waiting = outbox.c.conversation == where
    db.execute(sa.delete(outbox).where(waiting, outbox.c.kind != "reply"))
    db.execute(sa.update(outbox).where(waiting).values(fleeting=1))
    for table in (participant, timer, shown):
        db.execute(sa.delete(table).where(table.c.conversation == where))
    db.execute(sa.delete(conversation).where(conversation.c.id == where))
    db.execute(sa.update(journal).where(journal.c.conversation == where).values(conversation=None))
