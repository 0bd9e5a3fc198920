"""One process at a time: a lock that the system takes back when the process dies."""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from bot.storage import Unusable


@asynccontextmanager
async def sole(path: Path) -> AsyncIterator[bool]:
    """Hold the lock at `path` while the context is open; False when another process has it.

    Raises `Unusable` when the file cannot be opened.
    """
    # The file stays: deleting it would let two processes lock two files of the same name.
    with _open(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("ab")
    except OSError as error:
        why = (error.strerror or "it cannot be opened").lower()
        raise Unusable(f"the lock {path} cannot be used: {why}") from None
