"""A store in memory that keeps every promise of the port."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

from adapters.base import Receipt
from bot.clock import milliseconds
from bot.storage import (
    Backlog,
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
    Shown,
    Snapshot,
)
from bot.storage.keeping import Act, Cut, Went, deeds
from bot.storage.naming import card_of, thread_key
from dialogs.events import (
    Arrived,
    Chose,
    Event,
    Forgotten,
    Origin,
    Said,
)
from dialogs.redaction import redact
from dialogs.replies import Ask, Effect, Forget, Reply, SetTimer, Settle, StopTimer
from dialogs.state import Idle
from tests.bot.fake_keeping import FakeAudit, FakeLetters, Row, purge
from tests.bot.fake_tickets import FakeDesks, FakeTickets


@dataclass
class _Conversation:
    snapshot: Snapshot
    requester: Person
    route: Origin
    updated_at: int = 0


class FakeStore:
    """A store in memory; `conflicts` is how many turns from now on lose a race."""

    def __init__(self) -> None:
        self.conversations: dict[str, _Conversation] = {}
        self.participants: set[tuple[Person, str]] = set()
        self.inbox: dict[str, int] = {}
        self.outbox: list[Row] = []
        self.dead: list[Row] = []
        self.turns: list[tuple[int, str | None, Note]] = []
        self.shown: dict[tuple[str, str], Shown] = {}
        self.threads: dict[str, str] = {}
        self.running: dict[str, Due] = {}
        self.conflicts = 0
        self.delivering = False
        self._audit = FakeAudit()
        self._letters = FakeLetters(self)
        self._tickets = FakeTickets(self)
        self._desks = FakeDesks(self)
        self._last = 0

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
        items = (*decision.replies, *decision.effects)
        keyed = {
            f"{event.id}:{n}": item
            for n, item in enumerate(items)
            if not isinstance(item, SetTimer | StopTimer) and getattr(item, "to", "") != "presser"
        }
        fleeting = isinstance(event, Forgotten)
        handed = self.put(event.origin, keyed, now, fleeting=fleeting, lease=lease)
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
        self._unname({where})
        here = [row for row in self.outbox if row.item.origin.conversation == where]
        for row in here:
            row.fleeting = True
            if isinstance(row.item.item, Effect | Event):
                self.outbox.remove(row)

    def _unname(self, gone: set[str]) -> None:
        self.turns = [(at, None if it in gone else it, note) for at, it, note in self.turns]

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def put(
        self,
        origin: Origin,
        items: Mapping[str, Reply | Effect | Event],
        now: int,
        *,
        fleeting: bool = False,
        lease: Lease | None = None,
        person: Person | None = None,
    ) -> tuple[Outgoing, ...]:
        busy = {row.lane for row in self.outbox}
        ours = lease is not None and origin.platform in lease.platforms
        if not ours and any(isinstance(item, Reply) for item in items.values()):
            busy.add(origin.conversation)
        handed: list[Outgoing] = []
        for key, item in items.items():
            beside = isinstance(item, Effect | Event) and not isinstance(item, Forget)
            lane = f"{origin.conversation}:fx" if beside else origin.conversation
            leased = lease is not None and lane not in busy
            until = lease.until if lease and leased else 0
            outgoing = Outgoing(
                id=self.next_id(),
                key=key,
                lane=lane,
                origin=origin,
                item=item,
                attempts=int(leased),
                leased_until=until,
                shown=self._card(origin, item),
            )
            row = Row(outgoing, until or now, now, leased=leased, fleeting=fleeting)
            row.person = person or Person.of(origin)
            self.outbox.append(row)
            handed += [outgoing] if leased else []
        return tuple(handed)

    def _card(self, origin: Origin, item: Reply | Effect | Event) -> Shown | None:
        return self.shown.get((origin.conversation, card_of(item)))

    async def claim(self, scope: Scope, now: int, until: int, limit: int) -> Sequence[Outgoing]:
        claimed: list[Outgoing] = []
        lanes: set[str] = set()
        for row in self.outbox:
            head = row.lane not in lanes
            lanes.add(row.lane)
            if head and row.due <= now and self._within(scope, row) and len(claimed) < limit:
                row.item = replace(
                    row.item,
                    attempts=row.item.attempts + 1,
                    leased_until=until,
                    shown=self._card(row.item.origin, row.item.item),
                )
                row.due, row.leased = until, True
                claimed.append(row.item)
        return claimed

    @staticmethod
    def _within(scope: Scope, row: Row) -> bool:
        item, where = row.item.item, row.item.origin
        here = scope.conversation in (None, where.conversation)
        return here and (isinstance(item, Effect | Event) or where.platform in scope.platforms)

    async def done(self, outgoing: Outgoing, receipt: Receipt | None = None) -> bool:
        where = outgoing.origin.conversation
        match outgoing.item:
            case Ask(stays=True) if (
                outgoing.shown and receipt and receipt.message in ("", outgoing.shown.message)
            ):
                pass  # it is where it was
            case Ask(token=token) as asked if receipt and receipt.message:
                route = json.dumps(dict(receipt.route)) if receipt.route else ""
                self.shown[where, token] = Shown(message=receipt.message, asked=asked, route=route)
                if asked.stays:
                    self.threads[thread_key(outgoing.origin, receipt.message)] = token
            case Settle(token=token):
                self.shown.pop((where, token), None)
        found = self.conversations.get(where)
        if found and receipt and receipt.route:
            found.route = replace(found.route, route=receipt.route)
        self.outbox = [row for row in self.outbox if row.item.id != outgoing.id]
        return any(row.lane == outgoing.lane for row in self.outbox)

    async def give_back(self, outgoing: Sequence[Outgoing], now: int) -> None:
        for row in self.outbox:
            if row.item in outgoing and row.leased:
                row.item = replace(row.item, attempts=row.item.attempts - 1)
                row.due, row.leased = now, False

    async def postpone(self, outgoing: Outgoing, due: int, error: str) -> None:
        for row in self.outbox:
            if row.item == outgoing and row.leased:
                row.due, row.leased, row.error = due, False, redact(error).text

    async def bury(self, done: Outgoing | Due, now: int, error: str) -> None:
        if isinstance(done, Due):
            if self.running.get(done.origin.conversation) == done:
                del self.running[done.origin.conversation]
            return
        found = [row for row in self.outbox if row.item.id == done.id]
        self.dead += [
            replace(row, died_at=now, error=redact(error).text, leased=False)
            for row in found
            if not row.fleeting
        ]
        self.outbox = [row for row in self.outbox if row not in found]

    async def release(self, scope: Scope, now: int) -> int:
        held = [row for row in self.outbox if row.leased and self._within(scope, row)]
        for row in held:
            row.due, row.leased = now, False
        return len(held)

    async def timers(self, scope: Scope, now: int, limit: int) -> Sequence[Due]:
        due = [it for it in self.running.values() if it.at <= now]
        ours = [it for it in due if it.origin.platform in scope.platforms]
        return sorted(ours, key=lambda it: it.at)[:limit]

    async def backlog(self) -> Backlog:
        oldest = min((row.due for row in self.outbox), default=None)
        return Backlog(waiting=len(self.outbox), oldest=oldest, dead=len(self.dead))

    async def forget(
        self, person: Person, *, sparing: Outgoing | None = None, act: Act | None = None
    ) -> Went:
        before = len(self.conversations)
        self._forget(person, sparing)
        went = +Counter({"conversation": before - len(self.conversations)})
        went["audit"] += self._audit.forget(person)
        if act is not None and +went:
            self._audit.record(act, went)
        return +went

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

    def _forget(self, person: Person, sparing: Outgoing | None) -> None:
        spared = sparing.origin.conversation if sparing else None
        theirs = {name for name, found in self.conversations.items() if found.requester == person}
        for row in list(self.outbox):
            self._forget_row(row, person, theirs, sparing)
        self.dead = [row for row in self.dead if not _of(row, person, theirs)]
        self._tickets.forget(person)
        for name in theirs - {spared}:
            self.running.pop(name, None)
            self.shown = {key: card for key, card in self.shown.items() if key[0] != name}
        self._unname(theirs)
        self.participants = {
            (who, where)
            for who, where in self.participants
            if where == spared or (who != person and where not in theirs)
        }
        for name in theirs - {spared}:
            del self.conversations[name]

    def _forget_row(
        self, row: Row, person: Person, theirs: set[str], sparing: Outgoing | None
    ) -> None:
        if not _of(row, person, theirs):
            return
        here = sparing is not None and row.item.origin.conversation == sparing.origin.conversation
        if here and not isinstance(row.item.item, Effect | Event):
            row.fleeting = True
        elif not (here and sparing and row.item.id == sparing.id):
            self.outbox.remove(row)

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


def _of(row: Row, person: Person, theirs: set[str]) -> bool:
    where = row.item.origin
    return where.conversation in theirs or (row.person or Person.of(where)) == person
