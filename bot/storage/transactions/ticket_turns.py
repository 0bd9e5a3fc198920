"""One request to a ticket: what it finds, what it decides, what it leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.clock import milliseconds
from bot.storage import Due, Lease, Outgoing, Person, TicketDecide
from bot.storage.codec import dump, load
from bot.storage.handing import holder, left_by_ticket, timer_origin
from bot.storage.keys import day, digest, person_key, person_of
from bot.storage.schema import conversation, ticket, ticket_entry
from bot.storage.statements import Statement, Step, run, together
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


class _Found(NamedTuple):
    """What is read of a ticket's row."""

    number: int
    state: str
    version: int
    requester: str | None
    origin: str | None
    wanted: str | None
    cause: str | None
    desk: str | None
    updated_at: int
    day: int


_this = ticket.c.number == given("of")
_LOCK = Statement(sa.select(*ticket.c[_Found._fields]).where(_this).with_for_update())
_KNOWN = Statement(sa.select(ticket_entry.c.id).where(ticket_entry.c.key == given("key")))
_ROUTE = Statement(sa.select(conversation.c.route).where(conversation.c.id == given("where")))
_EARLIER = Statement(
    sa.select(ticket.c.number)
    .where(
        ticket.c.cause == given("cause"),
        ticket.c.number < given("of"),
        ticket.c.status == "resolved",
    )
    .order_by(ticket.c.number.desc())
    .limit(3)
)
_changed = ("status", "state", "version", "desk", "desk_key", "holder", "updated_at", "day")
_WRITE = Statement(sa.update(ticket).where(_this).values({name: given(name) for name in _changed}))
_MOVE = Statement(
    sa.update(ticket).where(_this).values(origin=given("origin"), wanted=given("wanted"))
)
_ENTER = Statement(sa.insert(ticket_entry), [c.name for c in ticket_entry.c if c.name != "id"])
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
    rows = run(db, _LOCK, {"of": number})
    if not rows:
        return None
    found = _Found(*rows[0])
    sheet, known = _look(db, found, key)
    if _asks_who(request) and sheet.desk:
        sheet = replace(sheet, experts=_experts(db, sheet.desk))
    if (done is not None and not timers.take(db, done)) or known:
        return TicketStep(state=sheet.state, desk=sheet.desk), ()
    step = decide(sheet, request)
    now = milliseconds(request.at)
    steps = [*_writing(found, sheet, step, now)]
    if (what := step.entry) is not None:
        steps += entering(number, now, what, request.by, person, text=step.text, key=key)
    together(db, *steps)
    if (to := step.moves_to) is not None:  # not together: nothing changes one row twice at once
        run(db, _MOVE, {"of": number, "origin": dump(to.origin), "wanted": dump(to.wanted)})
    return step, _leave(db, found, sheet, step, now, worker, lease)


def _asks_who(request: TicketRequest) -> bool:
    return isinstance(request, Assign) or (isinstance(request, AskFor) and request.what == "assign")


def _look(db: sa.Connection, row: _Found, key: str | None) -> tuple[Sheet, bool]:
    """Return the ticket with what is known beside it, and whether `key` was entered before."""
    origin: Origin | None = load(row.origin) if row.origin else None
    routes, everyone, earlier, known = together(
        db,
        (_ROUTE, {"where": origin.conversation if origin else ""}),
        desks.ALL,
        (_EARLIER, {"cause": row.cause, "of": row.number}),
        (_KNOWN, {"key": digest(key) if key else None}),
    )
    if origin and routes:  # the newest way back
        origin = replace(origin, route=json.loads(routes[0][0]))
    sheet = Sheet(
        number=row.number,
        state=load(row.state),
        version=row.version,
        origin=origin,
        wanted=load(row.wanted) if row.wanted else None,
        desk=load(row.desk) if row.desk else None,
        desks=desks.found(everyone),
        earlier=tuple(number for (number,) in earlier),
    )
    return sheet, bool(known)


def _experts(db: sa.Connection, desk: Desk) -> tuple[Expert, ...]:
    rows = db.execute(_EXPERTS, {"desk": desk.key}).all()
    return tuple(Expert(person_of(row.person).user, row.name) for row in rows)


def _writing(row: _Found, sheet: Sheet, step: TicketStep, now: int) -> Iterator[Step]:
    has = holder(replace(sheet, desk=step.desk), step.state)
    heard = step.entry is not None
    values = {
        "of": row.number,
        "status": name_of(step.state),
        "state": dump(step.state),
        "version": row.version + 1,
        "desk": dump(step.desk) if step.desk else None,
        "desk_key": step.desk.key if step.desk else None,
        "holder": person_key(has) if has else None,
        "updated_at": now if heard else row.updated_at,
        "day": day(now) if heard else row.day,
    }
    yield _WRITE, values
    if step.timer is not None:
        yield from timers.obeying(timer_origin(sheet), [step.timer])


def entering(
    number: int,
    at: int,
    what: Entry,
    by: str,
    person: Person | None,
    *,
    text: str = "",
    key: str | None = None,
) -> Iterator[Step]:
    """Yield what adds a line to the ticket's journal; `key` keeps it from coming twice."""
    yield (
        _ENTER,
        {
            "ticket": number,
            "at": at,
            "by": by,
            "what": what,
            "text": text,
            "person": person_key(person) if person else None,
            "key": digest(key) if key else None,
        },
    )
    yield from audit.of_ticket(number, at, what, person, by)


def _leave(
    db: sa.Connection,
    row: _Found,
    sheet: Sheet,
    step: TicketStep,
    now: int,
    worker: str | None,
    lease: Lease | None,
) -> tuple[Outgoing, ...]:
    """Put what comes of it into the outbox. Evidence and words are the requester's."""
    handed: list[Outgoing] = []
    for origin, items in left_by_ticket(sheet, step):
        parcel = Parcel(
            origin=origin, items=items, worker=worker, lease=lease, person=row.requester
        )
        handed += put(db, parcel, now)
    return tuple(handed)
