"""Audit, outbox and retention of the store in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.clock import from_milliseconds
from bot.storage import Outgoing, Person
from bot.storage.codec import dump
from bot.storage.keeping import OF_PEOPLE, Act, Cut, Handled, Letter, Went, counted
from bot.storage.lanes import kind_of
from dialogs.events import TicketRefused
from dialogs.replies import Forget, OpenTicket, ReopenTicket
from dialogs.ticket import OVER, name_of
from tests.bot.fake_outbox import Row

T = TypeVar("T")

if TYPE_CHECKING:
    from tests.bot.fake_store import FakeStore


class FakeAudit:
    def __init__(self) -> None:
        self.lines: list[Act] = []

    async def write(self, act: Act) -> None:
        self.record(act)

    def record(self, act: Act, went: Went | None = None) -> None:
        act = replace(act, about=": ".join(filter(None, (act.about, counted(went or {})))))
        for n, line in enumerate(self.lines):
            if act.key is not None and line.key == act.key:
                self.lines[n] = replace(line, about=act.about)
                return
        self.lines.append(act)

    async def read(self, since: int = 0) -> AsyncIterator[Act]:
        for act in sorted(self.lines, key=lambda act: act.at):
            if act.at >= since:
                yield act

    def forget(self, person: Person) -> int:
        theirs = [n for n, act in enumerate(self.lines) if act.who == person]
        for n in theirs:
            self.lines[n] = replace(self.lines[n], who=None)
        return len(theirs)


class FakeLetters:
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def list(self, limit: int) -> Sequence[Letter]:
        places = (self._store.outbox, self._store.dead)
        found = [self._letter(row) for rows in places for row in rows[:limit]]
        return sorted(found, key=lambda letter: letter.id)

    async def get(self, id: int) -> Letter | None:
        row = self._find(id)
        return self._letter(row) if row else None

    async def retry(self, id: int, act: Act) -> Handled:
        row = self._find(id)
        if row is None or row.leased:
            return "in-hand" if row else "unknown"
        row.due = act.at
        if row in self._store.dead:
            self._raise(row)
        self._store.audit.record(act)
        return "done"

    async def retry_all(self, act: Act) -> int:
        rows = list(self._store.dead)
        for row in rows:
            row.due = act.at
            self._raise(row)
        if rows:
            self._store.audit.record(act)
        return len(rows)

    async def drop(self, id: int, act: Act) -> Handled:
        row = self._find(id)
        if row is None or row.leased:
            return "in-hand" if row else "unknown"
        origin, item, key = row.item.origin, row.item.item, row.item.key
        if isinstance(item, Forget):
            return "must-stay"
        for place in (self._store.outbox, self._store.dead):
            if row in place:
                place.remove(row)
        if isinstance(item, OpenTicket | ReopenTicket):
            at = from_milliseconds(act.at)
            refused = TicketRefused(id=key, at=at, origin=origin)
            self._store.put(origin, {key: refused}, act.at)
        self._store.audit.record(act)
        return "done"

    def _find(self, id: int) -> Row | None:
        rows = (*self._store.outbox, *self._store.dead)
        return next((row for row in rows if row.item.id == id), None)

    def _raise(self, row: Row) -> None:
        self._store.dead.remove(row)
        again = replace(row.item, id=self._store.next_id(), attempts=0)
        self._store.outbox.append(replace(row, item=again, died_at=0, leased=False))

    def _letter(self, row: Row) -> Letter:
        item, dead = row.item.item, row in self._store.dead
        return Letter(
            id=row.item.id,
            dead=dead,
            leased=row.leased,
            kind=kind_of(item),
            key=row.item.key,
            conversation=row.item.origin.conversation,
            person=Person.of(row.item.origin),
            attempts=row.item.attempts,
            error=row.error,
            put_at=row.put_at,
            at=row.died_at if dead else row.due,
            item=dump(item),
        )


def purge(store: FakeStore, cut: Cut) -> Went:
    """Do what `Store.purge` does, at once."""
    went = Counter[str]()
    store.outbox, went["outbox"] = _rest(store.outbox, lambda r: r.due < cut.before and _may_go(r))
    store.dead, went["dead_letter"] = _rest(
        store.dead, lambda r: r.died_at < cut.before and _may_go(r)
    )
    store.turns, went["journal"] = _rest(store.turns, lambda turn: turn[0] < cut.before)
    store.audit.lines, went["audit"] = _rest(
        store.audit.lines, lambda act: act.at < cut.before and act.what in OF_PEOPLE
    )
    old = _old_conversations(store, cut)
    for name in old:
        del store.conversations[name]
    went["conversation"] = len(old)
    went["timer"] = sum(store.running.pop(name, None) is not None for name in old)
    cards = {key: card for key, card in store.shown.items() if key[0] not in old}
    went["shown"] = len(store.shown) - len(cards)
    store.shown = cards
    kept = {pair for pair in store.participants if pair[1] not in old}
    went["participant"] = len(store.participants) - len(kept)
    store.participants = kept
    went += _purge_tickets(store, cut)
    events = {id for id, at in store.inbox.items() if at < cut.inbox_before}
    for id in events:
        del store.inbox[id]
    went["inbox"] = len(events)
    return +went


def _rest(rows: list[T], is_old: Callable[[T], bool]) -> tuple[list[T], int]:
    kept = [row for row in rows if not is_old(row)]
    return kept, len(rows) - len(kept)


def _may_go(row: Row) -> bool:
    return not isinstance(row.item.item, Forget)


def _old_conversations(store: FakeStore, cut: Cut) -> set[str]:
    waits = {row.item.origin.conversation for row in store.outbox}
    found = store.conversations.items()
    return {name for name, it in found if it.updated_at < cut.before} - waits


def _purge_tickets(store: FakeStore, cut: Cut) -> Went:
    tickets = store.tickets
    old = [
        number
        for number, ticket in tickets.kept.items()
        if name_of(ticket.state) in OVER and tickets.updated[number] < cut.before
    ]
    entries = sum(len(tickets.kept[number].entries) for number in old)
    for number in old:
        del tickets.kept[number]
    return Counter({"ticket": len(old), "ticket_entry": entries})


def forget(store: FakeStore, person: Person, sparing: Outgoing | None) -> Went:
    """Do what `Store.forget` does, at once."""
    spared = sparing.origin.conversation if sparing else None
    theirs = {name for name, found in store.conversations.items() if found.requester == person}
    for row in list(store.outbox):
        _forget_row(store, row, person, theirs, sparing)
    store.dead = [row for row in store.dead if not _of(row, person, theirs)]
    store.tickets.forget(person)
    for name in theirs - {spared}:
        store.running.pop(name, None)
        store.shown = {key: card for key, card in store.shown.items() if key[0] != name}
    store.unname(theirs)
    store.participants = {
        (who, where)
        for who, where in store.participants
        if where == spared or (who != person and where not in theirs)
    }
    gone = theirs - {spared}
    for name in gone:
        del store.conversations[name]
    return +Counter({"conversation": len(gone), "audit": store.audit.forget(person)})


def _forget_row(
    store: FakeStore, row: Row, person: Person, theirs: set[str], sparing: Outgoing | None
) -> None:
    if not _of(row, person, theirs):
        return
    here = sparing is not None and row.item.origin.conversation == sparing.origin.conversation
    if here and kind_of(row.item.item) == "reply":
        row.fleeting = True
    elif not (here and sparing and row.item.id == sparing.id):
        store.outbox.remove(row)


def _of(row: Row, person: Person, theirs: set[str]) -> bool:
    where = row.item.origin
    return where.conversation in theirs or (row.person or Person.of(where)) == person
