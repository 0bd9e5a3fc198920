"""What is kept, for how long, and who did what: the ports beside `Store`, and their values.

Times are integer milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from bot.storage.lanes import Kind
from bot.storage.person import Person
from dialogs.events import Arrived, Chose, Event, Forgotten, Said
from dialogs.naming import ticket_name
from dialogs.replies import Effect, OpenTicket
from dialogs.ticket import Entry

Went = Counter[str]
"""How many rows of which table were deleted, or made anonymous."""

_NOUNS = {
    "conversation": ("conversation", "conversations"),
    "ticket": ("ticket", "tickets"),
    "ticket_entry": ("ticket entry", "ticket entries"),
    "outbox": ("waiting delivery", "waiting deliveries"),
    "dead_letter": ("dead letter", "dead letters"),
    "timer": ("timer", "timers"),
    "shown": ("card", "cards"),
    "participant": ("participant", "participants"),
    "journal": ("journal row", "journal rows"),
    "audit": ("audit line", "audit lines"),
    "inbox": ("event id", "event ids"),
}


def counted(went: Mapping[str, int]) -> str:
    """Return `went` in words, "" when nothing went."""
    return ", ".join(
        f"{number:,} {words[number != 1]}"
        for table, words in _NOUNS.items()
        if (number := went.get(table, 0))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What is too old to be kept; `bot.retention` decides it."""

    before: int
    """Conversations, solved tickets, dead letters and the like that did not change since."""
    inbox_before: int
    """Ids of events that came earlier: no platform sends those again."""


_OfTickets = Literal[
    "opened",
    "resolved",
    "reopened",
    "claimed",
    "assigned",
    "released",
    "transferred",
    "answered",
    "retry",
    "closed",
    "withdrawn",
]
_OfPeople = Literal["began", "handed-over", _OfTickets]
Deed = Literal[
    _OfPeople, "desk-on", "desk-off", "forgot", "purged", "backed-up", "sent-again", "dropped"
]

OF_PEOPLE: tuple[Deed, ...] = get_args(_OfPeople)
"""Goes with age. What administrators did, and that somebody was forgotten, stays."""

_ENTERED: Mapping[Entry, Deed] = {what: what for what in get_args(_OfTickets)}
"""What a ticket's journal says that the audit says too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of the audit: who did what, when."""

    at: int
    who: Person | None
    """None once they were forgotten."""
    what: Deed
    about: str = ""
    """The ticket's name, the file, what went: nothing that anybody wrote."""
    key: str | None = None
    """An act that is written again under the same key is the same act; its `about` is the newer."""


def deeds(event: Event, effects: Sequence[Effect], *, new: bool) -> Iterator[Deed]:
    """Yield what the audit keeps of a turn; `new` when there was no such conversation before."""
    if isinstance(event, Forgotten):
        yield "forgot"
    elif new and isinstance(event, Arrived | Said | Chose):
        yield "began"
    if any(isinstance(effect, OpenTicket) for effect in effects):
        yield "handed-over"


def act_on_ticket(number: int, at: int, what: Entry, person: Person | None, by: str) -> Act | None:
    """Return what the audit keeps of a change to a ticket; None when that is nothing.

    Whoever is not somebody who can be forgotten is known by `by`, a word, alone.
    """
    deed = _ENTERED.get(what)
    who = person or Person("desk", "", by)
    return Act(at=at, who=who, what=deed, about=ticket_name(number)) if deed else None


class Audit(Protocol):
    """Who did what, when. Turns, tickets and purges write it in their own transactions."""

    async def write(self, act: Act) -> None:
        """Keep `act`."""
        ...

    def read(self, since: int = 0) -> AsyncIterator[Act]:
        """Yield what was done from `since` on, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something decided and not yet done: it waits, or it was put aside."""

    id: int
    dead: bool
    """Put aside: nobody tries it again by himself."""
    leased: bool
    """Somebody is at it."""
    kind: Kind
    key: str
    conversation: str
    person: Person
    attempts: int
    error: str
    """What went wrong last; "" when nothing has."""
    put_at: int
    """When it was decided."""
    at: int
    """When it died, or when it is due."""
    item: str
    """What it is, as it is stored: even when this version cannot read it."""


Handled = Literal["done", "unknown", "in-hand", "must-stay"]
"""There is no such letter; somebody is at it; somebody waits to be forgotten by it."""


class Letters(Protocol):
    """The outbox as its administrator sees it. Whoever delivers goes on meanwhile."""

    async def list(self, limit: int) -> Sequence[Letter]:
        """Return what waits and what was put aside, at most the `limit` oldest of each, by id."""
        ...

    async def get(self, id: int) -> Letter | None:
        """Return the letter, or None when there is none."""
        ...

    async def retry(self, id: int, act: Act) -> Handled:
        """Try it now: one that waits in its place, one that was put aside at its lane's end."""
        ...

    async def retry_all(self, act: Act) -> int:
        """Put all that was put aside at the ends of their lanes; return how many they were."""
        ...

    async def drop(self, id: int, act: Act) -> Handled:
        """Delete it. A conversation that waits for its ticket hears that there will be none."""
        ...
