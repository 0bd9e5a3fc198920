"""What the ticket's table is given, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dialogs.events import Event, Origin
from dialogs.naming import ticket_name
from dialogs.replies import Ask, OpenTicket, Say, SetTimer, StopTimer
from dialogs.ticket.desks import Desk
from dialogs.ticket.requests import Recur
from dialogs.ticket.state import Expert, TicketState

Entry = Literal[
    "opened",
    "added",
    "claimed",
    "assigned",
    "released",
    "transferred",
    "answered",
    "retry",
    "resolved",
    "reopened",
    "withdrawn",
    "closed",
    "delayed",
    "unpassed",
    "edited",
    "unsaid",
]
"""What a ticket's journal may say of a change."""

WORK: tuple[Entry, ...] = ("claimed", "answered", "retry", "resolved", "assigned", "released")
"""What somebody does who works at a desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A ticket with all that is needed to decide about it."""

    number: int
    state: TicketState
    version: int = 1
    """Counts its changes; with the number it names what comes of the next one."""
    origin: Origin | None = None
    """The requester's conversation, by its newest way back; None once they were forgotten."""
    wanted: OpenTicket | None = None
    desk: Desk | None = None
    """Where its card is; None when no desk channel has it."""
    desks: tuple[Desk, ...] = ()
    """All that there are, the oldest first."""
    experts: tuple[Expert, ...] = ()
    """Who has worked at this desk, the newest first; known only where it matters."""
    earlier: tuple[int, ...] = ()
    """Tickets of the same cause that are solved, the newest first."""

    @property
    def name(self) -> str:
        """Return what people call it, which is also the token of its card."""
        return ticket_name(self.number)


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that a desk channel is shown."""

    desk: Desk
    reply: Say


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketStep:
    """What a request comes to; without an `entry` nothing is journalled."""

    state: TicketState
    entry: Entry | None = None
    text: str = ""
    """What the journal keeps with the entry."""
    desk: Desk | None = None
    """Where the ticket is from now on."""
    shown: tuple[Shown, ...] = ()
    """To desk channels, in this order."""
    whispers: tuple[Say, ...] = ()
    """To whoever asked, and nobody else; part of the answer alone."""
    tells: tuple[Event, ...] = ()
    """What the requester's conversation hears."""
    moves_to: Recur | None = None
    """The requester's conversation and evidence from now on, if they are others than before."""
    timer: SetTimer | StopTimer | None = None
    refused: bool = False
    """True when it cannot be done at all, however often it is asked."""

    @property
    def card(self) -> Ask | None:
        """Return the card as it is now, if this step shows it anew."""
        cards = (it.reply for it in self.shown if isinstance(it.reply, Ask) and it.reply.stays)
        return next(reversed([*cards]), None)
