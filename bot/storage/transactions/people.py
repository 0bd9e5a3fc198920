"""Forgetting a person, a bite at a time, so that turns go on in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from bot.storage import Outgoing
from bot.storage.codec import dump, load
from bot.storage.handing import without_holder
from bot.storage.keeping import Act, Went
from bot.storage.schema import (
    audit,
    conversation,
    dead_letter,
    journal,
    outbox,
    participant,
    shown,
    ticket,
    ticket_entry,
    timer,
)
from bot.storage.transactions.audit import record_count
from dialogs.ticket import Erased, name_of

_BITE = 100

_Step = sa.Delete | sa.Update


def forget_some(
    db: sa.Connection, person: str, sparing: Outgoing | None, act: Act | None, went: Went
) -> Went:
    """Delete or blank a bite of what is known of `person` (a key); return what went.

    `Store.forget` tells of `sparing`. `act` is kept with the count of what went, `went` from
    earlier bites included.
    """
    # Turns that are on their way there end first, and what they leave is found; new ones wait.
    db.execute(_theirs(person).order_by(conversation.c.id).with_for_update())
    _let_go(db, person)
    where, row = (sparing.origin.conversation, sparing.id) if sparing else ("", 0)
    parts = (
        _deliveries(person, where, row),
        _tickets(person),
        _acts(person),
        _conversations(person, where),
    )
    for step in (step for part in parts for step in part):
        if number := db.execute(step).rowcount:
            some = Counter({step.entity_description["name"]: number})
            if act is not None:
                record_count(db, act, went + some)
            return some
    return Counter()


def _theirs(person: str) -> sa.Select[tuple[str]]:
    return sa.select(conversation.c.id).where(conversation.c.requester == person)


def _deliveries(person: str, where: str, row: int) -> Iterator[_Step]:
    theirs = outbox.c.conversation.in_(_theirs(person)) | (outbox.c.person == person)
    here, reply = outbox.c.conversation == where, outbox.c.kind == "reply"
    yield _delete(outbox, theirs, ~here | (~reply & (outbox.c.id != row)))
    yield _update(outbox, theirs, here, reply, outbox.c.fleeting == 0).values(fleeting=1)
    dead = dead_letter.c.conversation.in_(_theirs(person)) | (dead_letter.c.person == person)
    yield _delete(dead_letter, dead)


def _tickets(person: str) -> Iterator[_Step]:
    """Words go first: whose ticket it is tells which words."""
    theirs = ticket_entry.c.ticket.in_(sa.select(ticket.c.number).where(_opened_by(person)))
    wrote = ticket_entry.c.person == person
    yield _update(ticket_entry, wrote | (theirs & (ticket_entry.c.text != ""))).values(
        person=None, text="", by=sa.case((wrote, ""), else_=ticket_entry.c.by)
    )
    yield _update(ticket, _opened_by(person)).values(
        requester=None, origin=None, wanted=None, status=name_of(Erased()), state=dump(Erased())
    )


def _let_go(db: sa.Connection, person: str) -> None:
    """Tickets that they have stay taken, by somebody whom nobody names."""
    has = sa.select(*ticket.c["number", "state"]).where(ticket.c.holder == person)
    for row in db.execute(has.with_for_update()).all():
        values = {"holder": None, "state": dump(without_holder(load(row.state)))}
        db.execute(sa.update(ticket).where(ticket.c.number == row.number).values(values))


def _acts(person: str) -> Iterator[_Step]:
    yield _update(audit, audit.c.who == person).values(who=None)


def _opened_by(person: str) -> sa.ColumnElement[bool]:
    return ticket.c.requester == person


def _conversations(person: str, where: str) -> Iterator[_Step]:
    """The conversations go last: what belongs to them is found through them."""
    yield _delete(timer, timer.c.conversation.in_(_theirs(person)))
    yield _delete(shown, shown.c.conversation.in_(_theirs(person)), shown.c.conversation != where)
    yield _update(journal, journal.c.conversation.in_(_theirs(person))).values(conversation=None)
    known = participant.c.conversation.in_(_theirs(person)) | (participant.c.person == person)
    yield _delete(participant, known, participant.c.conversation != where)
    yield _delete(conversation, conversation.c.requester == person, conversation.c.id != where)


def _bite(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    key = list(table.primary_key)
    some = sa.select(*key).where(*conditions).limit(_BITE)
    return (key[0] if len(key) == 1 else sa.tuple_(*key)).in_(some)


def _delete(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.Delete:
    return sa.delete(table).where(_bite(table, *conditions))


def _update(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.Update:
    return sa.update(table).where(_bite(table, *conditions))
