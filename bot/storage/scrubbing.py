"""SQLite's write-ahead log: what was deleted stands in it until it is emptied.

`secure_delete` overwrites deleted rows in the file itself. The log beside it still holds the pages
as they were, for as long as the service runs and no later page happens to be written over them.
"""

from __future__ import annotations

import asyncio
import sqlite3  # noqa: TID251 - the log cannot be emptied from within a transaction
from contextlib import closing

import sqlalchemy as sa

from bot.storage import Unavailable
from bot.storage.running import Runner

_PATIENCE = 0.1
"""Seconds to wait for readers, a back-up perhaps: nobody else can write meanwhile."""
_PAUSE = 0.2
_TRIES = 5


async def scrub(runner: Runner) -> bool:
    """Empty the log; False when others kept it in use, so that it must wait for another time.

    Raises nothing: what was to be deleted is deleted, whatever becomes of the log.
    """
    try:
        path = await runner.run(_file)
    except Unavailable:
        return False
    for _ in range(_TRIES if path else 0):
        if await asyncio.to_thread(_empty, path):
            return True
        await asyncio.sleep(_PAUSE)
    return not path


def _file(db: sa.Connection) -> str:
    """Return where the database is; "" when it is no file of SQLite's."""
    if db.dialect.name != "sqlite":
        return ""
    rows = db.exec_driver_sql("PRAGMA database_list")
    return next((row.file for row in rows if row.name == "main"), "") or ""


def _empty(path: str) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE)) as db:
            busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:
        return False
    return not busy
