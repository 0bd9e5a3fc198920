"""What PostgreSQL's errors mean to whoever asked for something."""

from __future__ import annotations

import errno
from typing import Literal

import asyncpg
import sqlalchemy as sa

Verdict = Literal["again", "later", "bug"]

_AGAIN = {
    "40001",  # serialisation failure
    "40P01",  # deadlock
    "23505",  # two wrote the same key at once: the second one finds it the next time
    "0A000",  # a migration changed what a prepared statement returns
    "57P01",  # the backend was terminated, or the server shuts down
    "57P02",  # another backend crashed, and the server starts anew
    "57P05",  # the session was idle for too long
    "25P03",  # the transaction was
}
_LATER = {
    "08",  # connections
    "25",  # read-only
    "28",  # passwords and rights to connect
    "3D",  # no such database
    "42501",  # rights
    "53",  # disk, memory or connections are used up
    "55",  # locks
    "57",  # time-outs, shutting down, starting up
    "58",  # the system's own errors
    "XX",  # damage
    "26000",  # a prepared statement stayed behind on another connection
    "42P05",  # or was there already
}
"""Whole codes, and classes: the first two signs.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""
_POOLER = {"26000", "42P05"}
_STARTUP = "unsupported startup parameter"
"""What PgBouncer says to a connection that wants settings for itself."""

_DRIVERS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
DRIVER_ERRORS = (sa.exc.DBAPIError, *_DRIVERS, sa.exc.TimeoutError, OSError)
"""What comes out of the driver, with SQLAlchemy around it or without, and out of the pool.

Everything else is the caller's own.
"""


def judge(error: Exception) -> Verdict:
    """Return what to do about `error`, one of `DRIVER_ERRORS`.

    "again": nothing was written, or whoever does it again finds that it was. "later": not while
    the database is as it is. "bug": never.
    """
    if isinstance(error, (sa.exc.TimeoutError, OSError)):
        return "later"
    code = _code(error)
    if _is_broken(error) or code in _AGAIN:
        return "again"
    if not code or code in _LATER or code[:2] in _LATER:
        return "later"
    return "bug"


def why(error: Exception) -> str:
    """Return one line that tells what is wrong, without any value that was to be written."""
    if isinstance(error, sa.exc.TimeoutError):
        return "all connections are in use"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, OSError):
        return _no_connection(error)
    original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    # The first argument is the server's message; its details, which quote rows, come after it.
    words = str(original.args[0] if original and original.args else original)
    line = words.splitlines()[0] if words else type(original).__name__
    if _STARTUP in line or _code(error) in _POOLER:
        line += "; behind a pooler add ?statement_cache_size=0 to the URL"
    return line


def _no_connection(error: OSError) -> str:
    """Return what is wrong without the addresses that were tried, which stand in brackets."""
    if f"[Errno {errno.ECONNREFUSED}]" in str(error):
        return "connection refused"
    return (error.strerror or str(error) or "no connection").partition(" (")[0]


def is_written_twice(error: Exception) -> bool:
    """Tell whether there was such a row already."""
    return _code(error).startswith("23")


def statement_of(error: Exception) -> str:
    """Return the statement that failed, without its values."""
    statement = getattr(error, "statement", None) or getattr(error, "query", None)
    return " ".join((statement or "connecting").split())


def _is_broken(error: Exception) -> bool:
    """Tell whether the connection was lost. The driver itself says so in these two ways."""
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated
    lost = isinstance(error, asyncpg.ConnectionDoesNotExistError)
    return lost or (isinstance(error, asyncpg.InterfaceError) and "closed" in str(error))


def _code(error: Exception) -> str:
    original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return getattr(original, "sqlstate", None) or ""
