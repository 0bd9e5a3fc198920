"""One event: what it finds, what it decides, what it leaves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

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
from bot.storage.transactions import audit, inbox, timers
from bot.storage.transactions.outbox import put
from dialogs.events import Arrived, Chose, Event, Forgotten, Origin, Said
from dialogs.state import Idle

# Written out because SQLAlchemy knows "on conflict" only once for each database; as text it is
# the same for both.
_CREATE = sa.text(
    "INSERT INTO conversation (id, version, state, requester, route, updated_at, day)"
    " VALUES (:where, 1, :state, :requester, :route, :at, :day)"
    " ON CONFLICT DO NOTHING RETURNING id"
)
_JOIN = sa.text(
    "INSERT INTO participant (person, conversation) VALUES (:person, :where) ON CONFLICT DO NOTHING"
)
_FIND = (
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
_MOVE = (
    sa.update(conversation)
    .where(conversation.c.id == given("where"), conversation.c.version == given("old"))
    .values(
        version=given("old") + 1,
        state=given("state"),
        route=given("route"),
        updated_at=given("at"),
        day=given("day"),
    )
)
_NOTE = sa.insert(journal)
_DONE = sa.delete(outbox).where(outbox.c.id == given("row"))

_FROM_PEOPLE = (Arrived, Said, Chose)


def snapshot(db: sa.Connection, where: str) -> Snapshot:
    """Return where the conversation `where` stands."""
    found = db.execute(_FIND, {"where": where}).first()
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
    if isinstance(done, Outgoing) and not db.execute(_DONE, {"row": done.id}).rowcount:
        return None
    if not inbox.take(db, event, now):
        return None
    found = db.execute(_FIND, {"where": event.origin.conversation}).first()
    # A timer goes after its conversation is locked: whoever sets a new one has the same order.
    if isinstance(done, Due) and not timers.take(db, done):
        return None
    decision = decide(load(found.state) if found else Idle())
    audit.of_turn(db, event, decision, now, new=found is None)
    last_word = isinstance(event, Forgotten)
    if last_word and (found is None or found.requester == person_key(Person.of(event.origin))):
        decision = replace(decision, effects=())
        _leave_nothing(db, event.origin.conversation)
        _journal(db, event, decision.note, now, None)
    else:
        _write(db, found, event, decision, now)
        _journal(db, event, decision.note, now, event.origin.conversation)
    # Only now is the conversation's row locked everywhere: ids count up in the order of turns.
    origin, items = event.origin, left_by_turn(event, decision)
    handed = put(db, origin, items, now, fleeting=last_word, worker=worker, lease=lease)
    return replace(decision, handed=handed)


def _write(db: sa.Connection, found: Any, event: Event, decision: Decision, now: int) -> None:
    origin = event.origin
    values: dict[str, object] = {
        "where": origin.conversation,
        "state": dump(decision.state),
        "at": now,
        "day": day(now),
    }
    if found is None:
        values |= {"requester": person_key(Person.of(origin)), "route": _route(origin)}
        written = db.execute(_CREATE, values).first() is not None
    else:
        theirs = found.requester == person_key(Person.of(origin))
        newer = theirs and isinstance(event, _FROM_PEOPLE)
        values |= {"old": found.version, "route": _route(origin) if newer else found.route}
        written = db.execute(_MOVE, values).rowcount == 1
    if not written:
        raise Conflict(origin.conversation)
    if isinstance(event, _FROM_PEOPLE):
        _join(db, origin, found)
    timers.obey(db, origin, decision.effects)


def _route(origin: Origin) -> str:
    return json.dumps(dict(origin.route), ensure_ascii=False)


def _join(db: sa.Connection, origin: Origin, found: Any) -> None:
    person = person_key(Person.of(origin))
    if found is None or found.requester != person:
        db.execute(_JOIN, {"person": person, "where": origin.conversation})


def _journal(db: sa.Connection, event: Event, note: Note, now: int, where: str | None) -> None:
    values = {
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
    db.execute(_NOTE, values)


def _leave_nothing(db: sa.Connection, where: str) -> None:
    waiting = outbox.c.conversation == where
    db.execute(sa.delete(outbox).where(waiting, outbox.c.kind != "reply"))
    db.execute(sa.update(outbox).where(waiting).values(fleeting=1))
    for table in (participant, timer, shown):
        db.execute(sa.delete(table).where(table.c.conversation == where))
    db.execute(sa.delete(conversation).where(conversation.c.id == where))
    db.execute(sa.update(journal).where(journal.c.conversation == where).values(conversation=None))
