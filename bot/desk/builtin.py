"""The desk that needs nothing else: its tickets are in the store, `flowmend tickets` shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.clock import milliseconds
from bot.desk import Refused
from bot.storage import Person, Ticket, Tickets
from dialogs.events import Origin
from dialogs.replies import AddToTicket, OpenTicket, ReopenTicket
from dialogs.ticket import AddLine, Erased, Reopen


class BuiltinDesk:
    """See `bot.desk.Desk`."""

    def __init__(self, tickets: Tickets, now: Callable[[], datetime]) -> None:
        self._tickets = tickets
        self._now = now

    async def open(self, key: str, origin: Origin, wanted: OpenTicket) -> int:
        """See `Desk.open`."""
        return await self._tickets.open(key, origin, wanted, milliseconds(self._now()))

    async def add(self, key: str, origin: Origin, wanted: AddToTicket) -> None:
        """See `Desk.add`."""
        line = AddLine(by=origin.user, at=self._now(), text=wanted.text)
        person = Person.of(origin)
        _known(await self._tickets.change(wanted.number, line, person=person, key=key))

    async def reopen(self, key: str, origin: Origin, wanted: ReopenTicket) -> None:
        """See `Desk.reopen`."""
        again = Reopen(by=origin.user, at=self._now())
        person = Person.of(origin)
        _known(await self._tickets.change(wanted.number, again, person=person, key=key))


def _known(ticket: Ticket | None) -> None:
    if ticket is None or isinstance(ticket.state, Erased):
        raise Refused("there is no such ticket")
