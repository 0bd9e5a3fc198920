"""One event: what it finds, what it decides, what it leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage import Conflict, Decide, Decision, Note, Outgoing, Person, Snapshot
from bot.storage.codec import dump, load
from bot.storage.keys import day, digest, effects_lane, person_key
from bot.storage.schema import conversation, journal, outbox, participant, timer
from bot.storage.transactions import audit
from dialogs.events import Arrived, Chose, Event, Forgotten, Origin, Said
from dialogs.replies import Effect, Forget, Reply
from dialogs.state import Idle

# Written out because SQLAlchemy knows "on conflict" only once for each database; as text it is
# the same for both.
_TAKE = sa.text(
    "INSERT INTO inbox (event, received_at) VALUES (:event, :at)"
    " ON CONFLICT DO NOTHING RETURNING event"
)
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
_PUT = sa.insert(outbox)
_NOTE = sa.insert(journal)
_DONE = sa.delete(outbox).where(outbox.c.id == given("row"))

_FROM_PEOPLE = (Arrived, Said, Chose)


def snapshot(db: sa.Connection, where: str) -> Snapshot:
    """Return where the conversation `where` stands."""
    found = db.execute(_FIND, {"where": where}).first()
    return Snapshot(load(found.state), found.version) if found else Snapshot(Idle(), 0)


def turn(
    db: sa.Connection, event: Event, decide: Decide, now: int, done: Outgoing | None
) -> Decision | None:
    """See `Store.turn`."""
    if done is not None and not db.execute(_DONE, {"row": done.id}).rowcount:
        return None
    if db.execute(_TAKE, {"event": digest(event.id), "at": now}).first() is None:
        return None
    found = db.execute(_FIND, {"where": event.origin.conversation}).first()
    decision = decide(load(found.state) if found else Idle())
    audit.of_turn(db, event, decision, now, new=found is None)
    if isinstance(event, Forgotten) and (
        found is None or found.requester == person_key(Person.of(event.origin))
    ):
        _leave_nothing(db, event, decision, now)
        return decision
    _write(db, found, event, decision, now)
    if isinstance(event, _FROM_PEOPLE):
        _join(db, event.origin, found)
    # Only now is the conversation's row locked everywhere: ids count up in the order of turns.
    items = _numbered(event, (*decision.replies, *decision.effects))
    put(db, event.origin, items, now, fleeting=isinstance(event, Forgotten))
    _journal(db, event, decision.note, now, event.origin.conversation)
    return decision


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


def _route(origin: Origin) -> str:
    return json.dumps(dict(origin.route), ensure_ascii=False)


def _join(db: sa.Connection, origin: Origin, found: Any) -> None:
    person = person_key(Person.of(origin))
    if found is None or found.requester != person:
        db.execute(_JOIN, {"person": person, "where": origin.conversation})


def put(
    db: sa.Connection,
    origin: Origin,
    items: Mapping[str, Reply | Effect | Event],
    now: int,
    *,
    fleeting: bool = False,
) -> None:
    """Leave `items` (by key, in order) to whoever delivers.

    What is `fleeting` leaves no trace, not even when it cannot be delivered.
    """
    shared = {
        "conversation": origin.conversation,
        "platform": origin.platform,
        "person": person_key(Person.of(origin)),
        "origin": dump(origin),
        "due_at": now,
        "put_at": now,
        "fleeting": int(fleeting),
    }
    rows = [
        shared | {"kind": kind, "lane": _lane(item, kind, origin), "key": key, "item": dump(item)}
        for key, item in items.items()
        if (kind := _kind(item))
    ]
    if rows:
        db.execute(_PUT, rows)


def _numbered(event: Event, items: tuple[Reply | Effect, ...]) -> dict[str, Reply | Effect | Event]:
    return {f"{event.id}:{n}": item for n, item in enumerate(items)}


def _kind(item: Reply | Effect | Event) -> str:
    if isinstance(item, Event):
        return "event"
    return "effect" if isinstance(item, Effect) else "reply"


def _lane(item: Reply | Effect | Event, kind: str, origin: Origin) -> str:
    """Forgetting waits for the replies before it; all other effects go beside them."""
    if kind == "reply" or isinstance(item, Forget):
        return origin.conversation
    return effects_lane(origin.conversation)


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


def _leave_nothing(db: sa.Connection, event: Event, decision: Decision, now: int) -> None:
    where = event.origin.conversation
    waiting = outbox.c.conversation == where
    db.execute(sa.delete(outbox).where(waiting, outbox.c.kind != "reply"))
    db.execute(sa.update(outbox).where(waiting).values(fleeting=1))
    db.execute(sa.delete(participant).where(participant.c.conversation == where))
    db.execute(sa.delete(timer).where(timer.c.conversation == where))
    db.execute(sa.delete(conversation).where(conversation.c.id == where))
    db.execute(sa.update(journal).where(journal.c.conversation == where).values(conversation=None))
    put(db, event.origin, _numbered(event, decision.replies), now, fleeting=True)
    _journal(db, event, decision.note, now, None)
