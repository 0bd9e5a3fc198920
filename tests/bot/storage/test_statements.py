"""Statements that are worded once, several of which go in one message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage.layout import lay_out
from bot.storage.postgres.address import is_postgres, parse
from bot.storage.postgres.pool import Pool
from bot.storage.running import Runner
from bot.storage.schema import desk, inbox
from bot.storage.statements import Rows, Statement, run, together
from bot.storage.writer import Writer

TAKE = Statement(
    sa.text(
        "INSERT INTO inbox (event, received_at) VALUES (:event, :at)"
        " ON CONFLICT DO NOTHING RETURNING event"
    )
)
PUT_OFF = Statement(
    sa.update(inbox).where(inbox.c.event == given("event")).values(received_at=given("at") + 1)
)
FIND = Statement(
    sa.select(inbox.c.event, inbox.c.received_at).where(inbox.c.event == given("event"))
)
TAKE_SOME = Rows(inbox, "event", ["event", "received_at"])
MAKE_DESK = Statement(sa.insert(desk), ["key", "at", "value"])


@pytest.fixture
async def runner(database_url: str) -> AsyncIterator[Runner]:
    opened = _postgres if is_postgres(database_url) else _sqlite
    async with opened(database_url) as runner:
        yield runner


@asynccontextmanager
async def _postgres(url: str) -> AsyncIterator[Runner]:
    pool = Pool(parse(url), patience=2)
    yield pool
    await pool.close()


@asynccontextmanager
async def _sqlite(url: str) -> AsyncIterator[Runner]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    sa.event.listen(engine, "connect", lambda db, _: setattr(db, "isolation_level", None))
    writer = Writer(engine)
    writer.start()
    await writer.run(lay_out)
    yield writer
    await writer.stop()


def plain(rows: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]


def take(db: sa.Connection, event: str, at: int = 1) -> list[tuple[Any, ...]]:
    return plain(run(db, TAKE, {"event": event, "at": at}))


async def test_a_statement_tells_its_rows(runner: Runner) -> None:
    assert await runner.run(take, "a") == [("a",)]
    assert await runner.run(take, "a") == [], "it was there"
    assert plain(await runner.run(run, FIND, {"event": "a"})) == [("a", 1)]


async def test_a_statement_without_rows_tells_none(runner: Runner) -> None:
    await runner.run(take, "a")

    assert not await runner.run(run, PUT_OFF, {"event": "b", "at": 5})
    assert not await runner.run(run, PUT_OFF, {"event": "a", "at": 5})
    assert plain(await runner.run(run, FIND, {"event": "a"})) == [("a", 6)]


async def test_several_tell_the_rows_of_each_in_their_order(runner: Runner) -> None:
    await runner.run(take, "old")

    def several(db: sa.Connection) -> list[list[tuple[Any, ...]]]:
        found = together(
            db,
            (FIND, {"event": "old"}),
            (TAKE, {"event": "new", "at": 3}),
            (TAKE, {"event": "old", "at": 3}),
            (MAKE_DESK, {"key": "k", "at": 1, "value": "a $1 b"}),
            (TAKE_SOME, [{"event": f"e{n}", "received_at": n} for n in (2, 1, 3)]),
        )
        return [plain(rows) for rows in (*found[:3], found[4])]

    one, other, none, many = await runner.run(several)
    assert (one, other, none) == ([("old", 1)], [("new",)], [])
    assert many == [("e2",), ("e1",), ("e3",)], "in the order in which they were given"


async def test_nothing_together_is_nothing(runner: Runner) -> None:
    assert await runner.run(together) == []


async def test_what_is_run_alone_is_whole_or_not_at_all(runner: Runner) -> None:
    def both(db: sa.Connection) -> list[Any]:
        twice = [{"event": "a", "received_at": 1}] * 2
        return list(together(db, (TAKE, {"event": "b", "at": 1}), (TAKE_SOME, twice)))

    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        await runner.run_alone(both)

    assert plain(await runner.run(run, FIND, {"event": "b"})) == []
    await runner.run_alone(take, "b")
    assert plain(await runner.run(run, FIND, {"event": "b"})) == [("b", 1)]
