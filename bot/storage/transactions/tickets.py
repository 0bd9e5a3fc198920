"""Tickets: opened, read, listed, found. How they change is in `ticket_turns`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.clock import from_milliseconds
from bot.storage import Person, Ticket, TicketDecide, TicketEntry
from bot.storage.codec import dump, load
from bot.storage.keys import day, digest, person_key
from bot.storage.naming import thread_key
from bot.storage.schema import conversation, shown, ticket, ticket_entry
from bot.storage.transactions import audit, ticket_turns
from dialogs.events import Origin
from dialogs.naming import ticket_of
from dialogs.replies import OpenTicket
from dialogs.ticket import REOPENABLE, UNSOLVED, Entry, Open, Recur, Start, name_of

_BY_KEY = sa.select(ticket.c.number).where(ticket.c.key == given("key"))
_BY_ENTRY = sa.select(ticket_entry.c.ticket).where(ticket_entry.c.key == given("key"))
_LAST = (
    sa.select(ticket.c.number)
    .where(
        ticket.c.requester == given("owner"),
        ticket.c.cause == given("cause"),
        ticket.c.status.in_(REOPENABLE),
    )
    .order_by(ticket.c.number.desc())
    .limit(1)
)
_BY_NUMBER = sa.select(ticket).where(ticket.c.number == given("number"))
_ENTRIES = sa.select(ticket_entry).where(ticket_entry.c.ticket == given("number")).order_by("id")
_NEWEST = sa.select(ticket).order_by(ticket.c.number.desc()).limit(given("limit"))
_UNSOLVED = _NEWEST.where(ticket.c.status.in_(UNSOLVED))
_HOME = sa.select(conversation.c.requester).where(conversation.c.id == given("where"))
_THREAD = sa.select(shown.c.token).where(shown.c.thread == given("thread"))
_ENTERED = sa.select(ticket_entry.c.what).where(ticket_entry.c.key == given("key"))
_OF = sa.select(ticket.c.number).where(ticket.c.requester == given("person")).order_by("number")


def open_ticket(
    db: sa.Connection,
    key: str,
    origin: Origin,
    wanted: OpenTicket,
    now: int,
    decide: TicketDecide | None = None,
) -> int:
    """See `Tickets.open`. The ticket belongs to whom the conversation belongs to."""
    known: int | None = db.execute(_BY_KEY, {"key": digest(key)}).scalar()
    if known is not None:
        return known
    # Whoever forgets the requester at this moment finds the ticket, or it finds no requester.
    home = db.execute(_HOME.with_for_update(), {"where": origin.conversation}).first()
    owner = home.requester if home else person_key(Person.of(origin))
    again = decide and _opened_again(db, key, owner, origin, wanted, now, decide)
    if again:
        return again
    number = _insert(db, key, owner, origin, wanted, now)
    if decide is not None:
        start = Start(by=origin.user, user=origin.user, at=from_milliseconds(now))
        ticket_turns.change(db, number, start, decide)
    return number


def _opened_again(
    db: sa.Connection,
    key: str,
    owner: str | None,
    origin: Origin,
    wanted: OpenTicket,
    now: int,
    decide: TicketDecide,
) -> int | None:
    """Return the ticket of `owner` that was solved and is not; None when it is a new problem."""
    done: int | None = db.execute(_BY_ENTRY, {"key": digest(key)}).scalar()
    about = {"owner": owner, "cause": wanted.case.diagnosis.cause}
    number: int | None = done or db.execute(_LAST, about).scalar()
    if done or number is None:
        return done
    at = from_milliseconds(now)
    recur = Recur(by=origin.user, user=origin.user, at=at, origin=origin, wanted=wanted)
    came = ticket_turns.change(db, number, recur, decide, Person.of(origin), key)
    return number if came and came[0].entry else None


def _insert(
    db: sa.Connection, key: str, owner: str | None, origin: Origin, wanted: OpenTicket, now: int
) -> int:
    values = {
        "key": digest(key),
        "status": name_of(Open()),
        "state": dump(Open()),
        "requester": owner,
        "origin": dump(origin),
        "wanted": dump(wanted),
        "cause": wanted.case.diagnosis.cause,
        "opened_at": now,
        "updated_at": now,
        "day": day(now),
    }
    number: int = db.execute(sa.insert(ticket).returning(ticket.c.number), values).scalar_one()
    person = person_key(Person.of(origin))
    enter = {"ticket": number, "at": now, "by": origin.user, "what": "opened", "text": ""}
    db.execute(sa.insert(ticket_entry), enter | {"person": person, "key": None})
    audit.of_ticket(db, number, now, "opened", Person.of(origin), origin.user)
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


def find(db: sa.Connection, origin: Origin) -> int | None:
    """See `Tickets.find`."""
    token = db.execute(_THREAD, {"thread": thread_key(origin, origin.thread)}).scalar()
    return ticket_of(token) if token else None


def entered(db: sa.Connection, key: str) -> Entry | None:
    """See `Tickets.entered`."""
    what: Entry | None = db.execute(_ENTERED, {"key": digest(key)}).scalar()
    return what


def of_person(db: sa.Connection, person: str) -> Sequence[int]:
    """See `Tickets.of`; `person` is a key."""
    return db.execute(_OF, {"person": person}).scalars().all()


def _ticket(row: Any, entries: tuple[TicketEntry, ...]) -> Ticket:
    return Ticket(
        number=row.number,
        state=load(row.state),
        opened_at=row.opened_at,
        origin=load(row.origin) if row.origin else None,
        wanted=load(row.wanted) if row.wanted else None,
        desk=load(row.desk) if row.desk else None,
        entries=entries,
    )


def _entry(row: Any) -> TicketEntry:
    return TicketEntry(at=row.at, by=row.by, what=row.what, text=row.text)
