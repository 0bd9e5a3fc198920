"""Our own desk: its tickets are in the store, in desk channels, and in `flowmend tickets`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.clock import milliseconds
from bot.desk import Refused
from bot.storage import Person, TicketDecide, Tickets
from dialogs.events import Origin
from dialogs.replies import AddToTicket, OpenTicket, ReopenTicket, WithdrawTicket
from dialogs.ticket import AddLine, Erased, Reopen, TicketRequest, Withdraw


class BuiltinDesk:
    """See `bot.desk.Desk`."""

    def __init__(self, tickets: Tickets, now: Callable[[], datetime], decide: TicketDecide) -> None:
        """`decide` is the tickets' table."""
        self._tickets = tickets
        self._now = now
        self._decide = decide

    async def open(self, key: str, origin: Origin, wanted: OpenTicket) -> int:
        """See `Desk.open`."""
        now = milliseconds(self._now())
        return await self._tickets.open(key, origin, wanted, now, self._decide)

    async def add(self, key: str, origin: Origin, wanted: AddToTicket) -> None:
        """See `Desk.add`."""
        line = AddLine(
            by=origin.user,
            at=self._now(),
            text=wanted.text,
            file=wanted.file,
            of=wanted.of,
            change=wanted.change,
        )
        await self._change(key, origin, wanted.number, line)

    async def reopen(self, key: str, origin: Origin, wanted: ReopenTicket) -> None:
        """See `Desk.reopen`."""
        again = Reopen(by=origin.user, at=self._now(), side="requester", text=wanted.text)
        await self._change(key, origin, wanted.number, again)

    async def withdraw(self, key: str, origin: Origin, wanted: WithdrawTicket) -> None:
        """See `Desk.withdraw`."""
        done = Withdraw(by=origin.user, at=self._now(), solved=wanted.solved)
        await self._change(key, origin, wanted.number, done)

    async def _change(self, key: str, origin: Origin, number: int, request: TicketRequest) -> None:
        person = Person.of(origin)
        changed = await self._tickets.change(number, request, self._decide, person=person, key=key)
        if changed is None or isinstance(changed.ticket.state, Erased):
            raise Refused("there is no such ticket")
        if changed.step.refused:
            raise Refused("the ticket does not allow that any more")
