"""Nothing is lost, doubled or half written, whatever fails underneath, on every database."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage import Store, Unavailable
from bot.storage.opening import open_store
from tests.bot.storage.insisting import insist, turn, turns, whole
from tests.bot.storage.looking import written
from tests.bot.values import NOW, deciding, guiding, said


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


@contextmanager
def failing(every: int) -> Iterator[None]:
    """Let every so manyeth of our statements fail, and every so manyeth commit."""
    statements, commits = 0, 0

    def execute(_: object, __: object, statement: str, *___: object) -> None:
        nonlocal statements
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements += 1
            if statements % every == 0:
                raise InjectedError

    def commit(_: object) -> None:
        nonlocal commits
        commits += 1
        if commits % every == 0:
            raise InjectedError

    sa.event.listen(sa.Engine, "before_cursor_execute", execute)
    sa.event.listen(sa.Engine, "commit", commit)
    yield
    sa.event.remove(sa.Engine, "before_cursor_execute", execute)
    sa.event.remove(sa.Engine, "commit", commit)


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
    store: Store, database_url: str, every: int
) -> None:
    with failing(every):
        calls = (insist(store, n, InjectedError) for n in range(150))
        failures = sum(await asyncio.gather(*calls))

    assert failures
    assert written(database_url) == whole(150)


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
