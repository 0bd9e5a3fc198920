"""One thread that owns SQLite's connection; whoever waits at the same time shares a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from bot.storage import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

_SHARED = 64
"""Turns that one transaction carries at most."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[sa.Connection], object]
    result: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


class Writer:
    """Runs plain functions `fn(connection, ...)`, each whole or not at all.

    A commit costs a wait for the disk. Functions that come in while one is waited for go into the
    next transaction together, each behind a savepoint of its own, so that one may fail alone.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        driver = engine.dialect.loaded_dbapi
        self._errors = (sa.exc.DBAPIError, driver.Error)
        ours = (sa.exc, driver)
        self._bugs = tuple(it for m in ours for it in (m.IntegrityError, m.ProgrammingError))
        self._connection: sa.Connection | None = None
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="flowmend-writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    async def stop(self) -> None:
        """Finish what was asked for and close the connection."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    async def run(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `fn(connection, *args, **kwargs)` once it is committed.

        Raises what `fn` raises, and `Unavailable` when the database does not do its part.
        Whoever is cancelled while waiting cannot know whether it was committed.
        """
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(lambda connection: fn(connection, *args, **kwargs), result))
        try:
            return await result
        except self._bugs:
            raise
        except self._errors as error:
            why = error.orig if isinstance(error, sa.exc.DBAPIError) else error
            raise Unavailable(f"the database cannot be used just now: {why}") from error

    async def run_alone(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """See `Runner.run_alone`: whatever it executes shares a commit with others."""
        return await self.run(fn, *args, **kwargs)

    def _serve(self) -> None:
        while jobs := self._next():
            self._transact([job for job in jobs if not job.result.cancelled()])
        self._disconnect()

    def _next(self) -> list[_Job]:
        """Wait for work; an empty list is the end."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == _SHARED:
                return jobs
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return jobs
        if jobs:
            self._jobs.put(None)
        return jobs

    def _transact(self, jobs: list[_Job]) -> None:
        if not jobs:
            return
        results: Sequence[object]
        try:
            results = self._commit(jobs)
        except Exception as error:  # noqa: BLE001 - not swallowed: whoever waits is given it
            if isinstance(error, self._errors) or self._in_transaction():
                # A commit that failed leaves the driver's transaction open for ever.
                self._disconnect()
            results = [_Failed(error)] * len(jobs)
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            jobs[0].result.get_loop().call_soon_threadsafe(_tell, jobs, results)

    def _commit(self, jobs: list[_Job]) -> list[object]:
        if self._connection is None:
            self._connection = self._engine.connect()
        # Past SQLAlchemy, to which a savepoint is dearer than a statement.
        driver: Any = self._connection.connection.dbapi_connection
        with self._connection.begin():
            # Not as a reader: one that wants to write while somebody else does is refused at once.
            driver.execute("BEGIN IMMEDIATE")
            if len(jobs) == 1:
                return [jobs[0].work(self._connection)]
            return [self._attempt(self._connection, driver, job) for job in jobs]

    def _attempt(self, connection: sa.Connection, driver: Any, job: _Job) -> object:
        driver.execute("SAVEPOINT job")
        try:
            result = job.work(connection)
        except Exception as error:
            if not self._in_transaction():
                # SQLite rolled back more than the savepoint: nobody's work is left.
                raise
            driver.execute("ROLLBACK TO job")
            result = _Failed(error)
        driver.execute("RELEASE job")
        return result

    def _in_transaction(self) -> bool:
        """Ask the driver, which knows of what SQLite did by itself."""
        if self._connection is None or self._connection.invalidated:
            return False
        return bool(getattr(self._connection.connection.dbapi_connection, "in_transaction", False))

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _tell(jobs: Sequence[_Job], results: Sequence[object]) -> None:
    """Give everybody their result: on the loop's thread, which is woken once for all of them."""
    for job, result in zip(jobs, results, strict=True):
        if job.result.done():
            continue  # whoever waited has given up
        if isinstance(result, _Failed):
            job.result.set_exception(result.error)
        else:
            job.result.set_result(result)
