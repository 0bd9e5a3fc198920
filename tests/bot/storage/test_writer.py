"""What the writing thread does when the database does not do its part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage import Unavailable
from bot.storage.writer import Writer

_TABLES = (
    "PRAGMA foreign_keys = ON",
    "CREATE TABLE IF NOT EXISTS one (id INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS other"
    " (one INTEGER REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED)",
)


def connect(connection: sa.PoolProxiedConnection, _: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # the driver's own
    for statement in _TABLES:
        connection.cursor().execute(statement)


def started(path: Path) -> Writer:
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    sa.event.listen(engine, "connect", connect)
    writer = Writer(engine)
    writer.start()
    return writer


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    writer = started(tmp_path / "db")
    yield writer
    await writer.stop()


def add(db: sa.Connection, id: int) -> int:
    db.exec_driver_sql("INSERT INTO one VALUES (?)", (id,))
    return id


def promise(db: sa.Connection, id: int) -> None:
    """Write what the commit will refuse, and nothing before it."""
    db.exec_driver_sql("INSERT INTO other VALUES (?)", (id,))


def fail(db: sa.Connection) -> None:
    db.exec_driver_sql("INSERT INTO one VALUES (99)")
    raise ZeroDivisionError


def misspell(db: sa.Connection) -> None:
    db.exec_driver_sql("SELECT nothing FROM nowhere")


def ids(db: sa.Connection) -> list[int]:
    return list(db.exec_driver_sql("SELECT id FROM one ORDER BY id").scalars())


async def test_returns_what_the_function_returns(writer: Writer) -> None:
    assert await writer.run(add, 7) == 7
    assert await writer.run(ids) == [7]


async def test_what_fails_leaves_nothing(writer: Writer) -> None:
    with pytest.raises(ZeroDivisionError):
        await writer.run(fail)

    assert await writer.run(ids) == []


async def test_what_fails_in_company_fails_alone(writer: Writer) -> None:
    jobs = (writer.run(add, 1), writer.run(fail), writer.run(misspell), writer.run(add, 2))

    results = await asyncio.gather(*jobs, return_exceptions=True)

    assert [type(result) for result in results] == [int, ZeroDivisionError, Unavailable, int]
    assert await writer.run(ids) == [1, 2]


async def test_a_refused_commit_is_everybodys_and_the_next_one_works(writer: Writer) -> None:
    """SQLite leaves the transaction open then, and begins no other on that connection."""
    jobs = (writer.run(add, 1), writer.run(promise, 5), writer.run(add, 2))

    results = await asyncio.gather(*jobs, return_exceptions=True)

    assert any(isinstance(result, sa.exc.IntegrityError) for result in results)
    for n, result in zip((1, 2), (results[0], results[2]), strict=True):
        written = n in await writer.run(ids)
        assert written is (result == n), "who heard that it is written can rely on it"
    assert await writer.run(add, 3) == 3


async def test_a_refused_commit_alone(writer: Writer) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        await writer.run(promise, 5)

    assert await writer.run(add, 3) == 3


async def test_who_gave_up_before_it_began_is_left_out(writer: Writer) -> None:
    tasks = [asyncio.create_task(writer.run(add, n)) for n in range(200)]
    await asyncio.sleep(0)
    for task in tasks[100:]:
        task.cancel()

    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert results[:100] == list(range(100))
    assert all(isinstance(result, asyncio.CancelledError) for result in results[100:])
    assert set(range(100)) <= set(await writer.run(ids))


async def test_a_thousand_at_once_are_all_written(writer: Writer) -> None:
    assert await asyncio.gather(*(writer.run(add, n) for n in range(1000))) == list(range(1000))
    assert await writer.run(ids) == list(range(1000))


async def test_what_was_asked_for_is_finished_before_the_end(tmp_path: Path) -> None:
    writer = started(tmp_path / "db")
    tasks = [asyncio.create_task(writer.run(add, n)) for n in range(100)]
    await asyncio.sleep(0)

    await writer.stop()

    assert await asyncio.gather(*tasks) == list(range(100))
