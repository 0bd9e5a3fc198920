"""What may be asked of a ticket, and what may happen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dialogs.events import File, Origin, Timer
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
    secrets: tuple[str, ...] = ()
    """Kinds of the secrets that were hidden from its words."""

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
    """The requester writes something further, or sends a file."""

    text: str
    """With a file: what is in it, "" where that is no text or was not found out."""
    file: File | None = None
    of: str = ""
    """The event that it was first written in."""
    change: Literal["", "edit", "unsay"] = ""
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
    name: str = ""
    """What they are called, where the platform says so."""
    belongs: bool = True
    """False when the platform does not say that they are of this organisation."""


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
    of: str = ""
    """The event that it was first written in."""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(_Request):
    """Say something else in the place of what was said to the requester."""

    text: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsay(_Request):
    """Take back what was said to the requester."""

    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpassed(_Request):
    """A file did not get to the other side as it is: whoever sent it hears so."""

    name: str
    sender: Side


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
    | Correct
    | Unsay
    | Unpassed
    | Retry
    | Resolve
    | Reopen
    | AskFor
    | Show
    | Overdue
    | Lost
)
