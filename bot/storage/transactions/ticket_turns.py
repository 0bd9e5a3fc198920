"""One request to a ticket: what it finds, what it decides, what it leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.clock import milliseconds
from bot.storage import Due, Lease, Outgoing, Person, TicketDecide
from bot.storage.codec import dump, load
from bot.storage.handing import holder, left_by_ticket, timer_origin
from bot.storage.keys import day, digest, person_key, person_of
from bot.storage.schema import conversation, ticket, ticket_entry
from bot.storage.statements import together
from bot.storage.transactions import audit, desks, timers
from bot.storage.transactions.outbox import Parcel, put
from dialogs.events import Origin
from dialogs.ticket import (
    WORK,
    AskFor,
    Assign,
    Desk,
    Entry,
    Expert,
    Sheet,
    TicketRequest,
    TicketStep,
    name_of,
)

_LOCK = sa.select(ticket).where(ticket.c.number == given("number")).with_for_update()
_KNOWN = sa.select(ticket_entry.c.id).where(ticket_entry.c.key == given("key"))
_ROUTE = sa.select(conversation.c.route).where(conversation.c.id == given("where"))
_EARLIER = (
    sa.select(ticket.c.number)
    .where(
        ticket.c.cause == given("cause"),
        ticket.c.number < given("number"),
        ticket.c.status == "resolved",
    )
    .order_by(ticket.c.number.desc())
    .limit(3)
)
_EXPERTS = (
    sa.select(ticket_entry.c.person, sa.func.max(ticket_entry.c.by).label("name"))
    .join_from(ticket_entry, ticket, ticket_entry.c.ticket == ticket.c.number)
    .where(
        ticket.c.desk_key == given("desk"),
        ticket_entry.c.person.is_not(None),
        ticket_entry.c.what.in_(WORK),
    )
    .group_by(ticket_entry.c.person)
    .order_by(sa.func.max(ticket_entry.c.id).desc())
    .limit(20)
)


def change(
    db: sa.Connection,
    number: int,
    request: TicketRequest,
    decide: TicketDecide,
    person: Person | None = None,
    key: str | None = None,
    done: Due | None = None,
    lease: Lease | None = None,
    worker: str | None = None,
) -> tuple[TicketStep, tuple[Outgoing, ...]] | None:
    """See `Tickets.change`; `worker` is who gets the lease."""
    found = db.execute(_LOCK, {"number": number}).first()
    if found is None:
        return None
    sheet = _sheet(db, found, _asks_who(request))
    if (done is not None and not timers.take(db, done)) or _is_done(db, key):
        return TicketStep(state=sheet.state, desk=sheet.desk), ()
    step = decide(sheet, request)
    now = milliseconds(request.at)
    _write(db, sheet, step, now)
    if step.entry is not None:
        _enter(db, number, request, step.entry, step.text, person, key)
    return step, _leave(db, found, sheet, step, now, worker, lease)


def _asks_who(request: TicketRequest) -> bool:
    return isinstance(request, Assign) or (isinstance(request, AskFor) and request.what == "assign")


def _is_done(db: sa.Connection, key: str | None) -> bool:
    return key is not None and db.execute(_KNOWN, {"key": digest(key)}).first() is not None


def _sheet(db: sa.Connection, row: Any, who: bool = False) -> Sheet:
    desk: Desk | None = load(row.desk) if row.desk else None
    return Sheet(
        number=row.number,
        state=load(row.state),
        version=row.version,
        origin=_home(db, load(row.origin)) if row.origin else None,
        wanted=load(row.wanted) if row.wanted else None,
        desk=desk,
        desks=desks.everyone(db),
        experts=_experts(db, desk) if who and desk else (),
        earlier=_earlier(db, row),
    )


def _home(db: sa.Connection, origin: Origin) -> Origin:
    """Return `origin` by the newest way back."""
    route = db.execute(_ROUTE, {"where": origin.conversation}).scalar()
    return origin if route is None else replace(origin, route=json.loads(route))


def _experts(db: sa.Connection, desk: Desk) -> tuple[Expert, ...]:
    rows = db.execute(_EXPERTS, {"desk": desk.key}).all()
    return tuple(Expert(person_of(row.person).user, row.name) for row in rows)


def _earlier(db: sa.Connection, row: Any) -> tuple[int, ...]:
    if not row.cause:
        return ()
    values = {"cause": row.cause, "number": row.number}
    return tuple(db.execute(_EARLIER, values).scalars().all())


def _write(db: sa.Connection, sheet: Sheet, step: TicketStep, now: int) -> None:
    has = holder(replace(sheet, desk=step.desk), step.state)
    values: dict[str, object] = {
        "status": name_of(step.state),
        "state": dump(step.state),
        "version": sheet.version + 1,
        "desk": dump(step.desk) if step.desk else None,
        "desk_key": step.desk.key if step.desk else None,
        "holder": person_key(has) if has else None,
    }
    if step.entry is not None:
        values |= {"updated_at": now, "day": day(now)}
    if step.moves_to is not None:
        to = step.moves_to
        values |= {"origin": dump(to.origin), "wanted": dump(to.wanted)}
    db.execute(sa.update(ticket).where(ticket.c.number == sheet.number).values(values))


def _enter(
    db: sa.Connection,
    number: int,
    request: TicketRequest,
    entry: Entry,
    text: str,
    person: Person | None,
    key: str | None,
) -> None:
    now = milliseconds(request.at)
    values = {
        "ticket": number,
        "at": now,
        "by": request.by,
        "what": entry,
        "text": text,
        "person": person_key(person) if person else None,
        "key": digest(key) if key else None,
    }
    db.execute(sa.insert(ticket_entry), values)
    audit.of_ticket(db, number, now, entry, person, request.by)


def _leave(
    db: sa.Connection,
    row: Any,
    sheet: Sheet,
    step: TicketStep,
    now: int,
    worker: str | None,
    lease: Lease | None,
) -> tuple[Outgoing, ...]:
    """Put what comes of it into the outbox. Evidence and words are the requester's."""
    if step.timer is not None:
        together(db, *timers.obeying(timer_origin(sheet), [step.timer]))
    handed: list[Outgoing] = []
    for origin, items in left_by_ticket(sheet, step):
        parcel = Parcel(
            origin=origin, items=items, worker=worker, lease=lease, person=row.requester
        )
        handed += put(db, parcel, now)
    return tuple(handed)
