"""What the connections do when PostgreSQL does not do its part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from bot.storage import Unavailable
from bot.storage.postgres.address import parse
from bot.storage.postgres.pool import CONNECTIONS, Pool, Refused
from tests.bot.storage.looking import count, rows
from tests.postgres import execute

BEHIND_A_POOLER = "?statement_cache_size=0"
_LIMITS = (
    "SELECT name, setting, source FROM pg_settings WHERE name IN"
    " ('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout')"
)


@pytest.fixture
def url(empty_postgres_url: str) -> str:
    execute(empty_postgres_url, "CREATE TABLE one (id int PRIMARY KEY, words text NOT NULL)")
    return empty_postgres_url


@pytest.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    pool = Pool(parse(url), patience=0.3)
    yield pool
    await pool.close()


def add(db: sa.Connection, id: int, words: str | None = "") -> int:
    db.execute(sa.text("INSERT INTO one VALUES (:id, :words)"), {"id": id, "words": words})
    return id


def do(db: sa.Connection, statement: str) -> None:
    db.exec_driver_sql(statement)


def found(db: sa.Connection, query: str) -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in db.exec_driver_sql(query))


def ids(db: sa.Connection) -> list[int]:
    return list(db.execute(sa.text("SELECT id FROM one ORDER BY id")).scalars())


class Failing:
    """Lets the database refuse with a code, some times or always, and counts."""

    def __init__(self, code: str, times: int = 1_000) -> None:
        self.code = code
        self.times = times
        self.tried = 0

    def __call__(self, db: sa.Connection) -> int:
        add(db, self.tried)
        self.tried += 1
        if self.tried <= self.times:
            what = f"'its message', ERRCODE = '{self.code}', DETAIL = 'my ' || 'words'"
            db.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = {what}; END $$")
        return self.tried


async def test_returns_what_the_function_returns(pool: Pool) -> None:
    assert await pool.run(add, 7) == 7
    assert await pool.run(ids) == [7]


async def test_what_fails_leaves_nothing_and_fails_as_it_did(pool: Pool) -> None:
    def fail(db: sa.Connection) -> None:
        add(db, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await pool.run(fail)

    assert await pool.run(ids) == []


@pytest.mark.parametrize("code", ["40001", "40P01", "23505", "0A000", "57P01"])
async def test_a_race_that_was_lost_is_run_again(pool: Pool, code: str) -> None:
    assert await pool.run(Failing(code, times=2)) == 3
    assert await pool.run(ids) == [2], "what was rolled back is not there"


@pytest.mark.parametrize("code", ["40001", "40P01", "57P01"])
async def test_a_race_that_is_always_lost_is_given_up(pool: Pool, code: str) -> None:
    always = Failing(code)

    with pytest.raises(Unavailable, match=r"cannot be used just now: its message$"):
        await pool.run(always)

    assert always.tried == 5
    assert await pool.run(ids) == []


@pytest.mark.parametrize(
    "code", ["53100", "53200", "55P03", "57014", "25006", "58030", "XX000", "42501", "08006"]
)
async def test_what_the_database_cannot_do_now_is_not_insisted_on(pool: Pool, code: str) -> None:
    failing = Failing(code)

    with pytest.raises(Unavailable, match=r"cannot be used just now: its message$") as said:
        await pool.run(failing)

    assert failing.tried == 1
    assert said.value.__suppress_context__
    assert await pool.run(add, 9) == 9


@pytest.mark.parametrize(
    ("code", "tries"), [("42P01", 1), ("22003", 1), ("23502", 1), ("23505", 5)]
)
async def test_a_bug_is_told_with_its_statement(pool: Pool, code: str, tries: int) -> None:
    failing = Failing(code)

    with pytest.raises(Refused, match="its message: DO") as said:
        await pool.run(failing)

    assert failing.tried == tries
    assert "my words" not in str(said.value)
    assert said.value.__suppress_context__


async def test_what_was_to_be_written_is_in_no_error(pool: Pool) -> None:
    """PostgreSQL's own error quotes the row."""
    await pool.run(do, "ALTER TABLE one ADD CHECK (words NOT LIKE '%words')")

    with pytest.raises(Refused) as said:
        await pool.run(add, 1, "my words")

    assert "violates check constraint" in str(said.value)
    assert "my words" not in str(said.value)
    assert said.value.__suppress_context__


async def test_a_statement_that_takes_too_long_is_ended(pool: Pool) -> None:
    with pytest.raises(Unavailable, match="statement timeout"):
        await pool.run(do, "SELECT pg_sleep(60)")


async def test_a_deadlock_is_somebodys_to_run_again(pool: Pool, url: str) -> None:
    await pool.run(add, 1)
    await pool.run(add, 2)
    tried: list[int] = []

    def lock(db: sa.Connection, first: int, second: int) -> None:
        tried.append(first)
        for id in (first, second):
            db.execute(sa.text("UPDATE one SET words = words || 'x' WHERE id = :id"), {"id": id})
            db.exec_driver_sql("SELECT pg_sleep(0.05)")

    await asyncio.gather(pool.run(lock, 1, 2), pool.run(lock, 2, 1))

    assert sorted(tried) in ([1, 1, 2], [1, 2, 2])
    assert rows(url, "SELECT words FROM one") == [("xx",), ("xx",)]


async def test_a_thousand_at_once_share_a_few_connections(url: str) -> None:
    pool = Pool(parse(url), patience=20)
    ours = "pg_stat_activity WHERE datname = current_database() AND application_name = 'flowmend'"

    assert await asyncio.gather(*(pool.run(add, n) for n in range(1000))) == list(range(1000))

    assert count(url, ours) == CONNECTIONS
    assert count(url, "one") == 1000
    await pool.close()


@pytest.mark.parametrize(
    ("parameters", "source", "kept"), [("", "client", True), (BEHIND_A_POOLER, "session", False)]
)
async def test_behind_a_pooler_nothing_outlives_its_transaction(
    url: str, parameters: str, source: str, kept: bool
) -> None:
    """Limits that are sent when connecting are refused there; statements stay on a connection."""
    pool = Pool(parse(url + parameters), patience=0.3)

    limits = await pool.run(found, _LIMITS)
    for id in range(3):
        await pool.run(add, id)
    statements = await pool.run(found, "SELECT name FROM pg_prepared_statements")
    await pool.close()

    assert limits == [
        ("idle_in_transaction_session_timeout", "1800", source),
        ("lock_timeout", "300", source),
        ("statement_timeout", "1800", source),
    ]
    assert bool(statements) is kept


async def test_who_waits_too_long_for_a_connection_is_told(pool: Pool) -> None:
    held = [asyncio.create_task(pool.run(do, "SELECT pg_sleep(1)")) for _ in range(CONNECTIONS)]
    await asyncio.sleep(0.2)

    with pytest.raises(Unavailable, match="all connections are in use"):
        await pool.run(ids)

    await asyncio.gather(*held)
    assert await pool.run(ids) == []
