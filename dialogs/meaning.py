"""What an event can mean. `understanding.py` finds out what it does mean where we stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dialogs.diagnosis.model import Diagnosis
from dialogs.events import (
    Arrived,
    Elapsed,
    File,
    Forgotten,
    TicketAnswered,
    TicketClaimed,
    TicketClosed,
    TicketDelayed,
    TicketOpened,
    TicketPassed,
    TicketRefused,
    TicketReopened,
    TicketResolved,
    TicketRetry,
    TicketUnpassed,
    TicketUnsaid,
    TicketWaits,
    Unfetched,
)

How = Literal["new", "again", "same", "other"]
"""How a failure stands to the case that is open: there is none, or it is long ago; the same before
anything was tried; the same after something was tried; another cause."""

Sort = Literal["failure", "talk", "chat", "solved"]
"""Another failure; a question, a task and the like; small talk; the news that it works."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The current question is answered, by a press or by words."""

    choice: str
    label: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """A button of a question that is not the current one."""


@dataclass(frozen=True, slots=True)
class NoSuchChoice:
    """A number that none of the choices has."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """Words that mean something whatever is being asked."""

    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """A failure with a cause."""

    diagnosis: Diagnosis
    how: How = "new"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A failure whose cause stays open."""

    diagnosis: Diagnosis
    how: How = "new"


@dataclass(frozen=True, slots=True)
class Unrelated:
    """No auth failure."""

    diagnosis: Diagnosis
    sort: Sort


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing that could be read."""

    pictures: bool


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Files without a word, for the people who have the case."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Files without a word, of kinds that the bot does not read."""

    file: File


@dataclass(frozen=True, slots=True)
class NotYours:
    """Somebody pressed a button that only another one may press."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The message that began the case was edited, and says something else now."""

    reading: Reported | Doubtful | Unrelated


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The message that began the case was deleted."""


@dataclass(frozen=True, slots=True)
class Beside:
    """An edit or a deletion that changes nothing here, or words that were not for the bot."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Something that people have been told was edited."""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Something that people may have been told was taken back."""

    of: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody wants to know what a message says."""

    diagnosis: Diagnosis


News = (
    TicketClaimed
    | TicketPassed
    | TicketAnswered
    | TicketUnsaid
    | TicketUnpassed
    | TicketRetry
    | TicketDelayed
    | TicketWaits
    | TicketClosed
)
"""What experts do while they have a ticket."""

FromPeople = TicketOpened | TicketRefused | TicketResolved | TicketReopened | News

Meaning = (
    Answered
    | Outdated
    | NoSuchChoice
    | Commanded
    | Reported
    | Doubtful
    | Unrelated
    | Blank
    | Arrived
    | Enclosed
    | Unread
    | NotYours
    | Corrected
    | Withdrawn
    | Beside
    | Rewritten
    | Unsaid
    | Looked
    | FromPeople
    | Unfetched
    | Elapsed
    | Forgotten
)
