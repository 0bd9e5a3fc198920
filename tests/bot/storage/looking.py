"""What stands in a database, read past the program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from bot.storage.postgres.address import is_postgres
from bot.storage.schema import metadata
from tests.postgres import execute


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """Return what `query` finds in the database at `url`."""
    if is_postgres(url):
        return [tuple(row.values()) for row in execute(url, query)]
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        return db.execute(query).fetchall()


def count(url: str, what: str) -> int:
    """Return how much `what` (`inbox WHERE ...`) there is."""
    ((found,),) = rows(url, f"SELECT count(*) FROM {what}")  # noqa: S608 - from tests
    return int(found)


def everything(url: str) -> str:
    """Return all that stands in any column of any of our tables."""
    tables = (rows(url, f"SELECT * FROM {name}") for name in metadata.tables)  # noqa: S608 - ours
    return repr([row for table in tables for row in table])


def written(url: str) -> dict[str, int]:
    """Return how many turns each table knows of."""
    ((turns,),) = rows(url, "SELECT coalesce(sum(version), 0) FROM conversation")
    tables = ("inbox", "outbox", "journal")
    return {table: count(url, table) for table in tables} | {"turns": int(turns)}
