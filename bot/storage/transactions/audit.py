"""Who did what, when. What is kept of a person is their key, and that goes when they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage import Decision, Person
from bot.storage.keeping import Act, Went, act_on_ticket, counted, deeds
from bot.storage.keys import person_key, person_of
from bot.storage.schema import audit
from bot.storage.statements import Statement, Step, run
from dialogs.events import Event, Forgotten
from dialogs.ticket import Entry

_PAGE = 1000

# As text it is the same for both databases; see `turns`.
_RECORD = Statement(
    sa.text(
        "INSERT INTO audit (key, at, who, what, about) VALUES (:key, :at, :who, :what, :about)"
        " ON CONFLICT (key) DO UPDATE SET about = excluded.about"
    )
)
_ORDER = (audit.c.at, audit.c.id)
_READ = (
    sa.select(audit)
    .where(sa.tuple_(*_ORDER) > sa.tuple_(*(given(c.name, type_=c.type) for c in _ORDER)))
    .order_by(*_ORDER)
    .limit(_PAGE)
)
_BLANK = Statement(sa.update(audit).where(audit.c.who == given("person")).values(who=None))


def record(db: sa.Connection, act: Act) -> None:
    """See `Audit.write`."""
    run(db, *recording(act))


def recording(act: Act) -> Step:
    """Return what keeps `act`."""
    return _RECORD, {
        "key": act.key,
        "at": act.at,
        "who": person_key(act.who) if act.who else None,
        "what": act.what,
        "about": act.about,
    }


def record_count(db: sa.Connection, act: Act, went: Went) -> None:
    """Keep `act` with what went by it until now, in the transaction in which it goes."""
    record(db, replace(act, about=": ".join(filter(None, (act.about, counted(went))))))


def of_turn(event: Event, decision: Decision, now: int, *, new: bool) -> Iterator[Step]:
    """Yield what keeps what `event` was, if anybody should know; `new` when it began a
    conversation.
    """
    person = Person.of(event.origin)
    gone = isinstance(event, Forgotten)
    if gone:
        yield _BLANK, {"person": person_key(person)}
    for what in deeds(event, decision.effects, new=new):
        yield recording(Act(at=now, who=None if gone else person, what=what))


def of_ticket(number: int, at: int, what: Entry, person: Person | None, by: str) -> Iterator[Step]:
    """Yield what keeps what became of a ticket, if anybody should know."""
    if act := act_on_ticket(number, at, what, person, by):
        yield recording(act)


def read_some(db: sa.Connection, at: int, id: int) -> Sequence[tuple[int, Act]]:
    """Return the next lines after (`at`, `id`), each with its id; none is the end."""
    return [(row.id, _act(row)) for row in db.execute(_READ, {"at": at, "id": id})]


def _act(row: Any) -> Act:
    who = person_of(row.who) if row.who else None
    return Act(at=row.at, who=who, what=row.what, about=row.about, key=row.key)
