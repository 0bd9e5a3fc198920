"""Tickets: opened, read, listed, found. How they change is in `ticket_turns`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.clock import from_milliseconds
from bot.storage import Person, Ticket, TicketDecide, TicketEntry
from bot.storage.codec import dump, load
from bot.storage.keys import day, digest, person_key
from bot.storage.naming import thread_key
from bot.storage.schema import conversation, shown, ticket, ticket_entry
from bot.storage.statements import Row, Statement, run, together
from bot.storage.transactions import ticket_turns
from dialogs.events import Origin
from dialogs.naming import ticket_of
from dialogs.replies import OpenTicket
from dialogs.ticket import REOPENABLE, UNSOLVED, Entry, Open, Recur, Start, name_of

_BY_KEY = Statement(sa.select(ticket.c.number).where(ticket.c.key == given("key")))
_BY_ENTRY = Statement(sa.select(ticket_entry.c.ticket).where(ticket_entry.c.key == given("key")))
_LAST = Statement(
    sa.select(ticket.c.number)
    .where(
        ticket.c.requester == given("owner"),
        ticket.c.cause == given("cause"),
        sa.or_(*(ticket.c.status == status for status in sorted(REOPENABLE))),
    )
    .order_by(ticket.c.number.desc())
    .limit(1)
)


class _Found(NamedTuple):
    """What is read of a ticket's row."""

    number: int
    state: str
    opened_at: int
    origin: str | None
    wanted: str | None
    desk: str | None


_tickets = sa.select(*ticket.c[_Found._fields])
_BY_NUMBER = Statement(_tickets.where(ticket.c.number == given("number")))
_ENTRIES = Statement(
    sa.select(*ticket_entry.c["at", "by", "what", "text"])
    .where(ticket_entry.c.ticket == given("number"))
    .order_by(ticket_entry.c.id)
)
_NEWEST = _tickets.order_by(ticket.c.number.desc()).limit(given("limit"))
_UNSOLVED = _NEWEST.where(ticket.c.status.in_(UNSOLVED))
_HOME = Statement(
    sa.select(conversation.c.requester).where(conversation.c.id == given("where")).with_for_update()
)
_OPEN = Statement(
    sa.insert(ticket).returning(ticket.c.number),
    [
        *("key", "status", "state", "requester", "origin", "wanted", "cause"),
        *("opened_at", "updated_at", "day", "version"),
    ],
)
_THREAD = Statement(sa.select(shown.c.token).where(shown.c.thread == given("thread")))
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
    # Whoever forgets the requester at this moment finds the ticket, or it finds no requester.
    home = _HOME, {"where": origin.conversation}
    known, homes = together(db, (_BY_KEY, {"key": digest(key)}), home)
    if known:
        return int(known[0][0])
    owner = homes[0][0] if homes else person_key(Person.of(origin))
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
    last = _LAST, {"owner": owner, "cause": wanted.case.diagnosis.cause}
    # Behind the lock on the conversation: somebody else may have done it meanwhile.
    done, found = together(db, (_BY_ENTRY, {"key": digest(key)}), last)
    if done or not found:
        return int(done[0][0]) if done else None
    number: int = found[0][0]
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
        "version": 0,
    }
    number: int = run(db, _OPEN, values)[0][0]
    person = Person.of(origin)
    together(db, *ticket_turns.entering(number, now, "opened", origin.user, person))
    return number


def get(db: sa.Connection, number: int) -> Ticket | None:
    """See `Tickets.get`."""
    which = {"number": number}
    found, entries = together(db, (_BY_NUMBER, which), (_ENTRIES, which))
    if not found:
        return None
    return _ticket(_Found(*found[0]), tuple(map(_entry, entries)))


def newest(db: sa.Connection, limit: int, unsolved: bool) -> Sequence[Ticket]:
    """See `Tickets.list`."""
    rows = db.execute(_UNSOLVED if unsolved else _NEWEST, {"limit": limit}).all()
    return [_ticket(_Found(*row), ()) for row in rows]


def find(db: sa.Connection, origin: Origin) -> int | None:
    """See `Tickets.find`."""
    rows = run(db, _THREAD, {"thread": thread_key(origin, origin.thread)})
    return ticket_of(rows[0][0]) if rows else None


def entered(db: sa.Connection, key: str) -> Entry | None:
    """See `Tickets.entered`."""
    what: Entry | None = db.execute(_ENTERED, {"key": digest(key)}).scalar()
    return what


def of_person(db: sa.Connection, person: str) -> Sequence[int]:
    """See `Tickets.of`; `person` is a key."""
    return db.execute(_OF, {"person": person}).scalars().all()


def _ticket(row: _Found, entries: tuple[TicketEntry, ...]) -> Ticket:
    return Ticket(
        number=row.number,
        state=load(row.state),
        opened_at=row.opened_at,
        origin=load(row.origin) if row.origin else None,
        wanted=load(row.wanted) if row.wanted else None,
        desk=load(row.desk) if row.desk else None,
        entries=entries,
    )


def _entry(row: Row) -> TicketEntry:
    at, by, what, text = row
    return TicketEntry(at=at, by=by, what=what, text=text)
