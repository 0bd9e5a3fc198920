"""What goes wrong with what is kept."""

from __future__ import annotations

from bot.errors import UserError


class StorageError(Exception):
    """What is kept cannot be used."""


class Unusable(StorageError, UserError):
    """This database cannot be opened. One line says which file, why, and what to do."""


class Unavailable(StorageError):
    """The database is away, locked, full or read-only just now; nothing was written. Try later."""


class Unreadable(StorageError):
    """A stored value is none that this version writes."""


class Conflict(Exception):
    """Another worker moved this conversation on; decide again."""
