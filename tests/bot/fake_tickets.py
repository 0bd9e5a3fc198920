"""The built-in desk's tickets in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.clock import milliseconds
from bot.storage import Person, Ticket, TicketEntry
from bot.storage.keeping import Act
from dialogs.cards import ticket_name
from dialogs.events import Origin, TicketReopened, TicketResolved
from dialogs.replies import OpenTicket
from dialogs.ticket import AddLine, Entry, Erased, Open, Reopened, Resolve, TicketRequest, advance

if TYPE_CHECKING:
    from tests.bot.fake_store import FakeStore


class FakeTickets:
    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self._keys: dict[str, int] = {}
        self._changes: set[str] = set()
        self.kept: dict[int, Ticket] = {}
        self.updated: dict[int, int] = {}
        self.owners: dict[int, Person] = {}
        self.writers: dict[tuple[int, int], Person | None] = {}

    async def open(self, key: str, origin: Origin, wanted: OpenTicket, now: int) -> int:
        if key in self._keys:
            return self._keys[key]
        number = self._keys[key] = len(self._keys) + 1
        home = self._store.conversations.get(origin.conversation)
        self.owners[number] = home.requester if home else Person.of(origin)
        self.kept[number] = Ticket(
            number=number,
            state=Open(),
            opened_at=now,
            origin=origin,
            wanted=wanted,
            entries=(TicketEntry(at=now, by=origin.user, what="opened", text=""),),
        )
        self.updated[number] = now
        self.writers[number, 0] = Person.of(origin)
        self._record(number, "opened", Person.of(origin), origin.user, now)
        return number

    async def get(self, number: int) -> Ticket | None:
        return self.kept.get(number)

    async def list(self, limit: int = 100, *, unsolved: bool = False) -> Sequence[Ticket]:
        found = [
            replace(ticket, entries=())
            for ticket in self.kept.values()
            if not unsolved or isinstance(ticket.state, Open | Reopened)
        ]
        return found[::-1][:limit]

    async def change(
        self,
        number: int,
        request: TicketRequest,
        *,
        person: Person | None = None,
        key: str | None = None,
        tell: bool = False,
    ) -> Ticket | None:
        found = self.kept.get(number)
        if found is None:
            return None
        step = advance(found.state, request)
        if step.entry is None or key in self._changes:
            return found
        self._changes |= {key} if key else set()
        text = request.text if isinstance(request, AddLine) else ""
        entry = TicketEntry(at=milliseconds(request.at), by=request.by, what=step.entry, text=text)
        self.updated[number] = entry.at
        self.writers[number, len(found.entries)] = person
        self._record(number, step.entry, person, request.by, entry.at)
        self.kept[number] = replace(found, state=step.state, entries=(*found.entries, entry))
        if tell and not isinstance(request, AddLine):
            self._tell(self.kept[number], request)
        return self.kept[number]

    def _record(self, number: int, what: Entry, person: Person | None, by: str, at: int) -> None:
        if what != "added":
            who = person or Person("desk", "", by)
            self._store.audit.record(Act(at=at, who=who, what=what, about=ticket_name(number)))

    def _tell(self, ticket: Ticket, request: TicketRequest) -> None:
        assert ticket.origin
        home = self._store.conversations.get(ticket.origin.conversation)
        where = replace(ticket.origin, route=home.route.route) if home else ticket.origin
        kind = TicketResolved if isinstance(request, Resolve) else TicketReopened
        id = f"{where.platform}:ticket:{ticket.number}:{len(ticket.entries)}"
        event = kind(id=id, at=request.at, origin=where, number=ticket.number)
        self._store.put(where, {id: event}, milliseconds(request.at))

    def forget(self, person: Person) -> None:
        for number, ticket in self.kept.items():
            theirs = self.owners.get(number) == person
            entries = tuple(
                self._forgotten(entry, self.writers.get((number, n)) == person, theirs)
                for n, entry in enumerate(ticket.entries)
            )
            self.kept[number] = replace(ticket, entries=entries)
            if theirs:
                self.kept[number] = replace(
                    self.kept[number], state=Erased(), origin=None, wanted=None
                )
        self.owners = {n: who for n, who in self.owners.items() if who != person}
        self.writers = {n: who for n, who in self.writers.items() if who != person}

    @staticmethod
    def _forgotten(entry: TicketEntry, wrote: bool, theirs: bool) -> TicketEntry:
        by = "" if wrote else entry.by
        return replace(entry, by=by, text="" if wrote or theirs else entry.text)
