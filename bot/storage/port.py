"""The port: all that the bot asks of what keeps its conversations.

Times are integer milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from adapters.base import Receipt
from bot.storage.conversations import Decide, Decision, Known, Snapshot
from bot.storage.keeping import Act, Audit, Cut, Letters, Went
from bot.storage.outgoing import Backlog, Due, Lease, Outgoing, Scope
from bot.storage.person import Person
from bot.storage.ticketing import Desks, Tickets
from dialogs.events import Event


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
