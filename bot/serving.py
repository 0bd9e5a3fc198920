"""The running service: opens its doors, works until told to stop, leaves nothing half done."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from adapters.base import Adapter
from bot import clock
from bot.courier import Courier
from bot.metrics import Metrics
from bot.storage import Backlog, StorageError, Store
from bot.web import Door, Report, listening, operations, public

log = logging.getLogger(__name__)

_GRACE = 2.0
"""Seconds for answers that are on their way out when the doors close."""
_SLOW = 2.0
"""Seconds after which a store that does not answer counts as out of reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """All that runs."""

    store: Store
    courier: Courier
    adapters: Mapping[str, Adapter]
    metrics: Metrics
    house: Callable[[], Coroutine[object, object, None]]
    """Deletes what is old."""
    public: Door
    operations: Door
    version: str

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT. Raises `UserError` when a port cannot be used."""
        asked_to_stop = _asked_to_stop()
        async with self.at_work():
            await asked_to_stop.wait()
            log.info("stopping")
        log.info("stopped")

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[tuple[int, int]]:
        """Work while the context is open; yield the public and the other port."""
        http = public(self.health)
        async with AsyncExitStack() as stack:
            for adapter in self.adapters.values():
                await stack.enter_async_context(adapter.connect(http, self.courier.handle))
            stack.push_async_callback(self.courier.stop)
            running = asyncio.create_task(self.courier.run())
            stack.push_async_callback(_end, running)
            stack.push_async_callback(_end, asyncio.create_task(self.house()))
            ours = operations(self.health, self._measured)
            ops_port = await stack.enter_async_context(listening(ours, self.operations, _GRACE))
            port = await stack.enter_async_context(listening(http, self.public, _GRACE))
            # The doors close last: whoever still knocks is told when to come again. Nothing further
            # is taken up: what is given back at the end must not be in anybody's hand.
            stack.push_async_callback(self.courier.stop)
            stack.push_async_callback(_end, running)
            platforms = ", ".join(self.adapters)
            where = {"host": self.public.host, "port": port, "ops_port": ops_port}
            log.info("listening", extra={**where, "platforms": platforms, "version": self.version})
            yield port, ops_port

    async def health(self) -> Report:
        """Return whether events can be taken, and how far behind deliveries are."""
        backlog = await self._backlog()
        details: dict[str, object] = {
            "version": self.version,
            "store": "reachable" if backlog else "out of reach",
            "platforms": sorted(self.adapters),
            "stopping": not self.courier.at_work,
        }
        if backlog:
            details["outbox"] = {
                "waiting": backlog.waiting,
                "oldest_due_at": backlog.oldest,
                "dead_letters": backlog.dead,
            }
        return Report(ready=backlog is not None and self.courier.at_work, details=details)

    async def _backlog(self) -> Backlog | None:
        with suppress(StorageError, TimeoutError):
            async with asyncio.timeout(_SLOW):
                return await self.store.backlog()
        return None

    async def _measured(self) -> bytes:
        backlog = await self._backlog() or Backlog(waiting=0, oldest=None, dead=0)
        return self.metrics.exposition(backlog, clock.milliseconds(clock.now()))


async def _end(running: asyncio.Task[None]) -> None:
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def _asked_to_stop() -> asyncio.Event:
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    return asked
