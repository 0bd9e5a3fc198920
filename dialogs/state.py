"""Where a conversation stands. One class for each thing that can be true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialogs.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """Nothing is going on."""

    language: str = ""
    """What the person asked for or wrote in; "" until that is known. Every state keeps it."""
    ticket: int | None = None
    """What people still have, of the case that was left last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarifying:
    """The message left more than one cause open; one question was asked."""

    language: str
    case: Case
    token: str
    causes: tuple[str, ...]
    """Offered as buttons, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guiding:
    """The person is at `step` of the playbook `cause`."""

    language: str
    case: Case
    token: str
    cause: str
    step: str
    trail: tuple[str, ...] = ()
    """Steps of this playbook that were passed, for *back*; the newest last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """A step did not help; the person was asked for the message that shows now."""

    language: str
    case: Case
    token: str
    cause: str
    step: str
    """The step that did not help."""
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """There is nothing to guide through: no auth failure, none of the causes, no ticket; the bot
    said so and offers a person."""

    language: str
    case: Case
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """A ticket was asked for; the desk has not answered yet."""

    language: str
    case: Case
    later: tuple[str, ...] = ()
    """What the requester wrote since; the ticket gets it as soon as it has its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """People have it."""

    language: str
    case: Case
    ticket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying:
    """People have it, and have asked the requester to try once more."""

    language: str
    case: Case
    token: str
    ticket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The person says it works, or an expert resolved the ticket. One press re-opens it."""

    language: str
    case: Case
    token: str
    cause: str = ""
    step: str = ""
    """The step that was answered last; "" when people fixed it."""
    trail: tuple[str, ...] = ()
    ticket: int | None = None
    since: datetime | None = None
    """When the ticket was solved or closed; None when that was not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """The person said "forget me" and was asked whether to go through with it."""

    language: str
    token: str
    by: str = ""
    """Who said so, as in `Origin.user`: nobody else can answer."""
    back_to: (
        Clarifying | Guiding | Listening | Offering | HandedOver | Retrying | Fixed | Lapsed | Idle
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """Nobody answered for long, and the bot no longer waits; one press takes it up again."""

    language: str
    token: str
    back_to: Clarifying | Guiding | Listening


State = (
    Idle
    | Clarifying
    | Guiding
    | Listening
    | Offering
    | HandingOver
    | HandedOver
    | Retrying
    | Fixed
    | Forgetting
    | Lapsed
)
