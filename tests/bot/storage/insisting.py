"""Turns as a platform brings them: again and again, until one is taken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.storage import Conflict, Store, Unavailable
from tests.bot.values import NOW, deciding, guiding, origin, said, say

CONVERSATIONS = 5


async def turn(store: Store, n: int) -> None:
    """Take event `n`, which leaves one row in each table."""
    event = said(f"test:{n}", where=origin(f"test:t:{n % CONVERSATIONS}"))
    await store.turn(event, deciding(guiding(str(n)), say("x" * 200)), NOW)


async def turns(store: Store, numbers: Iterable[int]) -> None:
    for n in numbers:
        await turn(store, n)


async def insist(store: Store, n: int, *also: type[Exception], limit: float | None = None) -> int:
    """Bring event `n` until it is taken, whatever goes wrong that may.

    `limit` is how many seconds the caller waits at first. Returns the failures.
    """
    expected: tuple[type[Exception], ...] = (Unavailable, Conflict, TimeoutError, *also)
    failures = 0
    while True:
        try:
            async with asyncio.timeout(limit):
                await turn(store, n)
        except expected:
            failures += 1
            limit = limit and limit * 2
            await asyncio.sleep(0.001)
        else:
            return failures


def whole(turns: int) -> dict[str, int]:
    """Return what `written` finds after so many turns."""
    return dict.fromkeys(("inbox", "outbox", "journal", "turns"), turns)
