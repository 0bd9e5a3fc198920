"""Opening a PostgreSQL database: is it ours, may it be written, is it of today."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import sqlalchemy as sa

from bot.storage import Store, Unavailable, Unusable
from bot.storage.layout import Foreign, Migrated
from bot.storage.postgres.address import Address, parse
from bot.storage.postgres.layout import check, migrate
from bot.storage.postgres.names import sole_name
from bot.storage.postgres.pool import UNAVAILABLE, Pool, Refused
from bot.storage.postgres.store import PostgresStore
from bot.storage.schema import REVISIONS

T = TypeVar("T")


@asynccontextmanager
async def open_postgres(url: str, *, patience: float, worker: str | None) -> AsyncIterator[Store]:
    """Open `url`, whose tables must be today's. Raises `Unusable`.

    `worker` is a name that this process has again after a restart, and nobody else has: what it
    held when it died is then tried again at once, and not only when its leases have run out. When
    somebody else has it, this process goes by another one.
    """
    address = parse(url)
    pool = Pool(address, patience)
    try:
        await _first(pool, address, check)
        async with sole_name(address, worker, patience) as name:
            yield PostgresStore(pool, name)
    finally:
        await pool.close()


async def migrate_postgres(url: str, *, patience: float) -> Migrated:
    """Lay out the tables, or bring them up to date. Raises `Unusable`."""
    address = parse(url)
    pool = Pool(address, patience, hurried=False)
    try:
        before = await _first(pool, address, lambda db: migrate(db, patience))
    finally:
        await pool.close()
    return Migrated(database=address.shown, before=before, after=REVISIONS[-1])


async def _first(pool: Pool, address: Address, look: Callable[[sa.Connection], T]) -> T:
    try:
        return await pool.run(look)
    except (Foreign, Unavailable, Refused) as error:
        why = str(error).removeprefix(f"{UNAVAILABLE}: ")
        raise Unusable(f"the database {address.shown} cannot be used: {why}") from None
