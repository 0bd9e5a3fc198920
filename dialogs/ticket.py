"""The life of a ticket: what people may do with one, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Open:
    """Nobody has solved it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Somebody says it is solved."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reopened:
    """It was called solved and was not."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The requester asked to be forgotten: its number is all that is left."""


TicketState = Open | Resolved | Reopened | Erased


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    by: str
    """Who asks, in words that may be shown."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLine(_Request):
    """Write something further on it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(_Request):
    """Call it solved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(_Request):
    """Call it unsolved again."""


TicketRequest = AddLine | Resolve | Reopen

Entry = Literal["opened", "added", "resolved", "reopened"]
"""What a ticket's journal may say of a change."""


@dataclass(frozen=True, slots=True)
class TicketStep:
    """What a request comes to; without an `entry` nothing happened."""

    state: TicketState
    entry: Entry | None = None


def advance(state: TicketState, request: TicketRequest) -> TicketStep:
    """Decide what `request` does to a ticket that stands at `state`."""
    match state, request:
        case Erased(), _:
            return TicketStep(state)
        case _, AddLine():
            return TicketStep(state, "added")
        case ((Open() | Reopened()), Resolve(by=by, at=at)):
            return TicketStep(Resolved(by=by, at=at), "resolved")
        case Resolved(), Reopen():
            return TicketStep(Reopened(), "reopened")
        case _:
            return TicketStep(state)
