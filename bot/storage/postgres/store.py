"""The store where several processes work on one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.storage import Decide, Decision, Due, Lease, Outgoing
from bot.storage.postgres.pool import Pool
from bot.storage.store import SqlStore
from dialogs.events import Event


class PostgresStore(SqlStore):
    """See `bot.storage.Store`."""

    def __init__(self, pool: Pool, worker: str) -> None:
        """`worker` names this process's leases: the same name after each start, another name
        for each process.
        """
        super().__init__(pool, worker, _everybody)
        self._turning: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def turn(
        self,
        event: Event,
        decide: Decide,
        now: int,
        *,
        done: Outgoing | Due | None = None,
        lease: Lease | None = None,
    ) -> Decision | None:
        """See `Store.turn`. Turns of one conversation queue up here, where they hold nothing.

        In the database each of them would hold a connection while it waits, and one busy
        conversation all of them.
        """
        where = event.origin.conversation
        async with self._turning.setdefault(where, asyncio.Lock()):
            return await super().turn(event, decide, now, done=done, lease=lease)


@asynccontextmanager
async def _everybody() -> AsyncIterator[bool]:
    """Leases keep those apart who deliver at the same time."""
    yield True
