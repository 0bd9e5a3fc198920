"""What the bot may answer, and what it may ask the outside world to do."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal

from dialogs.case import Case
from dialogs.events import Attached, File, Timer


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that answers."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A place to write in, for platforms whose threads a bot does not hear."""

    label: str
    """What to write there."""
    button: str
    """What sends it."""
    person: bool = False
    """Somebody is to be named: a platform may show its own list of people."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is known: heading and value; the value may come from a person."""

    heading: str
    value: str
    calls: str = ""
    """Whose name the value is, as in `Origin.user`, if they are to be called by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Words without a question.

    `text` is paragraphs in our own words; `**bold**` is their only markup. Whatever came from a
    person stands in `facts`, `quote` and `rows`, which are shown as they are and never interpreted.
    """

    text: tuple[str, ...]
    quote: str = ""
    """Words for the person to copy and send on."""
    facts: tuple[str, ...] = ()
    """What was read from the message, each ready to show: "AADSTS50173", "SharePoint"."""
    facts_title: str = ""
    """What stands before the facts: "Read from your message"."""
    links: tuple[Link, ...] = ()
    to: Literal["everyone", "presser"] = "everyone"
    """Who sees it. What only the presser sees is part of the answer, and of nothing else."""
    rows: tuple[Row, ...] = ()
    """What is known, as a table; its values are shown as they are and never interpreted."""
    under: str = ""
    """The token of the card in whose thread it is said; "" in the conversation itself."""
    line: str = ""
    """Its own token, if it may be changed: whoever wrote it first may edit it, or take it back."""
    change: Literal["", "edit", "unsay"] = ""
    """It takes the place of what was said under the same `line`. If that is nowhere, an edit is
    said anew, and what was taken back is not mentioned."""
    file: Attached | None = None
    """A picture, or a file that can only be spoken of, that goes with it."""
    otherwise: tuple[str, ...] = ()
    """Paragraphs that follow when `file` cannot be shown; `links` are shown only then, too."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is, while it is passed on: nobody keeps it."""

    name: str
    type: str
    """`image/png`, by what is in it."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured(Say):
    """Words with the picture that `file` is; made by whoever delivers, and never kept."""

    picture: Picture


def pictured(said: Say, picture: Picture) -> Pictured:
    """Return `said` with `picture`, and without the links that would lead to it."""
    known = {one.name: getattr(said, one.name) for one in fields(Say)}
    return Pictured(**known | {"links": ()}, picture=picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Say):
    """Words and the buttons that answer them."""

    token: str
    """New each time it is asked; comes back with the press."""
    choices: tuple[Choice, ...]
    field: Field | None = None
    """Where words answer it as well. What is written there is `Said`."""
    stays: bool = False
    """A card in a channel: asked again under the same token, it is changed where it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """The question `token` is answered: show what with, and take its buttons away."""

    token: str
    answer: str
    """The label of the choice, or what replaced it, ready to show."""
    by: str
    """The user who answered, as in `Origin.user`."""
    asked: Ask | None = None
    """The question as it was shown, so that a platform can show it again without its buttons. The
    engine leaves it out: whoever delivers has kept it."""


Reply = Ask | Say | Settle


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """Hand the case to people. Comes back as `TicketOpened` or `TicketRefused`."""

    case: Case
    subject: str
    """One line in the requester's language: what is broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddToTicket:
    """Pass the requester's further words, or a file, to whoever has the ticket."""

    number: int
    text: str = ""
    """With a file: what is in it, which whoever delivers finds out."""
    file: File | None = None
    of: str = ""
    """The event that it was first written in."""
    change: Literal["", "edit", "unsay"] = ""
    """Whether it takes the place of what was written then, or takes it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTicket:
    """It fails again after all. Comes back as `TicketReopened`, or as `TicketRefused`."""

    number: int
    text: str = ""
    """In what words, when they were words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawTicket:
    """The requester needs nobody any more."""

    number: int
    solved: bool = False
    """They say that it works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Delete everything known of the person who said so. Comes back as `Forgotten`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Read a file that came with a message. Comes back as `Fetched` or `Unfetched`."""

    file: File


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """Comes back as `Elapsed` at `at`; a later timer of the same conversation takes its place."""

    timer: Timer
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTimer:
    """Nothing is waited for any more."""


Effect = (
    OpenTicket | AddToTicket | ReopenTicket | WithdrawTicket | Forget | Fetch | SetTimer | StopTimer
)
