"""Another process on the same database: `python -m tests.bot.storage.neighbour URL WHAT ...`."""

from __future__ import annotations

import asyncio
import sys

from bot.storage import Store
from bot.storage.opening import open_store
from tests.bot.values import NOW, deciding, guiding, said, say


async def talk(store: Store, name: str, turns: int) -> None:
    """Say something `turns` times, one after the other."""
    for n in range(turns):
        await store.turn(said(f"test:{name}:{n}"), deciding(guiding(), say(f"{name}{n}")), NOW)


async def deliver(store: Store) -> None:
    """Say whether this is the one that delivers, and stay it until somebody writes a line."""
    async with store.deliverer() as alone:
        print(alone, flush=True)
        await asyncio.to_thread(sys.stdin.readline)


async def main(url: str, what: str, *args: str) -> None:
    async with open_store(url, patience=20) as store:
        if what == "talk":
            await talk(store, args[0], int(args[1]))
        else:
            await deliver(store)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
