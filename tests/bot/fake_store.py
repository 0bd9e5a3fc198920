"""A store in memory that keeps every promise of the port: what is delivered is in its base."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

from adapters.base import Receipt
from bot.clock import milliseconds
from bot.storage import (
    Conflict,
    Decide,
    Decision,
    Due,
    Known,
    Lease,
    Note,
    Outgoing,
    Person,
    Scope,
    Snapshot,
)
from bot.storage.handing import left_by_turn
from bot.storage.keeping import Act, Cut, Went, deeds
from bot.storage.lanes import kind_of
from dialogs.events import (
    Arrived,
    Chose,
    Event,
    Forgotten,
    Origin,
    Said,
)
from dialogs.replies import SetTimer, StopTimer
from dialogs.state import Idle
from tests.bot.fake_keeping import FakeAudit, FakeLetters, forget, purge
from tests.bot.fake_outbox import FakeOutbox
from tests.bot.fake_tickets import FakeDesks, FakeTickets


@dataclass
class _Conversation:
    snapshot: Snapshot
    requester: Person
    route: Origin
    updated_at: int = 0


class FakeStore(FakeOutbox):
    """A store in memory; `conflicts` is how many turns from now on lose a race."""

    def __init__(self) -> None:
        super().__init__()
        self.conversations: dict[str, _Conversation] = {}
        self.participants: set[tuple[Person, str]] = set()
        self.inbox: dict[str, int] = {}
        self.turns: list[tuple[int, str | None, Note]] = []
        self.running: dict[str, Due] = {}
        self.conflicts = 0
        self.delivering = False
        self._audit = FakeAudit()
        self._letters = FakeLetters(self)
        self._tickets = FakeTickets(self)
        self._desks = FakeDesks(self)

    @property
    def tickets(self) -> FakeTickets:
        return self._tickets

    @property
    def desks(self) -> FakeDesks:
        return self._desks

    @property
    def audit(self) -> FakeAudit:
        return self._audit

    @property
    def letters(self) -> FakeLetters:
        return self._letters

    @property
    def journal(self) -> list[tuple[str | None, Note]]:
        return [(where, note) for _, where, note in self.turns]

    async def load(self, conversation: str) -> Snapshot:
        found = self.conversations.get(conversation)
        return found.snapshot if found else Snapshot(Idle(), 0)

    async def begun_by(self, person: Person, limit: int) -> Sequence[Known]:
        theirs = [
            Known(conversation=name, state=found.snapshot.state, updated_at=found.updated_at)
            for name, found in self.conversations.items()
            if found.requester == person
        ]
        return sorted(theirs, key=lambda it: (it.updated_at, it.conversation), reverse=True)[:limit]

    async def turn(
        self,
        event: Event,
        decide: Decide,
        now: int,
        *,
        done: Outgoing | Due | None = None,
        lease: Lease | None = None,
    ) -> Decision | None:
        row = None
        if isinstance(done, Outgoing):
            row = next((r for r in self.outbox if r.item.id == done.id), None)
            if row is None:
                return None
        if isinstance(done, Due) and self.running.get(done.origin.conversation) != done:
            return None
        if event.id in self.inbox:
            self.outbox = [r for r in self.outbox if r is not row]
            return None
        before = await self.load(event.origin.conversation)
        decision = decide(before.state)
        if self.conflicts:
            self.conflicts -= 1
            raise Conflict(event.origin.conversation)
        self.outbox = [r for r in self.outbox if r is not row]
        self.inbox[event.id] = now
        if isinstance(done, Due):
            del self.running[done.origin.conversation]
        decision = self._write(event, decision, before, now)
        items = left_by_turn(event, decision)
        fleeting = isinstance(event, Forgotten)
        handed = self.put(event.origin, items, now, fleeting=fleeting, lease=lease)
        return replace(decision, handed=handed)

    def _write(self, event: Event, decision: Decision, before: Snapshot, now: int) -> Decision:
        where, person = event.origin.conversation, Person.of(event.origin)
        found = self.conversations.get(where)
        self._record(event, decision, now, new=found is None)
        if isinstance(event, Forgotten) and (found is None or found.requester == person):
            self._leave_nothing(where)
            self.turns.append((now, None, decision.note))
            return replace(decision, effects=())
        spoken = isinstance(event, Arrived | Said | Chose)
        self.conversations[where] = _Conversation(
            Snapshot(decision.state, before.version + 1),
            found.requester if found else person,
            found.route if found and not (spoken and person == found.requester) else event.origin,
            now,
        )
        if spoken:
            self.participants.add((person, where))
        self._obey(event.origin, decision)
        self.turns.append((now, where, decision.note))
        return decision

    def _obey(self, origin: Origin, decision: Decision) -> None:
        for effect in decision.effects:
            match effect:
                case SetTimer(timer=timer, at=at):
                    due = Due(origin=origin, timer=timer, at=milliseconds(at))
                    self.running[origin.conversation] = due
                case StopTimer():
                    self.running.pop(origin.conversation, None)

    def _record(self, event: Event, decision: Decision, now: int, *, new: bool) -> None:
        person: Person | None = Person.of(event.origin)
        if person and isinstance(event, Forgotten):
            self._audit.forget(person)
            person = None
        for what in deeds(event, decision.effects, new=new):
            self._audit.record(Act(at=now, who=person, what=what))

    def _leave_nothing(self, where: str) -> None:
        self.conversations.pop(where, None)
        self.running.pop(where, None)
        self.shown = {key: card for key, card in self.shown.items() if key[0] != where}
        self.participants = {pair for pair in self.participants if pair[1] != where}
        self.unname({where})
        here = [row for row in self.outbox if row.item.origin.conversation == where]
        for row in here:
            row.fleeting = True
            if kind_of(row.item.item) != "reply":
                self.outbox.remove(row)

    def unname(self, gone: set[str]) -> None:
        self.turns = [(at, None if it in gone else it, note) for at, it, note in self.turns]

    async def done(self, outgoing: Outgoing, receipt: Receipt | None = None) -> bool:
        found = self.conversations.get(outgoing.origin.conversation)
        if found and receipt and receipt.route:
            found.route = replace(found.route, route=receipt.route)
        return await super().done(outgoing, receipt)

    async def bury(self, done: Outgoing | Due, now: int, error: str) -> None:
        if isinstance(done, Outgoing):
            self._put_aside(done, now, error)
        elif self.running.get(done.origin.conversation) == done:
            del self.running[done.origin.conversation]

    async def timers(self, scope: Scope, now: int, limit: int) -> Sequence[Due]:
        due = [it for it in self.running.values() if it.at <= now]
        ours = [it for it in due if it.origin.platform in scope.platforms]
        return sorted(ours, key=lambda it: it.at)[:limit]

    async def forget(
        self, person: Person, *, sparing: Outgoing | None = None, act: Act | None = None
    ) -> Went:
        went = forget(self, person, sparing)
        if act is not None and went:
            self._audit.record(act, went)
        return went

    async def purge(self, cut: Cut, act: Act | None = None) -> Went:
        went = purge(self, cut)
        if act is not None and went:
            self._audit.record(act, went)
        return went

    async def people(self) -> AsyncIterator[Person]:
        writers = (who for who in self._tickets.writers.values() if who)
        owners = self._tickets.owners.values()
        speakers = (person for person, _ in self.participants)
        requesters = (it.requester for it in self.conversations.values())
        named = (act.who for act in self._audit.lines if act.who)
        rows = (Person.of(row.item.origin) for row in (*self.outbox, *self.dead))
        for person in (*writers, *owners, *speakers, *requesters, *named, *rows):
            yield person

    def deliverer(self) -> AbstractAsyncContextManager[bool]:
        return self._deliverer()

    @asynccontextmanager
    async def _deliverer(self) -> AsyncIterator[bool]:
        if self.delivering:
            yield False
            return
        self.delivering = True
        yield True
        self.delivering = False
