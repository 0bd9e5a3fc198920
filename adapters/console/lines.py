"""Lines out of a stream of bytes that may hold anything, without ever blocking the loop."""

from __future__ import annotations

import asyncio
import os
import select
import threading
from collections.abc import Iterable, Iterator

MOST = 2 * 262_144
"""Bytes of one line that are kept. More than is read later, so that the cut is noticed there."""
_AHEAD = 8
"""Lines that wait to be taken; the stream is read no further meanwhile."""
_CHUNK = 65_536


def split(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a stream as text, without their ends; whatever is no UTF-8 as U+FFFD."""
    kept = bytearray()
    for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            kept += piece[: MOST - len(kept)]
            yield _decoded(kept)
            kept.clear()
        kept += rest[: MOST - len(kept)]
    if kept:
        yield _decoded(kept)


def _decoded(line: bytearray) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "replace")


def _chunks(fd: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(fd, _CHUNK)
        except BlockingIOError:
            select.select([fd], [], [])
            continue
        except OSError:  # a terminal that went away
            return
        if not chunk:
            return
        yield chunk


class Lines:
    """Reads the open file `fd` line by line; `None` stands for a stream that is closed already.

    Its thread is a daemon and holds no lock while it waits, so leaving never waits for input.
    """

    def __init__(self, fd: int | None) -> None:
        self._fd = fd
        self._room = threading.Semaphore(_AHEAD)
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._thread: threading.Thread | None = None

    async def read(self) -> str | None:
        """Return the next line; None at the end."""
        if self._fd is None:
            return None
        if self._thread is None:
            loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._pump, args=(self._fd, loop), daemon=True)
            self._thread.start()
        line = await self._queue.get()
        if line is None:
            self._fd = None
        self._room.release()
        return line

    def _pump(self, fd: int, loop: asyncio.AbstractEventLoop) -> None:
        for line in split(_chunks(fd)):
            self._room.acquire()
            if not self._pass_on(line, loop):
                return
        self._pass_on(None, loop)

    def _pass_on(self, line: str | None, loop: asyncio.AbstractEventLoop) -> bool:
        try:
            loop.call_soon_threadsafe(self._queue.put_nowait, line)
        except RuntimeError:  # the loop is closed: nobody listens any more
            return False
        return True
