"""The store on a database: every method is one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.base import Receipt
from bot.storage import (
    Backlog,
    Decide,
    Decision,
    Due,
    Known,
    Lease,
    Outgoing,
    Person,
    Scope,
    Snapshot,
    ledgers,
)
from bot.storage.keeping import Act, Cut, Went
from bot.storage.running import Runner
from bot.storage.scrubbing import scrub
from bot.storage.sql_tickets import SqlDesks, SqlTickets
from bot.storage.transactions import deliveries, timers, turns
from dialogs.events import Event, Forgotten
from dialogs.redaction import redact

_UNHEARD = 1_000
"""Events that are remembered because a commit was not answered."""


@dataclass(slots=True)
class _Call:
    """One call of `SqlStore.turn`, which the runner may try several times."""

    tried: bool
    """Whether the event may be stored by an attempt that nobody heard of any more."""


class SqlStore:
    """See `bot.storage.Store`."""

    def __init__(
        self, runner: Runner, worker: str, alone: Callable[[], AbstractAsyncContextManager[bool]]
    ) -> None:
        """`worker` names this process's leases; `alone` is what `deliverer` does."""
        self._runner = runner
        self._run = runner.run
        self._worker = worker
        self._alone = alone
        self._tickets = SqlTickets(runner, worker)
        self._desks = SqlDesks(runner)
        self._audit = ledgers.SqlAudit(runner)
        self._letters = ledgers.SqlLetters(runner)
        self._last_words: set[str] = set()
        self._unheard: dict[str, None] = {}
        """Events that may be stored, although nobody was told what came of them."""

    @property
    def tickets(self) -> SqlTickets:
        """See `Store.tickets`."""
        return self._tickets

    @property
    def desks(self) -> SqlDesks:
        """See `Store.desks`."""
        return self._desks

    @property
    def audit(self) -> ledgers.SqlAudit:
        """See `Store.audit`."""
        return self._audit

    @property
    def letters(self) -> ledgers.SqlLetters:
        """See `Store.letters`."""
        return self._letters

    async def load(self, conversation: str) -> Snapshot:
        """See `Store.load`."""
        return await self._run(turns.snapshot, conversation)

    async def begun_by(self, person: Person, limit: int) -> Sequence[Known]:
        """See `Store.begun_by`."""
        return await self._run(turns.begun_by, person, limit)

    async def turn(
        self,
        event: Event,
        decide: Decide,
        now: int,
        *,
        done: Outgoing | Due | None = None,
        lease: Lease | None = None,
    ) -> Decision | None:
        """See `Store.turn`."""
        call = _Call(tried=event.id in self._unheard)
        self._unheard.pop(event.id, None)  # so that one alone of several callers takes it up
        heard = False
        try:
            decision = await self._run(self._turn, event, decide, now, done, lease, call)
            heard = True
        finally:
            if not heard:
                self._remember(event.id)
        if isinstance(event, Forgotten):
            self._last_words.add(event.id)
            await scrub(self._runner)
        return decision

    def _turn(
        self,
        db: sa.Connection,
        event: Event,
        decide: Decide,
        now: int,
        done: Outgoing | Due | None,
        lease: Lease | None,
        call: _Call,
    ) -> Decision | None:
        """Take a turn; when it was committed before and that was never heard of, what it leased is
        in nobody's hand and need not wait until the lease runs out.
        """
        tried, call.tried = call.tried, True
        decision = turns.turn(db, event, decide, now, done, lease, self._worker)
        if decision is None and tried:
            deliveries.let_go(db, self._worker, event, now)
        return decision

    def _remember(self, event: str) -> None:
        if len(self._unheard) >= _UNHEARD:
            del self._unheard[next(iter(self._unheard))]
        self._unheard[event] = None

    async def claim(self, scope: Scope, now: int, until: int, limit: int) -> Sequence[Outgoing]:
        """See `Store.claim`."""
        return await self._run(deliveries.claim, self._worker, scope, now, until, limit)

    async def done(self, outgoing: Outgoing, receipt: Receipt | None = None) -> bool:
        """See `Store.done`."""
        more = await self._runner.run_alone(deliveries.done, outgoing, receipt)
        await self._leave_no_trace(outgoing)
        return more

    async def postpone(self, outgoing: Outgoing, due: int, error: str) -> None:
        """See `Store.postpone`."""
        await self._run(deliveries.postpone, self._worker, outgoing, due, redact(error).text)

    async def give_back(self, outgoing: Sequence[Outgoing], now: int) -> None:
        """See `Store.give_back`."""
        await self._run(deliveries.give_back, self._worker, outgoing, now)

    async def bury(self, done: Outgoing | Due, now: int, error: str) -> None:
        """See `Store.bury`."""
        if isinstance(done, Due):
            await self._run(timers.take, done)
            return
        await self._run(deliveries.bury, done.id, now, redact(error).text)
        await self._leave_no_trace(done)

    async def _leave_no_trace(self, outgoing: Outgoing) -> None:
        """The last word to somebody who was forgotten named them; then nothing does."""
        event, _, _ = outgoing.key.rpartition(":")
        if event in self._last_words:
            self._last_words.discard(event)
            await scrub(self._runner)

    async def release(self, scope: Scope, now: int) -> int:
        """See `Store.release`."""
        return await self._run(deliveries.release, self._worker, scope, now)

    async def timers(self, scope: Scope, now: int, limit: int) -> Sequence[Due]:
        """See `Store.timers`."""
        return await self._run(timers.run_out, scope, now, limit)

    async def backlog(self) -> Backlog:
        """See `Store.backlog`."""
        return await self._run(deliveries.backlog)

    async def forget(
        self, person: Person, *, sparing: Outgoing | None = None, act: Act | None = None
    ) -> Went:
        """See `Store.forget`."""
        return await ledgers.forget(self._runner, person, sparing, act)

    async def purge(self, cut: Cut, act: Act | None = None) -> Went:
        """See `Store.purge`."""
        return await ledgers.purge(self._runner, cut, act)

    def people(self) -> AsyncIterator[Person]:
        """See `Store.people`."""
        return ledgers.everyone(self._runner)

    def deliverer(self) -> AbstractAsyncContextManager[bool]:
        """See `Store.deliverer`."""
        return self._alone()
