"""Everything that can happen to a conversation, in words no platform owns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Timer = Literal["remind", "close", "claim", "fallback"]
"""What is done when nobody answers: ask again; stop waiting. When nobody takes a ticket: remind its
desk; name another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who spoke, where, and how to get back to that place."""

    platform: str
    conversation: str
    """Opaque and stable; begins with platform and tenant. Everything is keyed by it."""
    user: str
    """Opaque and stable within the platform; from the verified envelope, never from a button."""
    tenant: str = ""
    language: str = ""
    """What the platform says of the person's language ("ko", "en-GB"); "" when it says nothing."""
    route: Mapping[str, str] = field(default_factory=dict)
    """The adapter's own way back, refreshed by every event. Nobody else reads it."""
    guest: bool = False
    """From another organisation: answered like everybody, but no helper in somebody else's case."""
    name: str = ""
    """What the person is called there, if the platform says so: to be shown, never compared."""
    channel: str = ""
    """The channel, the same for everybody in it; "" where only this person and the bot are."""
    thread: str = ""
    """The message that the thread hangs on, as in `Receipt.message`; "" outside of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    id: str
    """Begins with the platform; the same happening always has the same id."""
    at: datetime
    """When it happened, with its zone. The engine has no other clock."""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(_Event):
    """The person opened the place again (or for the first time) and has said nothing yet."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message and is not read yet."""

    name: str
    """As its sender called it: to be shown, never trusted."""
    route: Mapping[str, str]
    """The adapter's own way to it; empty where there is none."""
    kind: Literal["text", "picture", "other"] = "text"
    """As the platform calls it; `text` is what may turn out to be one."""
    link: str = ""
    """Where people open it, from the envelope and not from anybody's words; "" when unknown."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file on its way from one side of a ticket to the other."""

    file: File
    platform: str
    """Where it was sent, and can be fetched."""
    ticket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(_Event):
    """Something that was written. `dialogs.intake` cleans it before anything else sees it."""

    text: str
    pictures: int = 0
    """How many pictures came with it; the bot reads none of them."""
    secrets: tuple[str, ...] = ()
    """Kinds of the secrets that were hidden from `text`."""
    cut: bool = False
    """True when `text` was longer than is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Words):
    """The person wrote something."""

    message: str = ""
    """The platform's id of it, where it may be edited or deleted later."""
    files: tuple[File, ...] = ()
    addressed: bool = True
    """False: it was said among several people and to nobody in particular. It may go on with what
    is open, and begins nothing."""
    token: str = ""
    """The token of the question in whose field it was written; "" when it is a message."""
    within: str = ""
    """What the keys of conversations begin with that this may be an answer to, where a direct chat
    is several of them; "" when it can only belong to its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Words):
    """A file that came with a message, as text."""

    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched(_Event):
    """A file that came with a message cannot be read."""

    file: File


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Words):
    """The person changed what they had written; `text` is all of it as it is now."""

    message: str
    of: str = ""
    """The id that the event of what was written first had; "" where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted(_Event):
    """The person took back what they had written."""

    message: str
    of: str = ""
    """As in `Edited`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected(Words):
    """Somebody wants to know what this message, their own or another's, says. Nothing begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chose(_Event):
    """The person pressed a button."""

    token: str
    """The token of the question that offered it."""
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked(_Event):
    """The person picked somebody from the platform's own list of people."""

    token: str
    """The token of the form that it was picked in."""
    user: str
    """Who was picked, as in `Origin.user`."""
    name: str = ""
    belongs: bool = False
    """Whether the platform says that they are of this organisation: no guest, no bot, not gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened(_Event):
    """The desk took the ticket."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRefused(_Event):
    """The desk did not take the ticket, and trying again will not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResolved(_Event):
    """An expert says the ticket is solved."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReopened(_Event):
    """The ticket is open again."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClaimed(_Event):
    """An expert has taken the ticket."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPassed(_Event):
    """The ticket goes on: to another expert, to another team, or back to nobody."""

    number: int
    to: Literal["expert", "team", "nobody"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAnswered(_Event):
    """An expert says something to the requester, on purpose."""

    number: int
    text: str = ""
    """Redacted."""
    corrected: bool = False
    """It replaces what was said before, under the same `line`."""
    line: str = ""
    """As in `Say.line`."""
    file: Attached | None = None
    """What came with it; `text` is what is in it, where it could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUnsaid(_Event):
    """An expert takes back what they said."""

    number: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUnpassed(_Event):
    """A file of the requester's did not get to the experts as it is."""

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRetry(_Event):
    """An expert asks the requester to try again."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDelayed(_Event):
    """Nobody has the ticket yet: its desk cannot be reached, or nobody there has taken it."""

    number: int
    why: Literal["unreachable", "unclaimed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketWaits(_Event):
    """The experts wait for the requester, who has not answered for long."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClosed(_Event):
    """The ticket was closed because the requester did not answer."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed(_Event):
    """The time that the conversation had set itself is over, and nobody has answered."""

    timer: Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten(_Event):
    """Everything known of this person was deleted; this is the last word about it."""


Event = (
    Arrived
    | Said
    | Fetched
    | Unfetched
    | Edited
    | Deleted
    | Inspected
    | Chose
    | Picked
    | TicketOpened
    | TicketRefused
    | TicketResolved
    | TicketReopened
    | TicketClaimed
    | TicketPassed
    | TicketAnswered
    | TicketUnsaid
    | TicketUnpassed
    | TicketRetry
    | TicketDelayed
    | TicketWaits
    | TicketClosed
    | Elapsed
    | Forgotten
)
