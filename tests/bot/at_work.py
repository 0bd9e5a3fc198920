"""What runs inside a service, in the process of the test: a courier, and the public port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from adapters.base import Adapter
from bot import clock
from bot.courier import Courier, Rhythm
from bot.settings import Settings
from bot.storage import Scope, Store
from bot.watch import Unwatched, Watch
from bot.web import Door, Report, listening, public
from bot.workings import workings
from dialogs.library import Library

BRISK = Rhythm(lanes=8, poll=0.05, stop=5)


def courier_of(
    settings: Settings,
    store: Store,
    book: Library,
    adapters: Mapping[str, Adapter],
    *,
    now: Callable[[], datetime] = clock.now,
    watch: Watch | None = None,
    rhythm: Rhythm = BRISK,
) -> Courier:
    """Return what takes the events of `adapters` and delivers to them."""
    watch = watch or Unwatched()
    turns, deliveries = workings(settings, store, book, adapters, watch)
    return Courier(
        store=store,
        turns=turns,
        deliveries=deliveries,
        scope=Scope(platforms=frozenset(adapters)),
        now=now,
        rhythm=rhythm,
        watch=watch,
    )


@asynccontextmanager
async def delivering(courier: Courier) -> AsyncIterator[None]:
    """Let it deliver; at the end, what is in hand is finished."""
    running = asyncio.create_task(courier.run())
    try:
        yield
        await courier.stop()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def serving(adapters: Mapping[str, Adapter], courier: Courier) -> AsyncIterator[str]:
    """Connect `adapters` to a port of this machine; yield its address."""
    http = public(_healthy)
    async with AsyncExitStack() as stack:
        for adapter in adapters.values():
            await stack.enter_async_context(adapter.connect(http, courier.handle))
        door = Door(host="127.0.0.1", port=0, setting="")
        port = await stack.enter_async_context(listening(http, door, 0.5))
        await stack.enter_async_context(delivering(courier))
        yield f"http://127.0.0.1:{port}"


async def _healthy() -> Report:
    return Report(ready=True, details={})
