"""Who a replica is: its name is its own for as long as it runs."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg

from bot.storage import Unusable
from bot.storage.postgres.address import Address
from bot.storage.postgres.failures import DRIVER_ERRORS, why

log = logging.getLogger(__name__)

_TRIES, _PAUSE = 10, 0.1
"""A process that was killed has its name until the server has seen that its connection ended."""
_NOTICED = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""So does one whose host is gone, for half a minute instead of two hours."""


@asynccontextmanager
async def sole_name(address: Address, worker: str | None, patience: float) -> AsyncIterator[str]:
    """Yield the name that leases are in: `worker`, or one that nobody has.

    Whoever has the same name frees the leases that are in it when it starts, and what the other has
    in hand is done twice. A second one therefore gets another name, and the log says so. A lock of
    the session tells; behind a pooler there are no sessions, and names are believed.
    """
    if worker is None:
        yield uuid4().hex
    elif address.pooled:
        yield worker
    else:
        try:
            session = await asyncpg.connect(address.dsn, timeout=patience, server_settings=_NOTICED)
        except DRIVER_ERRORS as error:
            raise Unusable(f"the database {address.shown} cannot be used: {why(error)}") from None
        try:
            yield worker if await _locked(session, worker) else _another(worker)
        finally:
            session.terminate()


async def _locked(session: asyncpg.Connection, worker: str) -> bool:
    for _ in range(_TRIES):
        if await session.fetchval("SELECT pg_try_advisory_lock($1)", _number(worker)):
            return True
        await asyncio.sleep(_PAUSE)
    return False


def _number(worker: str) -> int:
    """Return what PostgreSQL locks instead of a name: 64 bits."""
    digest = hashlib.blake2b(f"flowmend {worker}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _another(worker: str) -> str:
    log.warning("another replica is called %s: give each its own FLOWMEND_REPLICA", worker)
    return f"{worker}#{uuid4().hex}"
