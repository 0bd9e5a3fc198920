"""Delivers in the background: what turns hand over at once, what others left as soon as it is due.

One task for each lane, so that a lane is done in order and a slow one holds up nobody else. Every
platform has room for so many of them, so that a slow one does not take up the others' either.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from adapters.base import Answer, TryLater
from bot.chance import new_id
from bot.clock import milliseconds
from bot.delivery import Deliveries
from bot.logs import about
from bot.storage import Due, Outgoing, Scope, Store, Unavailable
from bot.storage.lanes import OF_PLATFORMS, kind_of
from bot.turn import Taken, Turns
from bot.watch import Watch
from dialogs.events import Elapsed, Event

log = logging.getLogger(__name__)

_RETRY = 2
"""Seconds after which a platform may try again what could not be stored."""
_OURS = ""
"""The share of what no platform is needed for."""
_SOON = 0.02
"""Seconds until another look for what was stored behind something that was in hand. Whoever had
that in hand may have looked before it was stored, and where they look at the same time nothing
is in their way: it would lie there until the next poll."""
_BITE = 100
"""Timers that are looked up at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How much at a time, how often; all in seconds."""

    lanes: int
    """Lanes of each platform, and of what is done here, that are in hand at the same time."""
    poll: float
    """Between two looks for what others have left, and for timers."""
    stop: float
    """What may still be done when the service is stopped."""


class Courier:
    """Takes events, and sees to what comes of them."""

    def __init__(
        self,
        *,
        store: Store,
        turns: Turns,
        deliveries: Deliveries,
        scope: Scope,
        now: Callable[[], datetime],
        rhythm: Rhythm,
        watch: Watch,
    ) -> None:
        self._store = store
        self._turns = turns
        self._deliveries = deliveries
        self._scope = scope
        self._now = now
        self._rhythm = rhythm
        self._watch = watch
        self._rooms = {
            share: asyncio.Semaphore(rhythm.lanes) for share in (*scope.platforms, _OURS)
        }
        self._lanes: set[asyncio.Task[None]] = set()
        self._taken = Counter[str]()
        self._taking = 0
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._again: asyncio.TimerHandle | None = None
        self._wake = asyncio.Event()
        self._resumed = False
        self._crowded = False
        self._stopping = False

    @property
    def at_work(self) -> bool:
        """Whether events are taken."""
        return not self._stopping

    async def handle(self, event: Event) -> Answer:
        """Take `event`; return when it is stored. Raises `TryLater` when it is not."""
        if self._stopping:
            raise TryLater("stopping", _RETRY)
        self._taking += 1
        self._nobody.clear()
        # With more at work than there is room for, leases would run out while they wait. And as
        # long as an earlier life's leases are not given back, ours would be given back with them.
        delivers = self._resumed and self._left_of(event.origin.platform) > -self._rhythm.lanes
        started = perf_counter()
        try:
            taken = await self._turns.take(event, delivers=delivers)
        except Unavailable as error:
            log.warning("nothing was stored: %s", error, extra=about(event.origin, event))
            raise TryLater("the database cannot be used just now", _RETRY) from error
        finally:
            self._taking -= 1
            if not self._taking:
                self._nobody.set()
        if not delivers:
            self._crowded = True
            self._wake.set()
        self._follow(taken)
        self._watch.ingested(event, perf_counter() - started)
        return taken.answer

    async def run(self) -> None:
        """Deliver until cancelled: what a crash has left first."""
        ring_at = perf_counter()
        while True:
            self._wake.clear()
            try:
                if not self._resumed:
                    await self._deliveries.resume()
                    self._resumed = True
                if perf_counter() >= ring_at:  # timers are no reason to be woken for
                    await self._ring()
                    ring_at = perf_counter() + self._rhythm.poll
                await self._collect()
            except Unavailable as error:
                log.warning("deliveries wait: %s", error)
            except Exception:
                log.exception("a look at the outbox failed (%s)", new_id())
            with suppress(TimeoutError):
                async with asyncio.timeout(self._rhythm.poll):
                    await self._wake.wait()

    async def stop(self) -> None:
        """Refuse further events, and finish what is in hand, as far as the time for it goes."""
        self._stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._rhythm.stop):
                await self._nobody.wait()
                while self._lanes:
                    await asyncio.wait(self._lanes)
        for task in self._lanes:
            task.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)
        with suppress(Unavailable):
            await self._deliveries.resume()  # for whoever comes after us, at once

    async def _collect(self) -> None:
        """Take up what is due, as long as there is room: what is done here comes with any claim."""
        while not self._stopping:
            left = {share: self._left_of(share) for share in self._rooms}
            open_ = frozenset(share for share, room in left.items() if room > 0)
            self._crowded = len(open_) < len(left)
            if _OURS not in open_:
                return
            room = min(left[share] for share in open_)
            rows = await self._deliveries.claim(room, platforms=open_ - {_OURS})
            self._start(rows)
            if len(rows) < room:
                return

    def _left_of(self, share: str) -> int:
        """Return how many lanes more may be in hand; less than none when some wait for room."""
        return self._rhythm.lanes - self._taken[share]

    async def _ring(self) -> None:
        """Tell conversations that their time is over."""
        now = milliseconds(self._now())
        for due in await self._store.timers(self._scope, now, _BITE):
            if self._stopping:
                return
            self._follow(await self._turns.take(self._elapsed(due), due))

    def _elapsed(self, due: Due) -> Elapsed:
        origin = due.origin
        id = f"{origin.platform}:timer:{origin.conversation}:{due.at}"
        return Elapsed(id=id, at=self._now(), origin=origin, timer=due.timer)

    def _follow(self, taken: Taken) -> None:
        lanes = defaultdict[str, list[Outgoing]](list)
        for row in taken.outgoing:
            lanes[row.lane].append(row)
        for rows in lanes.values():
            self._start_lane(rows)
        if taken.waits and self._again is None:
            self._again = asyncio.get_running_loop().call_later(_SOON, self._look_again)

    def _look_again(self) -> None:
        self._again = None
        self._wake.set()

    def _start(self, rows: Sequence[Outgoing]) -> None:
        for row in rows:
            self._start_lane([row])

    def _start_lane(self, rows: Sequence[Outgoing]) -> None:
        share = _share_of(rows[0])
        self._taken[share] += 1
        task = asyncio.create_task(self._deliver(rows, self._rooms[share]))
        self._lanes.add(task)
        task.add_done_callback(lambda task: self._left(task, share))

    def _left(self, task: asyncio.Task[None], share: str) -> None:
        self._taken[share] -= 1
        self._lanes.discard(task)
        if self._crowded:
            self._wake.set()

    async def _deliver(self, rows: Sequence[Outgoing], room: asyncio.Semaphore) -> None:
        try:
            async with room:
                more = await self._deliveries.finish(rows)
        except Unavailable as error:
            log.warning("a delivery waits: %s", error)
        except Exception:
            log.exception("a lane failed (%s)", new_id())
        else:
            if more:
                self._wake.set()


def _share_of(row: Outgoing) -> str:
    """Return whose room `row` takes up."""
    return row.origin.platform if kind_of(row.item) in OF_PLATFORMS else _OURS
