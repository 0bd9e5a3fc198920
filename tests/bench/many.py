"""A store in which very many conversations have been going on, made of a few real ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from random import Random

import sqlalchemy as sa

from bot.storage.schema import conversation, inbox, journal, participant, shown, timer
from tests import postgres
from tests.bench.mix import NEW, Turn, texts, turn

_SEEDS = 60
"""Conversations that are really had; each of the others is like one of them."""
_COPIED = {
    conversation: "id",
    participant: "conversation",
    timer: "conversation",
    shown: "conversation",
    journal: "conversation",
}
"""Table -> the column that names the conversation."""
_EVENTS = 3
"""Events that have come, of each conversation."""
_STORIES = ((NEW,), (NEW, "done"), (NEW, "still failing"), (NEW, "done", "done"))
_SEED, _OWN = f"'seed.' || (n.i % {_SEEDS}) || '.'", "'many.' || n.i || '.'"
_RANDOM = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "md5(random()::text || n.i)"}


def seeds() -> list[Turn]:
    """Return the turns of the conversations that are really had; to be taken in order."""
    random, errors = Random("seeds"), texts()  # noqa: S311 - no secret
    return [
        turn(f"seed.{n}.{number}", f"seed.{number}.", random.choice(errors) if not n else kind)
        for number in range(_SEEDS)
        for n, kind in enumerate(_STORIES[number % len(_STORIES)])
    ]


def names(count: int) -> list[str]:
    """Return the conversations that are made."""
    return [f"many.{number}." for number in range(count)]


def in_sqlite(file: str, count: int) -> None:
    """Make `count` conversations in `file`, which nobody else uses; fast, and not crash-safe."""
    db = sqlite3.connect(file, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA cache_size = -200000",
        "BEGIN IMMEDIATE",
        *_statements(count, "sqlite"),
        "COMMIT",
    ):
        db.execute(statement)
    db.close()


def in_postgres(server: postgres.Server, database: str, count: int) -> None:
    """Make `count` conversations in `database`."""
    last = ("VACUUM (ANALYZE)", "CHECKPOINT")
    server.execute(*_statements(count, "postgresql"), *last, database=database)


def _statements(count: int, dialect: str) -> Iterator[str]:
    for table in (*_COPIED, inbox):
        yield f"CREATE TEMPORARY TABLE seed_{table} AS SELECT * FROM {table}"
    for table, key in _COPIED.items():
        columns = [c for c in table.c if c.name != "id" or table is conversation]
        yield (
            f"INSERT INTO {table} ({', '.join(c.name for c in columns)}) {_numbers(count)}"
            f" SELECT {', '.join(map(_copied, columns))} FROM n"
            f" JOIN seed_{table} t ON t.{key} = 'http:local:' || {_SEED} || ':@' || {_SEED}"
        )
    yield (
        f"INSERT INTO inbox (event, received_at) {_numbers(count * _EVENTS)}"
        f" SELECT {_RANDOM[dialect]}, (SELECT max(received_at) FROM seed_inbox) FROM n"
    )


def _numbers(count: int) -> str:
    return f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})"


def _copied(column: sa.Column[object]) -> str:
    if isinstance(column.type, sa.Text):
        return f"replace(t.{column.name}, {_SEED}, {_OWN})"
    return f"t.{column.name}"
