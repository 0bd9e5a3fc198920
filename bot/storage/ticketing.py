"""Tickets and their desk channels: the ports beside `Store`, and their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.storage.outgoing import Due, Lease, Outgoing
from bot.storage.person import Person
from dialogs.events import Event, Origin
from dialogs.replies import OpenTicket
from dialogs.ticket import Desk, Entry, Sheet, TicketRequest, TicketState, TicketStep
from dialogs.ticket.administering import DeskStep


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEntry:
    """One line of a ticket: who did what, when."""

    at: int
    by: str
    what: Entry
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket of the built-in desk."""

    number: int
    state: TicketState
    opened_at: int
    origin: Origin | None
    """The requester's; None once they were forgotten."""
    wanted: OpenTicket | None
    """The evidence; None once the requester was forgotten."""
    desk: Desk | None = None
    """The channel that has its card."""
    entries: tuple[TicketEntry, ...]
    """Oldest first."""


TicketDecide = Callable[[Sheet, TicketRequest], TicketStep]
"""Pure, as `Decide` is: see `dialogs.ticket.advance`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a request came to."""

    ticket: Ticket
    step: TicketStep
    """Nothing when the request was taken before."""
    handed: tuple[Outgoing, ...] = ()
    """The part of it that was leased to whoever asked, in order."""


class Tickets(Protocol):
    """The tickets, numbered 1, 2, 3 ... Every change is decided and written in one transaction."""

    async def open(
        self,
        key: str,
        origin: Origin,
        wanted: OpenTicket,
        now: int,
        decide: TicketDecide | None = None,
    ) -> int:
        """Open a ticket and return its number; the same `key` opens one only.

        `decide` is asked where it goes (`dialogs.ticket.Start`).
        """
        ...

    async def find(self, origin: Origin) -> int | None:
        """Return the ticket on whose card the thread of `origin` hangs; None when there is none."""
        ...

    async def entered(self, key: str) -> Entry | None:
        """Return what the journal says of the change with this `key`; None when there is none."""
        ...

    async def of(self, person: Person) -> Sequence[int]:
        """Return the tickets that `person` has asked for."""
        ...

    async def get(self, number: int) -> Ticket | None:
        """Return the ticket, or None when there is no such number."""
        ...

    async def list(self, limit: int = 100, *, unsolved: bool = False) -> Sequence[Ticket]:
        """Return the newest `limit` tickets, newest first, without their entries."""
        ...

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
        """Do what `decide` makes of `request`; None when there is no such ticket.

        `person` is who asks, when they are somebody who can be forgotten. The same `key` is done
        once only. `done` is the timer that brought it about: when it is no longer there, nothing
        happens. What desks are shown and the conversation is told goes into the outbox; `lease` as
        for `Store.turn`.
        """
        ...


DeskDecide = Callable[[Sequence[Desk]], DeskStep]
"""Pure: it may run on any thread, and again when a race was lost."""


class Desks(Protocol):
    """The channels that were made desks."""

    async def list(self) -> Sequence[Desk]:
        """Return all of them, the oldest first."""
        ...

    async def change(self, event: Event, decide: DeskDecide, now: int) -> bool:
        """Do what `decide` makes of the desks that are there, and leave its answer to `event`.

        One transaction; False when `event` was taken before. Tickets of a desk that is no more
        stay where they are.
        """
        ...
