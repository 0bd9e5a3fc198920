"""What PostgreSQL's errors mean to whoever asked for something."""

from __future__ import annotations

import errno
from typing import Literal

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

DRIVER_ERRORS = (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError)
"""What comes out of the driver and the pool; everything else is the caller's own."""


def judge(error: Exception) -> Verdict:
    """Return what to do about `error`, one of `DRIVER_ERRORS`.

    "again": nothing was written, or whoever does it again finds that it was. "later": not while
    the database is as it is. "bug": never.
    """
    if not isinstance(error, sa.exc.DBAPIError):
        return "later"
    code = _code(error)
    if error.connection_invalidated or code in _AGAIN:
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
    if _STARTUP in line or (isinstance(error, sa.exc.DBAPIError) and _code(error) in _POOLER):
        line += "; behind a pooler add ?statement_cache_size=0 to the URL"
    return line


def _no_connection(error: OSError) -> str:
    """Return what is wrong without the addresses that were tried, which stand in brackets."""
    if f"[Errno {errno.ECONNREFUSED}]" in str(error):
        return "connection refused"
    return (error.strerror or str(error) or "no connection").partition(" (")[0]


def _code(error: sa.exc.DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
