"""Tickets and desk channels on a database: every method is one transaction."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.storage import Changed, DeskDecide, Due, Lease, Person, Ticket, TicketDecide
from bot.storage.keys import person_key
from bot.storage.running import Runner
from bot.storage.transactions import desks, ticket_turns, tickets
from dialogs.events import Event, Origin
from dialogs.replies import OpenTicket
from dialogs.ticket import Desk, Entry, TicketRequest


class SqlTickets:
    """See `bot.storage.Tickets`."""

    def __init__(self, runner: Runner, worker: str) -> None:
        """`worker` names this process's leases."""
        self._run = runner.run
        self._worker = worker

    async def open(
        self,
        key: str,
        origin: Origin,
        wanted: OpenTicket,
        now: int,
        decide: TicketDecide | None = None,
    ) -> int:
        """See `Tickets.open`."""
        return await self._run(tickets.open_ticket, key, origin, wanted, now, decide)

    async def find(self, origin: Origin) -> int | None:
        """See `Tickets.find`."""
        return await self._run(tickets.find, origin)

    async def entered(self, key: str) -> Entry | None:
        """See `Tickets.entered`."""
        return await self._run(tickets.entered, key)

    async def of(self, person: Person) -> Sequence[int]:
        """See `Tickets.of`."""
        return await self._run(tickets.of_person, person_key(person))

    async def get(self, number: int) -> Ticket | None:
        """See `Tickets.get`."""
        return await self._run(tickets.get, number)

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
        """See `Tickets.change`."""

        def changed(db: sa.Connection) -> Changed | None:
            came = ticket_turns.change(
                db, number, request, decide, person, key, done, lease, self._worker
            )
            ticket = tickets.get(db, number)
            return Changed(ticket=ticket, step=came[0], handed=came[1]) if came and ticket else None

        return await self._run(changed)

    async def list(self, limit: int = 100, *, unsolved: bool = False) -> Sequence[Ticket]:
        """See `Tickets.list`."""
        return await self._run(tickets.newest, limit, unsolved)


class SqlDesks:
    """See `bot.storage.Desks`."""

    def __init__(self, runner: Runner) -> None:
        self._run = runner.run

    async def list(self) -> Sequence[Desk]:
        """See `Desks.list`."""
        return await self._run(desks.everyone)

    async def change(self, event: Event, decide: DeskDecide, now: int) -> bool:
        """See `Desks.change`."""
        return await self._run(desks.change, event, decide, now)
