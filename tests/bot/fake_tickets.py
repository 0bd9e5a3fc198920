"""Tickets and desk channels in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.clock import from_milliseconds, milliseconds
from bot.storage import (
    Changed,
    DeskDecide,
    Due,
    Lease,
    Outgoing,
    Person,
    Ticket,
    TicketDecide,
    TicketEntry,
)
from bot.storage.handing import holder, left_by_ticket, ticket_key, timer_origin, without_holder
from bot.storage.keeping import Act, Deed, act_on_ticket
from bot.storage.naming import thread_key
from dialogs.events import Event, Origin
from dialogs.naming import ticket_of
from dialogs.replies import OpenTicket, SetTimer, StopTimer
from dialogs.ticket import (
    REOPENABLE,
    UNSOLVED,
    WORK,
    Desk,
    Entry,
    Erased,
    Expert,
    Open,
    Recur,
    Resolved,
    Sheet,
    Start,
    TicketRequest,
    TicketStep,
    name_of,
)

if TYPE_CHECKING:
    from tests.bot.fake_store import FakeStore


class FakeTickets:
    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self._keys: dict[str, int] = {}
        self._changes: dict[str, Entry] = {}
        self.kept: dict[int, Ticket] = {}
        self.versions: dict[int, int] = {}
        self.updated: dict[int, int] = {}
        self.owners: dict[int, Person] = {}
        self.writers: dict[tuple[int, int], Person | None] = {}

    async def open(
        self,
        key: str,
        origin: Origin,
        wanted: OpenTicket,
        now: int,
        decide: TicketDecide | None = None,
    ) -> int:
        if key in self._keys:
            return self._keys[key]
        home = self._store.conversations.get(origin.conversation)
        owner = home.requester if home else Person.of(origin)
        if decide and (again := await self._opened_again(key, owner, origin, wanted, now, decide)):
            self._keys[key] = again
            return again
        number = self._keys[key] = max(self._keys.values(), default=0) + 1
        self.owners[number] = owner
        self.kept[number] = Ticket(
            number=number,
            state=Open(),
            opened_at=now,
            origin=origin,
            wanted=wanted,
            entries=(TicketEntry(at=now, by=origin.user, what="opened", text=""),),
        )
        self.updated[number], self.versions[number] = now, 0
        self.writers[number, 0] = Person.of(origin)
        self._record(number, "opened", Person.of(origin), origin.user, now)
        if decide is not None:
            start = Start(by=origin.user, user=origin.user, at=from_milliseconds(now))
            self._leave(number, decide(self._sheet(number), start), now)
        return number

    async def _opened_again(
        self,
        key: str,
        owner: Person | None,
        origin: Origin,
        wanted: OpenTicket,
        now: int,
        decide: TicketDecide,
    ) -> int | None:
        cause = wanted.case.diagnosis.cause
        over = [
            number
            for number, ticket in self.kept.items()
            if self.owners.get(number) == owner
            and name_of(ticket.state) in REOPENABLE
            and ticket.wanted
            and cause is not None
            and ticket.wanted.case.diagnosis.cause == cause
        ]
        if not over:
            return None
        at = from_milliseconds(now)
        recur = Recur(by=origin.user, user=origin.user, at=at, origin=origin, wanted=wanted)
        changed = await self.change(over[-1], recur, decide, person=Person.of(origin), key=key)
        return over[-1] if changed and changed.step.entry else None

    async def get(self, number: int) -> Ticket | None:
        return self.kept.get(number)

    async def list(self, limit: int = 100, *, unsolved: bool = False) -> Sequence[Ticket]:
        found = [
            replace(ticket, entries=())
            for ticket in self.kept.values()
            if not unsolved or name_of(ticket.state) in UNSOLVED
        ]
        return found[::-1][:limit]

    async def find(self, origin: Origin) -> int | None:
        token = self._store.threads.get(thread_key(origin, origin.thread))
        return ticket_of(token) if token else None

    async def entered(self, key: str) -> Entry | None:
        return self._changes.get(key)

    async def of(self, person: Person) -> Sequence[int]:
        return sorted(number for number, owner in self.owners.items() if owner == person)

    async def change(
        self,
        number: int,
        request: TicketRequest,
        decide: TicketDecide,
        *,
        person: Person | None = None,
        key: str | None = None,
        done: Due | None = None,
        lease: Lease | None = None,
    ) -> Changed | None:
        found = self.kept.get(number)
        if found is None:
            return None
        gone = done is not None and self._store.running.get(done.origin.conversation) != done
        if gone or (key and key in self._changes):
            return Changed(ticket=found, step=TicketStep(state=found.state, desk=found.desk))
        if done is not None:
            del self._store.running[done.origin.conversation]
        step = decide(self._sheet(number), request)
        now = milliseconds(request.at)
        if step.entry is not None:
            self._changes |= {key: step.entry} if key else {}
            self._enter(number, request, step, person, now)
        handed = self._leave(number, step, now, lease)
        return Changed(ticket=self.kept[number], step=step, handed=handed)

    def _enter(
        self, number: int, request: TicketRequest, step: TicketStep, person: Person | None, now: int
    ) -> None:
        assert step.entry
        found = self.kept[number]
        entry = TicketEntry(at=now, by=request.by, what=step.entry, text=step.text)
        self.updated[number] = now
        self.writers[number, len(found.entries)] = person
        self._record(number, step.entry, person, request.by, now)
        self.kept[number] = replace(found, entries=(*found.entries, entry))

    def _sheet(self, number: int) -> Sheet:
        found = self.kept[number]
        cause = found.wanted.case.diagnosis.cause if found.wanted else None
        return Sheet(
            number=number,
            state=found.state,
            version=self.versions[number],
            origin=self._home(found.origin),
            wanted=found.wanted,
            desk=found.desk,
            desks=tuple(self._store.desks.kept.values()),
            experts=self._experts(found.desk) if found.desk else (),
            earlier=tuple(
                other.number
                for other in reversed(self.kept.values())
                if other.number < number
                and isinstance(other.state, Resolved)
                and other.wanted
                and cause
                and other.wanted.case.diagnosis.cause == cause
            )[:3],
        )

    def _home(self, origin: Origin | None) -> Origin | None:
        home = origin and self._store.conversations.get(origin.conversation)
        return replace(origin, route=home.route.route) if origin and home else origin

    def _experts(self, desk: Desk) -> tuple[Expert, ...]:
        worked: dict[str, str] = {}
        for number, ticket in self.kept.items():
            for n, entry in enumerate(ticket.entries):
                who = self.writers.get((number, n))
                if ticket.desk and ticket.desk.key == desk.key and who and entry.what in WORK:
                    worked.pop(who.user, None)
                    worked[who.user] = entry.by
        return tuple(Expert(user, name) for user, name in reversed(worked.items()))

    def _leave(
        self, number: int, step: TicketStep, now: int, lease: Lease | None = None
    ) -> tuple[Outgoing, ...]:
        sheet = self._sheet(number)
        self.kept[number] = replace(self.kept[number], state=step.state, desk=step.desk)
        if to := step.moves_to:
            self.kept[number] = replace(self.kept[number], origin=to.origin, wanted=to.wanted)
        self.versions[number] += 1
        match step.timer:
            case SetTimer(timer=timer, at=at):
                due = Due(origin=timer_origin(sheet), timer=timer, at=milliseconds(at))
                self._store.running[ticket_key(number)] = due
            case StopTimer():
                self._store.running.pop(ticket_key(number), None)
            case None:
                pass
        handed: list[Outgoing] = []
        owner = self.owners.get(number)
        for origin, items in left_by_ticket(sheet, step):
            handed += self._store.put(origin, items, now, lease=lease, person=owner)
        return tuple(handed)

    def _record(self, number: int, what: Entry, person: Person | None, by: str, at: int) -> None:
        if act := act_on_ticket(number, at, what, person, by):
            self._store.audit.record(act)

    def forget(self, person: Person) -> None:
        for number, ticket in self.kept.items():
            theirs = self.owners.get(number) == person
            entries = tuple(
                self._forgotten(entry, self.writers.get((number, n)) == person, theirs)
                for n, entry in enumerate(ticket.entries)
            )
            self.kept[number] = replace(ticket, entries=entries)
            if holder(self._sheet(number), ticket.state) == person:
                self.kept[number] = replace(self.kept[number], state=without_holder(ticket.state))
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


class FakeDesks:
    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.kept: dict[str, Desk] = {}

    async def list(self) -> Sequence[Desk]:
        return tuple(self.kept.values())

    async def change(self, event: Event, decide: DeskDecide, now: int) -> bool:
        if event.id in self._store.inbox:
            return False
        self._store.inbox[event.id] = now
        step = decide(tuple(self.kept.values()))
        self._store.put(event.origin, {f"{event.id}:0": step.said}, now)
        if step.put:
            self.kept[step.put.key] = step.put
            self._record(event, "desk-on", step.put.key, now)
        if step.remove and self.kept.pop(step.remove, None):
            self._record(event, "desk-off", step.remove, now)
        return True

    def _record(self, event: Event, what: Deed, about: str, now: int) -> None:
        who = Person.of(event.origin)
        self._store.audit.record(Act(at=now, who=who, what=what, about=about))
