"""The only clock. Everybody else is told the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Return the present moment, UTC."""
    return datetime.now(UTC)


def milliseconds(at: datetime) -> int:
    """Return the moment `at`, which knows its zone, as milliseconds since the epoch, UTC."""
    return int(at.timestamp() * 1000)


def from_milliseconds(at: int) -> datetime:
    """Return the moment `at`, in milliseconds since the epoch, UTC."""
    return datetime.fromtimestamp(at / 1000, UTC)


def in_milliseconds(span: timedelta) -> int:
    """Return how many whole milliseconds `span` has."""
    return span // timedelta(milliseconds=1)
