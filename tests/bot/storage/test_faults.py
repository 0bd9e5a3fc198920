"""Nothing is lost, doubled or half written, whatever fails underneath."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage import Store, Unavailable
from bot.storage.opening import open_store
from tests.bot.values import NOW, deciding, guiding, origin, said, say

CONVERSATIONS = 5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flowmend.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    async with open_store(f"sqlite:///{path}", patience=0.2) as store:
        yield store


async def turn(store: Store, n: int) -> None:
    event = said(f"test:{n}", where=origin(f"test:t:{n % CONVERSATIONS}"))
    await store.turn(event, deciding(guiding(str(n)), say("x" * 200)), NOW)


async def turns(store: Store, numbers: Iterable[int]) -> None:
    for n in numbers:
        await turn(store, n)


async def insist(store: Store, n: int, limit: float | None = None) -> int:
    """Do as a platform does: bring the event again until it is taken. Returns the failures."""
    failures = 0
    while True:
        try:
            async with asyncio.timeout(limit):
                await turn(store, n)
        except (Unavailable, InjectedError, TimeoutError):
            failures += 1
            limit = limit and limit * 2
            await asyncio.sleep(0.001)
        else:
            return failures


def counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as db:
        tables = ("inbox", "outbox", "journal")
        found = {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}  # noqa: S608 - the names are ours
        return found | {"turns": db.execute("SELECT sum(version) FROM conversation").fetchone()[0]}


def whole(turns: int) -> dict[str, int]:
    return dict.fromkeys(("inbox", "outbox", "journal", "turns"), turns)


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
async def test_statements_and_commits_that_fail(store: Store, path: Path, every: int) -> None:
    with failing(every):
        failures = await asyncio.gather(*(insist(store, n) for n in range(150)))

    assert sum(failures)
    assert counts(path) == whole(150)


async def test_callers_that_go_away(store: Store, path: Path) -> None:
    failures = await asyncio.gather(*(insist(store, n, 0.001 * (1 + n % 10)) for n in range(150)))

    assert sum(failures)
    assert counts(path) == whole(150)


async def test_a_full_disk_is_said_and_then_all_goes_on(store: Store, path: Path) -> None:
    await turn(store, 0)

    with full_disk(path, room=20_000):
        results = await asyncio.gather(
            *(turn(store, n) for n in range(1, 60)), return_exceptions=True
        )
        with pytest.raises(Unavailable, match="the database cannot be used just now"):
            await turns(store, range(60))

    assert any(isinstance(result, Unavailable) for result in results)
    await asyncio.gather(*(insist(store, n) for n in range(1, 60)))
    assert counts(path) == whole(60)


async def test_a_lock_that_is_held_is_said_and_then_all_goes_on(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="database is locked"):
            await turn(store, 1)

    await turn(store, 1)

    assert counts(path) == whole(1)


def test_what_people_wrote_is_in_no_error(path: Path) -> None:
    async def main() -> None:
        async with open_store(f"sqlite:///{path}") as store:
            with closing(sqlite3.connect(path)) as db:
                db.execute("DROP TABLE conversation")
            with pytest.raises(Unavailable) as failed:
                await store.turn(said(text="my words"), deciding(guiding("my words")), NOW)
            assert "my words" not in f"{failed.value} {failed.value.__cause__}"

    asyncio.run(main())
