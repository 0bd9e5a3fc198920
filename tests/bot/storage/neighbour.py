"""Another process on the same database: `python -m tests.bot.storage.neighbour URL WHAT ...`."""

from __future__ import annotations

import asyncio
import sys

from bot import clock
from bot.storage import Conflict, Scope, Store
from bot.storage.opening import open_store
from dialogs.replies import Say
from tests.bot.values import NOW, deciding, guiding, said, say

_OURS = Scope(platforms=frozenset({"test"}))
_LEASE = 60_000


async def talk(store: Store, name: str, turns: int) -> None:
    """Say something `turns` times, one after the other."""
    n = 0
    while n < turns:
        try:
            await store.turn(said(f"test:{name}:{n}"), deciding(guiding(), say(f"{name}{n}")), NOW)
        except Conflict:
            continue
        n += 1


async def wait(store: Store) -> None:
    """Say whether this is one that delivers, and stay it until somebody writes a line."""
    async with store.deliverer() as delivers:
        print(delivers, flush=True)
        await asyncio.to_thread(sys.stdin.readline)


async def deliver(store: Store, file: str) -> None:
    """Add each reply to `file` as a line, for ever, beginning with what was left half done."""
    await store.release(_OURS, clock.milliseconds(clock.now()))
    with open(file, "a", buffering=1) as platform:  # noqa: ASYNC230, PTH123 - a platform that is quick
        print("ready", flush=True)
        while True:
            now = clock.milliseconds(clock.now())
            for outgoing in await store.claim(_OURS, now, now + _LEASE, 3):
                assert isinstance(outgoing.item, Say)
                platform.write(f"{outgoing.item.text[0]}\n")
                await store.done(outgoing)
            await asyncio.sleep(0.001)


async def main(url: str, what: str, *args: str) -> None:
    async with open_store(url, patience=20, worker=args[0] if args else None) as store:
        if what == "talk":
            await talk(store, args[0], int(args[1]))
        elif what == "deliver":
            await deliver(store, args[1])
        else:
            await wait(store)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
