"""Keeping what must not be lost: the port, and the values that pass through it.

Times are integer milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from adapters.base import Receipt
from bot.errors import UserError
from bot.storage.keeping import Act, Audit, Cut, Letters, Went
from dialogs.events import Event, Origin, Timer
from dialogs.replies import Ask, Effect, OpenTicket, Reply
from dialogs.state import State
from dialogs.ticket import Desk, Entry, Sheet, TicketRequest, TicketState, TicketStep


class StorageError(Exception):
    """What is kept cannot be used."""


class Unusable(StorageError, UserError):
    """This database cannot be opened. One line says which file, why, and what to do."""


class Unavailable(StorageError):
    """The database is away, locked, full or read-only just now; nothing was written. Try later."""


class Unreadable(StorageError):
    """A stored value is none that this version writes."""


class Conflict(Exception):
    """Another worker moved this conversation on; decide again."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform, wherever they talk."""

    platform: str
    tenant: str
    user: str

    @classmethod
    def of(cls, origin: Origin) -> Person:
        """Return who spoke."""
        return cls(origin.platform, origin.tenant, origin.user)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A conversation as it stands."""

    state: State
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A conversation that somebody takes part in."""

    conversation: str
    state: State
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the journal keeps of a turn: nothing that anybody wrote."""

    event: str
    outcome: str
    language: str
    cause: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """All that one event changes; written whole or not at all."""

    state: State
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...]
    note: Note
    handed: tuple[Outgoing, ...] = ()
    """The part of it that the store leased to whoever took the turn, in order."""


Decide = Callable[[State], Decision]
"""Pure: it may run on any thread, and again when a race was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question as a platform shows it, kept until it is answered."""

    message: str
    """The platform's id of it."""
    asked: Ask
    route: str = ""
    """The way to its thread as the platform has told it, as JSON; "" when it has told nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Something decided and not yet done, leased to one worker until `leased_until`."""

    id: int
    key: str
    """`<cause id>:<n>`: the same for the same thing, however often it is tried."""
    lane: str
    """What is in one lane is done one after the other."""
    origin: Origin
    item: Reply | Effect | Event
    """An event is what another aggregate has to tell this conversation."""
    attempts: int
    """How often it was tried, this time included."""
    leased_until: int
    shown: Shown | None = None
    """Where the card is shown that it changes, or in whose thread it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer of a conversation that has run out."""

    origin: Origin
    timer: Timer
    at: int
    """When it was to run out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What a worker that takes a turn is ready to deliver itself."""

    platforms: frozenset[str]
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The part of the outbox that a worker takes care of."""

    platforms: frozenset[str] = frozenset()
    """Whose replies it can send. Effects and events it takes from everywhere."""
    conversation: str | None = None
    """Only this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits to be delivered, and what was given up."""

    waiting: int
    oldest: int | None
    """When the oldest of it was to be delivered; None when nothing waits."""
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEntry:
    """One line of a ticket: who did what, when."""

    at: int
    by: str
    what: Entry
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket of the built-in desk."""

    number: int
    state: TicketState
    opened_at: int
    origin: Origin | None
    """The requester's; None once they were forgotten."""
    wanted: OpenTicket | None
    """The evidence; None once the requester was forgotten."""
    desk: Desk | None = None
    """The channel that has its card."""
    entries: tuple[TicketEntry, ...]
    """Oldest first."""


TicketDecide = Callable[[Sheet, TicketRequest], TicketStep]
"""Pure, as `Decide` is: see `dialogs.ticket.advance`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a request came to."""

    ticket: Ticket
    step: TicketStep
    """Nothing when the request was taken before."""
    handed: tuple[Outgoing, ...] = ()
    """The part of it that was leased to whoever asked, in order."""


class Tickets(Protocol):
    """The tickets, numbered 1, 2, 3 ... Every change is decided and written in one transaction."""

    async def open(
        self,
        key: str,
        origin: Origin,
        wanted: OpenTicket,
        now: int,
        decide: TicketDecide | None = None,
    ) -> int:
        """Open a ticket and return its number; the same `key` opens one only.

        `decide` is asked where it goes (`dialogs.ticket.Start`).
        """
        ...

    async def find(self, origin: Origin) -> int | None:
        """Return the ticket on whose card the thread of `origin` hangs; None when there is none."""
        ...

    async def of(self, person: Person) -> Sequence[int]:
        """Return the tickets that `person` has asked for."""
        ...

    async def get(self, number: int) -> Ticket | None:
        """Return the ticket, or None when there is no such number."""
        ...

    async def list(self, limit: int = 100, *, unsolved: bool = False) -> Sequence[Ticket]:
        """Return the newest `limit` tickets, newest first, without their entries."""
        ...

    async def change(
        self,
        number: int,
        request: TicketRequest,
        decide: TicketDecide,
        *,
        person: Person | None = None,
        key: str | None = None,
        done: Due | None = None,
        lease: Lease | None = None,
    ) -> Changed | None:
        """Do what `decide` makes of `request`; None when there is no such ticket.

        `person` is who asks, when they are somebody who can be forgotten. The same `key` is done
        once only. `done` is the timer that brought it about: when it is no longer there, nothing
        happens. What desks are shown and the conversation is told goes into the outbox; `lease` as
        for `Store.turn`.
        """
        ...


class Desks(Protocol):
    """The channels that were made desks."""

    async def list(self) -> Sequence[Desk]:
        """Return all of them, the oldest first."""
        ...

    async def put(self, desk: Desk, event: Event, said: Reply, now: int) -> bool:
        """Make a channel a desk, and answer with `said`; False when `event` was taken before."""
        ...

    async def remove(self, key: str, event: Event, said: Reply, now: int) -> bool:
        """Make a channel a desk no longer; as `put`. Tickets that are there stay there."""
        ...

    async def say(self, event: Event, said: Reply, now: int) -> bool:
        """Answer `event` with `said`; False when it was taken before."""
        ...


class Store(Protocol):
    """A place for conversations. Every method raises `Unavailable`."""

    @property
    def tickets(self) -> Tickets:
        """The tickets in the same database."""
        ...

    @property
    def desks(self) -> Desks:
        """The desk channels in the same database."""
        ...

    @property
    def audit(self) -> Audit:
        """Who did what, in the same database."""
        ...

    @property
    def letters(self) -> Letters:
        """What waits to be delivered, as an administrator sees it."""
        ...

    async def load(self, conversation: str) -> Snapshot:
        """Return where `conversation` stands; a new one is idle at version 0."""
        ...

    async def begun_by(self, person: Person, limit: int) -> Sequence[Known]:
        """Return what `person` began, newest first, at most `limit` of it.

        What cannot be read is left out.
        """
        ...

    async def turn(
        self,
        event: Event,
        decide: Decide,
        now: int,
        *,
        done: Outgoing | Due | None = None,
        lease: Lease | None = None,
    ) -> Decision | None:
        """Load, decide and write in one transaction; None when `event` was taken before.

        `done` is the outgoing effect, or the timer, that `event` is the result of: it is deleted
        with it, and when it is no longer there nothing is written. With `lease` the decision names
        what is leased at once: all that goes into a lane in which nothing else waits. After
        `Forgotten` nothing is kept. Raises `Conflict`.
        """
        ...

    async def claim(self, scope: Scope, now: int, until: int, limit: int) -> Sequence[Outgoing]:
        """Lease what is due and first in its lane, oldest first, at most `limit` of it."""
        ...

    async def done(self, outgoing: Outgoing, receipt: Receipt | None = None) -> bool:
        """Delete what has been done, and keep its `receipt`; tell whether its lane holds more."""
        ...

    async def postpone(self, outgoing: Outgoing, due: int, error: str) -> None:
        """Give the lease back until `due`; nothing happens when the lease was lost."""
        ...

    async def give_back(self, outgoing: Sequence[Outgoing], now: int) -> None:
        """Give leases back at once that were not made use of."""
        ...

    async def bury(self, done: Outgoing | Due, now: int, error: str) -> None:
        """Put aside what can never be done, so that what comes after it can; drop a timer."""
        ...

    async def release(self, scope: Scope, now: int) -> int:
        """Give back what this worker, in an earlier life, has left leased in `scope`.

        Only for the one process that has this worker's name: see `deliverer`.
        """
        ...

    async def timers(self, scope: Scope, now: int, limit: int) -> Sequence[Due]:
        """Return timers that have run out, oldest first; the turn of each deletes it."""
        ...

    async def backlog(self) -> Backlog:
        """Return what waits to be delivered."""
        ...

    async def forget(
        self, person: Person, *, sparing: Outgoing | None = None, act: Act | None = None
    ) -> Went:
        """Delete what is known of `person`, in bites; what is kept is anonymous.

        `sparing` is the effect that asked for it. It stays, and so do its conversation's state and
        the replies on their way there, until the turn that its `Forgotten` makes. `act` goes into
        the audit with what went; the turn of a `Forgotten` sees to that itself.
        """
        ...

    async def purge(self, cut: Cut, act: Act | None = None) -> Went:
        """Delete what is too old, in bites, and give its space back; counts by day are kept.

        A conversation for which something waits to be delivered is not old. `act` goes into the
        audit with what went, if anything did.
        """
        ...

    def people(self) -> AsyncIterator[Person]:
        """Yield everybody who is named anywhere, some of them more than once."""
        ...

    def deliverer(self) -> AbstractAsyncContextManager[bool]:
        """Become the one process that delivers under this worker's name; False when another is.

        Where leases alone keep processes apart, everybody may.
        """
        ...
