"""A bounded number of connections, and plain functions that are run on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only, greenlet_spawn

from bot.storage import StorageError, Unavailable
from bot.storage.postgres.address import Address
from bot.storage.postgres.failures import (
    DRIVER_ERRORS,
    is_written_twice,
    judge,
    statement_of,
    why,
)

P = ParamSpec("P")
T = TypeVar("T")

UNAVAILABLE = "the database cannot be used just now"
CONNECTIONS = 8
"""Of one process: three replicas leave room within PostgreSQL's usual hundred."""
_ATTEMPTS = 5
_PAUSE = 0.01
"""Seconds before the second attempt; they double with each further one."""
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_LONG = 6
"""How many times its patience a whole statement may take, or a transaction may rest."""


class Refused(StorageError):
    """The database does not know what we ask for: a bug of ours, told without anybody's words."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A connection: as SQLAlchemy sees it, and its driver's own."""

    db: sa.Connection
    driver: Any


class Pool:
    """Runs plain functions `fn(connection, ...)`, each in a transaction of its own.

    A function that lost a race is run again. So is one whose connection broke, though it may have
    been committed: an event that was taken is not taken twice, a lease that was taken runs out.
    """

    def __init__(self, address: Address, patience: float, *, hurried: bool = True) -> None:
        """`patience` is how many seconds locks, connections and the server are waited for.

        Unless `hurried`, a statement that makes progress may take as long as it wants.
        """
        limits = _limits(patience)
        self._engine = _engine(address, patience, limits, hurried)
        self._patience = patience
        # A pooler forgets what is set for longer than a transaction.
        self._limiting = _limiting(limits) if address.pooled else None
        self._room = asyncio.Semaphore(CONNECTIONS)
        self._resting: list[_Line] = []

    async def close(self) -> None:
        """Close every connection."""
        while self._resting:
            await greenlet_spawn(self._resting.pop().db.close)
        await self._engine.dispose()

    async def run(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `fn(connection, *args, **kwargs)` once it is committed.

        Raises what `fn` raises, and `Unavailable` when the database does not do its part.
        """
        return await self._insist(lambda line: self._transact(line, fn, *args, **kwargs))

    async def run_alone(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """See `Runner.run_alone`: one statement is a transaction by itself."""
        if self._limiting is not None:
            return await self.run(fn, *args, **kwargs)
        return await self._insist(lambda line: fn(line.db, *args, **kwargs))

    async def _insist(self, work: Callable[[_Line], T]) -> T:
        attempt = 1
        while True:
            try:
                return await self._attempt(work)
            except DRIVER_ERRORS as error:
                verdict, said = judge(error), why(error)
                if verdict == "bug" or (attempt == _ATTEMPTS and is_written_twice(error)):
                    # Not chained: the driver's own error quotes the row that was to be written.
                    raise Refused(f"{said}: {statement_of(error)}") from None
                if verdict == "later" or attempt == _ATTEMPTS:
                    raise Unavailable(f"{UNAVAILABLE}: {said}") from None
            await asyncio.sleep(_PAUSE * 2 ** (attempt - 1))
            attempt += 1

    async def _attempt(self, work: Callable[[_Line], T]) -> T:
        try:
            async with asyncio.timeout(self._patience):
                await self._room.acquire()
        except TimeoutError:
            raise sa.exc.TimeoutError from None
        try:
            return await greenlet_spawn(self._on_a_line, work)
        finally:
            self._room.release()

    def _on_a_line(self, work: Callable[[_Line], T]) -> T:
        line = self._line()
        with ExitStack() as stack:
            stack.push(partial(self._take_back, line))
            return work(line)

    def _line(self) -> _Line:
        """Return a connection that nobody uses: one that was used last, or a new one."""
        while self._resting:
            line = self._resting.pop()
            if not line.driver.is_closed():
                return line
            _discard(line)
        db = self._engine.sync_engine.connect()
        return _Line(db, db.connection.driver_connection)

    def _transact(
        self,
        line: _Line,
        fn: Callable[Concatenate[sa.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        await_only(line.driver.execute(_BEGIN))
        if self._limiting is not None:
            line.db.execute(self._limiting)
        result = fn(line.db, *args, **kwargs)
        await_only(line.driver.execute("COMMIT"))
        line.db.rollback()  # of what SQLAlchemy takes for a transaction: nothing is sent
        return result

    def _take_back(
        self,
        line: _Line,
        _: type[BaseException] | None,
        error: BaseException | None,
        __: TracebackType | None,
    ) -> None:
        """Keep a connection whose work is done or can be undone; throw any other one away."""
        if error is None or self._is_undone(line, error):
            self._resting.append(line)
        else:
            _discard(line)

    def _is_undone(self, line: _Line, error: BaseException) -> bool:
        """Undo what was begun; after a cancellation or a break nobody knows what is on its way."""
        whole = isinstance(error, Exception) and not isinstance(error, OSError)
        if not whole or line.driver.is_closed():
            return False
        with suppress(*DRIVER_ERRORS):
            if line.driver.is_in_transaction():
                await_only(line.driver.execute("ROLLBACK"))
            line.db.rollback()
            return True
        return False


def _discard(line: _Line) -> None:
    line.driver.terminate()
    line.db.invalidate()
    line.db.close()


def _limits(patience: float) -> dict[str, str]:
    return {
        "lock_timeout": _milliseconds(patience),
        "statement_timeout": _milliseconds(patience * _LONG),
        # A replica whose host is gone must not keep its conversations locked.
        "idle_in_transaction_session_timeout": _milliseconds(patience * _LONG),
    }


def _engine(
    address: Address, patience: float, limits: dict[str, str], hurried: bool
) -> AsyncEngine:
    async def connect(*_: object, **__: object) -> Any:
        return await asyncpg.connect(
            address.dsn,
            timeout=patience,
            command_timeout=patience * (_LONG + 1) if hurried else None,
            # A pooler takes no settings when connecting, and statements would stay behind in it.
            server_settings=None if address.pooled else _named(address, limits),
            **({"statement_cache_size": 0} if address.pooled else {}),
        )

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        isolation_level="AUTOCOMMIT",  # whoever uses the connection says BEGIN, past SQLAlchemy
        poolclass=sa.NullPool,
        hide_parameters=True,  # an error that is logged must not hold what people wrote
    )


def _named(address: Address, limits: dict[str, str]) -> dict[str, str]:
    named = "application_name=" in address.dsn
    return limits if named else limits | {"application_name": "flowmend"}


def _limiting(limits: dict[str, str]) -> sa.Select[Any]:
    """Return what sets `limits` for one transaction."""
    return sa.select(*(sa.func.set_config(name, value, True) for name, value in limits.items()))


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
