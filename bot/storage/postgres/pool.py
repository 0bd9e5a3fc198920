"""A bounded number of connections, and plain functions that are run on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage import StorageError, Unavailable
from bot.storage.postgres.address import Address
from bot.storage.postgres.failures import DRIVER_ERRORS, judge, why

P = ParamSpec("P")
T = TypeVar("T")

UNAVAILABLE = "the database cannot be used just now"
CONNECTIONS = 8
"""Of one process: three replicas leave room within PostgreSQL's usual hundred."""
_ATTEMPTS = 5
_PAUSE = 0.01
"""Seconds before the second attempt; they double with each further one."""
_LONG = 6
"""How many times its patience a whole statement may take, or a transaction may rest."""


class Refused(StorageError):
    """The database does not know what we ask for: a bug of ours, told without anybody's words."""


class Pool:
    """Runs plain functions `fn(connection, ...)`, each in a transaction of its own.

    A function that lost a race is run again. So is one whose connection broke, though it may have
    been committed: an event that was taken is not taken twice, a lease that was taken runs out.
    """

    def __init__(self, address: Address, patience: float, *, hurried: bool = True) -> None:
        """`patience` is how many seconds locks, connections and the server are waited for.

        Unless `hurried`, a statement that makes progress may take as long as it wants.
        """
        self._engine = _engine(address, patience, hurried)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def run(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `fn(connection, *args, **kwargs)` once it is committed.

        Raises what `fn` raises, and `Unavailable` when the database does not do its part.
        """
        attempt = 1
        while True:
            try:
                async with self._engine.begin() as db:
                    return await db.run_sync(fn, *args, **kwargs)
            except DRIVER_ERRORS as error:
                verdict, said = judge(error), why(error)
                if verdict == "bug" or (attempt == _ATTEMPTS and _is_written_twice(error)):
                    # Not chained: the driver's own error quotes the row that was to be written.
                    raise Refused(f"{said}: {_statement(error)}") from None
                if verdict == "later" or attempt == _ATTEMPTS:
                    raise Unavailable(f"{UNAVAILABLE}: {said}") from None
            await asyncio.sleep(_PAUSE * 2 ** (attempt - 1))
            attempt += 1


def _is_written_twice(error: Exception) -> bool:
    return isinstance(error, sa.exc.IntegrityError)


def _statement(error: Exception) -> str:
    statement = error.statement if isinstance(error, sa.exc.DBAPIError) else None
    return " ".join((statement or "connecting").split())


def _engine(address: Address, patience: float, hurried: bool) -> AsyncEngine:
    limits = {
        "lock_timeout": _milliseconds(patience),
        "statement_timeout": _milliseconds(patience * _LONG),
        # A replica whose host is gone must not keep its conversations locked.
        "idle_in_transaction_session_timeout": _milliseconds(patience * _LONG),
    }

    async def connect(*_: object, **__: object) -> Any:
        return await asyncpg.connect(
            address.dsn,
            timeout=patience,
            command_timeout=patience * (_LONG + 1) if hurried else None,
            # A pooler takes no settings when connecting, and statements would stay behind in it.
            server_settings=None if address.pooled else _named(address, limits),
            **({"statement_cache_size": 0} if address.pooled else {}),
        )

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        isolation_level="READ COMMITTED",
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=patience,
        hide_parameters=True,  # an error that is logged must not hold what people wrote
    )
    if address.pooled:
        sa.event.listen(engine.sync_engine, "begin", _limiting(limits))
    return engine


def _named(address: Address, limits: dict[str, str]) -> dict[str, str]:
    named = "application_name=" in address.dsn
    return limits if named else limits | {"application_name": "flowmend"}


def _limiting(limits: dict[str, str]) -> Callable[[sa.Connection], None]:
    """Return what sets `limits` for one transaction: a pooler forgets what is set for longer."""
    each = (sa.func.set_config(name, value, True) for name, value in limits.items())
    statement = sa.select(*each)

    def begin(db: sa.Connection) -> None:
        db.execute(statement)

    return begin


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
