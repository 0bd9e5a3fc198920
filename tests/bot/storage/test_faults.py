"""Nothing is lost, doubled or half written, whatever fails underneath, on every database."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage import Decision, Lease, Scope, Store, Unavailable
from bot.storage.opening import open_store
from tests.bot.storage.insisting import insist, turn, turns, whole
from tests.bot.storage.looking import written
from tests.bot.values import NOW, deciding, guiding, said, say


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as store:
        yield store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flowmend.sqlite3"


@pytest.fixture
async def file_store(path: Path) -> AsyncIterator[Store]:
    async with open_store(f"sqlite:///{path}", patience=0.2) as store:
        yield store


class InjectedError(Exception):
    """A fault of ours."""


class Faults:
    """Lets every so manyeth of our statements fail, and every so manyeth commit."""

    def __init__(self) -> None:
        self.every = 0
        self.unheard = False
        """Whether the next commit is made and fails nevertheless."""
        self._seen: Counter[bool] = Counter()

    def about_to(self, statement: str) -> None:
        """It is about to be executed."""
        if self.every and not statement.startswith(_AROUND):
            commits = statement == "COMMIT"
            self._seen[commits] += 1
            if self._seen[commits] % self.every == 0:
                raise InjectedError

    def done(self, statement: str) -> None:
        """It was executed."""
        if self.unheard and statement == "COMMIT":
            self.unheard = False
            raise InjectedError


_AROUND = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


class Driver:
    """PostgreSQL's driver, with faults."""

    def __init__(self, driver: Any, faults: Faults) -> None:
        self._driver = driver
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        """Return what the driver has."""
        return getattr(self._driver, name)

    async def execute(self, statement: str, *args: Any) -> Any:
        self._faults.about_to(statement)
        done = await self._driver.execute(statement, *args)
        self._faults.done(statement)
        return done

    async def fetch(self, statement: str, *args: Any) -> Any:
        self._faults.about_to(statement)
        return await self._driver.fetch(statement, *args)


@pytest.fixture
def faults() -> Iterator[Faults]:
    faults = Faults()

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *args: Any) -> Cursor:
            faults.about_to(sql)
            super().execute(sql, *args)
            return self

    class Connection(sqlite3.Connection):
        def cursor(self, _: Any = None) -> Any:
            return super().cursor(Cursor)

        def execute(self, sql: str, *args: Any) -> Cursor:
            cursor: Cursor = self.cursor().execute(sql, *args)
            return cursor

        def commit(self) -> None:
            faults.about_to("COMMIT")
            super().commit()
            faults.done("COMMIT")

    def connect(dialect: sa.Dialect, _: object, __: object, given: dict[str, object]) -> None:
        if dialect.name == "sqlite":
            given["factory"] = Connection

    def connected(db: Any, _: object) -> None:
        if not isinstance(db, sqlite3.Connection):
            db._connection = Driver(db.driver_connection, faults)

    sa.event.listen(sa.Engine, "do_connect", connect)
    sa.event.listen(sa.Pool, "connect", connected)
    yield faults
    sa.event.remove(sa.Engine, "do_connect", connect)
    sa.event.remove(sa.Pool, "connect", connected)


@contextmanager
def full_disk(path: Path, room: int) -> Iterator[None]:
    """Let no file grow further than `room` bytes from what the database has now."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = path.with_name(f"{path.name}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("every", [11, 23, 101])
async def test_statements_and_commits_that_fail(
    faults: Faults, database_url: str, every: int
) -> None:
    async with open_store(database_url) as store:
        faults.every = every
        calls = (insist(store, n, InjectedError) for n in range(150))
        failures = sum(await asyncio.gather(*calls))
        faults.every = 0

    assert failures
    assert written(database_url) == whole(150)


async def test_what_an_unheard_commit_has_leased_is_due_at_once(
    faults: Faults, database_url: str
) -> None:
    here = Scope(platforms=frozenset({"test"}))
    lease = Lease(platforms=here.platforms, until=NOW + 30_000)
    async with open_store(database_url) as store:

        async def take() -> Decision | None:
            return await store.turn(said(), deciding(guiding(), say("a")), NOW, lease=lease)

        faults.unheard = True
        with pytest.raises(InjectedError):
            await take()

        assert await store.claim(here, NOW, NOW + 1, 10) == [], "it is leased"
        assert await take() is None, "it was stored"
        assert [row.item for row in await store.claim(here, NOW, NOW + 1, 10)] == [say("a")]


async def test_an_event_that_comes_twice_leaves_its_replies_where_they_are(
    database_url: str,
) -> None:
    here = Scope(platforms=frozenset({"test"}))
    lease = Lease(platforms=here.platforms, until=NOW + 30_000)
    async with open_store(database_url) as store:
        once = deciding(guiding(), say("a"))
        at_once = [store.turn(said(), once, NOW, lease=lease) for _ in range(20)]
        taken = [it for it in await asyncio.gather(*at_once) if it]
        await store.turn(said(), once, NOW, lease=lease)

        assert len(taken) == 1
        assert await store.claim(here, NOW, NOW + 1, 10) == [], "somebody has them in hand"


async def test_callers_that_go_away(store: Store, database_url: str) -> None:
    calls = (insist(store, n, limit=0.001 * (1 + n % 10)) for n in range(150))
    failures = sum(await asyncio.gather(*calls))

    assert failures
    assert written(database_url) == whole(150)


async def test_a_full_disk_is_said_and_then_all_goes_on(file_store: Store, path: Path) -> None:
    await turn(file_store, 0)

    with full_disk(path, room=20_000):
        results = await asyncio.gather(
            *(turn(file_store, n) for n in range(1, 60)), return_exceptions=True
        )
        with pytest.raises(Unavailable, match="the database cannot be used just now"):
            await turns(file_store, range(60))

    assert any(isinstance(result, Unavailable) for result in results)
    await asyncio.gather(*(insist(file_store, n) for n in range(1, 60)))
    assert written(f"sqlite:///{path}") == whole(60)


async def test_a_lock_that_is_held_is_said_and_then_all_goes_on(
    file_store: Store, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="database is locked"):
            await turn(file_store, 1)

    await turn(file_store, 1)

    assert written(f"sqlite:///{path}") == whole(1)


def test_what_people_wrote_is_in_no_error(path: Path) -> None:
    async def main() -> None:
        async with open_store(f"sqlite:///{path}") as store:
            with closing(sqlite3.connect(path)) as db:
                db.execute("DROP TABLE conversation")
            with pytest.raises(Unavailable) as failed:
                await store.turn(said(text="my words"), deciding(guiding("my words")), NOW)
            assert "my words" not in f"{failed.value} {failed.value.__cause__}"

    asyncio.run(main())
