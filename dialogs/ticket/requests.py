"""What may be asked of a ticket, and what may happen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dialogs.events import Origin, Timer
from dialogs.replies import OpenTicket
from dialogs.ticket.state import Expert

Side = Literal["desk", "requester"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    by: str
    """Who asks, in words that may be shown."""
    at: datetime
    user: str = ""
    """Who asks, as in `Origin.user`; "" for a shell and for the bot itself."""
    side: Side = "desk"
    """A requester's own conversation knows already what it asked for."""
    desk: str = ""
    """The key of the desk channel in which it was asked; "" when it was asked elsewhere."""

    @property
    def expert(self) -> Expert:
        """Return who asks, as somebody who may have the ticket."""
        return Expert(self.user, self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(_Request):
    """It was opened just now: find its desk."""

    side: Side = "requester"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recur(_Request):
    """Whoever asked for it comes back, in a conversation of their own, with a problem."""

    origin: Origin
    wanted: OpenTicket
    side: Side = "requester"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLine(_Request):
    """The requester writes something further."""

    text: str
    side: Side = "requester"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(_Request):
    """The requester needs nobody any more."""

    solved: bool = False
    """They say that it works."""
    side: Side = "requester"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(_Request):
    """Take it."""

    over: bool = False
    """From whoever has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(_Request):
    """Give it to another expert."""

    to: str
    """A user, or what an expert of this desk is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(_Request):
    """Put it back, for whoever takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(_Request):
    """Move it to another desk channel."""

    to: str
    """The desk's key or name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(_Request):
    """Say something to the requester."""

    text: str
    corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry(_Request):
    """Ask the requester to try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(_Request):
    """Call it solved."""

    cause: str = ""
    """What it was: one of the causes, or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(_Request):
    """Call it unsolved again."""

    text: str = ""
    """In what words, when they were words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFor(_Request):
    """Show a form to whoever asks, and to nobody else."""

    what: Literal["reply", "resolve", "assign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Show(_Request):
    """Show the card as it is now; nothing changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue(_Request):
    """The time that the ticket had set itself is over."""

    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(_Request):
    """Its card does not get to its desk (`desk`)."""


TicketRequest = (
    Start
    | Recur
    | AddLine
    | Withdraw
    | Claim
    | Assign
    | Release
    | Transfer
    | Answer
    | Retry
    | Resolve
    | Reopen
    | AskFor
    | Show
    | Overdue
    | Lost
)
