"""Tickets of the built-in desk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.clock import milliseconds
from bot.storage import Person, Ticket, TicketEntry
from bot.storage.codec import dump, load
from bot.storage.keys import day, digest, person_key
from bot.storage.schema import conversation, ticket, ticket_entry
from bot.storage.transactions import audit
from bot.storage.transactions.outbox import put
from dialogs.events import Event, Origin, TicketReopened, TicketResolved
from dialogs.replies import OpenTicket
from dialogs.ticket import (
    AddLine,
    Entry,
    Open,
    Reopen,
    Resolve,
    TicketRequest,
    TicketState,
    advance,
)

_BY_KEY = sa.select(ticket.c.number).where(ticket.c.key == given("key"))
_BY_NUMBER = sa.select(ticket).where(ticket.c.number == given("number")).with_for_update()
_ENTRIES = sa.select(ticket_entry).where(ticket_entry.c.ticket == given("number")).order_by("id")
_NEWEST = sa.select(ticket).order_by(ticket.c.number.desc()).limit(given("limit"))
_UNSOLVED = _NEWEST.where(ticket.c.status.in_(["open", "reopened"]))
_KNOWN = sa.select(ticket_entry.c.id).where(ticket_entry.c.key == given("key"))
_HOME = sa.select(*conversation.c["requester", "route"]).where(conversation.c.id == given("where"))


def open_ticket(db: sa.Connection, key: str, origin: Origin, wanted: OpenTicket, now: int) -> int:
    """See `Tickets.open`. The ticket belongs to whom the conversation belongs to."""
    known: int | None = db.execute(_BY_KEY, {"key": digest(key)}).scalar()
    if known is not None:
        return known
    # Whoever forgets the requester at this moment finds the ticket, or it finds no requester.
    home = db.execute(_HOME.with_for_update(), {"where": origin.conversation}).first()
    person = person_key(Person.of(origin))
    values = {
        "key": digest(key),
        "status": _status(Open()),
        "state": dump(Open()),
        "requester": home.requester if home else person,
        "origin": dump(origin),
        "wanted": dump(wanted),
        "opened_at": now,
        "updated_at": now,
        "day": day(now),
    }
    number: int = db.execute(sa.insert(ticket).returning(ticket.c.number), values).scalar_one()
    _enter(db, number, now, by=origin.user, what="opened", person=person)
    return number


def get(db: sa.Connection, number: int) -> Ticket | None:
    """See `Tickets.get`."""
    found = db.execute(_BY_NUMBER, {"number": number}).first()
    if found is None:
        return None
    entries = db.execute(_ENTRIES, {"number": number}).all()
    return _ticket(found, tuple(_entry(row) for row in entries))


def newest(db: sa.Connection, limit: int, unsolved: bool) -> Sequence[Ticket]:
    """See `Tickets.list`."""
    rows = db.execute(_UNSOLVED if unsolved else _NEWEST, {"limit": limit}).all()
    return [_ticket(row, ()) for row in rows]


def change(
    db: sa.Connection,
    number: int,
    request: TicketRequest,
    person: Person | None,
    key: str | None,
    tell: bool,
) -> Ticket | None:
    """See `Tickets.change`."""
    found = db.execute(_BY_NUMBER, {"number": number}).first()
    if found is None:
        return None
    step = advance(load(found.state), request)
    if step.entry is not None and not _is_done(db, key):
        now = milliseconds(request.at)
        _move(db, number, step.state, now)
        entry = _enter(
            db,
            number,
            now,
            by=request.by,
            what=step.entry,
            text=request.text if isinstance(request, AddLine) else "",
            person=person_key(person) if person else None,
            key=digest(key) if key else None,
        )
        if tell:
            _tell(db, load(found.origin), number, entry, request)
    return get(db, number)


def _is_done(db: sa.Connection, key: str | None) -> bool:
    return key is not None and db.execute(_KNOWN, {"key": digest(key)}).first() is not None


def _move(db: sa.Connection, number: int, state: TicketState, now: int) -> None:
    values = {"status": _status(state), "state": dump(state), "updated_at": now, "day": day(now)}
    db.execute(sa.update(ticket).where(ticket.c.number == number).values(values))


def _enter(
    db: sa.Connection,
    number: int,
    now: int,
    *,
    by: str,
    what: Entry,
    text: str = "",
    person: str | None = None,
    key: str | None = None,
) -> int:
    values = {
        "ticket": number,
        "at": now,
        "by": by,
        "what": what,
        "text": text,
        "person": person,
        "key": key,
    }
    entry: int = db.execute(
        sa.insert(ticket_entry).returning(ticket_entry.c.id), values
    ).scalar_one()
    audit.of_ticket(db, number, now, what, person, by)
    return entry


def _tell(
    db: sa.Connection, origin: Origin, number: int, entry: int, request: TicketRequest
) -> None:
    home = db.execute(_HOME, {"where": origin.conversation}).first()
    if home is not None:
        origin = replace(origin, route=json.loads(home.route))
    id = f"{origin.platform}:ticket:{number}:{entry}"
    event: Event
    match request:
        case Resolve(at=at):
            event = TicketResolved(id=id, at=at, origin=origin, number=number)
        case Reopen(at=at):
            event = TicketReopened(id=id, at=at, origin=origin, number=number)
        case AddLine():
            return
    put(db, origin, {id: event}, milliseconds(request.at))


def _status(state: TicketState) -> str:
    return type(state).__name__.lower()


def _ticket(row: Any, entries: tuple[TicketEntry, ...]) -> Ticket:
    return Ticket(
        number=row.number,
        state=load(row.state),
        opened_at=row.opened_at,
        origin=load(row.origin) if row.origin else None,
        wanted=load(row.wanted) if row.wanted else None,
        entries=entries,
    )


def _entry(row: Any) -> TicketEntry:
    return TicketEntry(at=row.at, by=row.by, what=row.what, text=row.text)
