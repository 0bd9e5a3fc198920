"""Where a ticket can stand. One class for each thing that can be true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who may have a ticket."""

    user: str = ""
    """As in `Origin.user`; "" for whoever works in a shell."""
    name: str = ""
    """What they are called, to be shown."""

    @property
    def who(self) -> str:
        """Return what tells them from others: their id, or in a shell their name."""
        return self.user or self.name

    @property
    def shown(self) -> str:
        """Return what they are called, or else who they are."""
        return self.name or self.user.rpartition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Nobody has it yet."""

    delayed: bool = False
    """The requester was told that it takes longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An expert has it, and it is their move."""

    by: Expert


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An expert has it, and it is the requester's move."""

    by: Expert
    retry: bool = False
    """The requester was asked to try again, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Somebody says it is solved."""

    by: str
    at: datetime
    cause: str = ""
    """What it was, if they said so: one of the causes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Nobody works on it, and nobody says that it is solved."""

    at: datetime
    why: Literal["withdrawn", "silence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """It was called solved and was not; nobody has it yet."""

    delayed: bool = False


@dataclass(frozen=True, slots=True)
class Erased:
    """The requester asked to be forgotten: its number is all that is left."""


TicketState = Open | Claimed | Waiting | Resolved | Closed | Reopened | Erased


def name_of(state: TicketState) -> str:
    """Return the name of a state, as it is kept and listed: "open"."""
    return type(state).__name__.lower()


UNSOLVED = ("open", "claimed", "waiting", "reopened")
"""Names of the states in which somebody still waits for something."""
REOPENABLE = ("resolved", "closed")
OVER = (*REOPENABLE, "erased")
