"""A courier at work in this process, on a platform whose answers a test holds back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from adapters.base import Place, Receipt
from bot.courier import Courier, Rhythm
from bot.delivery import Deliveries
from bot.pace import Pace
from bot.storage import Scope, Store, Unavailable
from bot.turn import Table, Turns
from bot.watch import Unwatched
from dialogs.events import Chose, Elapsed, Event, Said
from dialogs.replies import Ask, Choice, Reply, Say, SetTimer, Settle, StopTimer
from dialogs.state import State
from tests.bot import story
from tests.bot.fakes import FakeAdapter, FakeClock, FakeDesk
from tests.bot.story import Told, words
from tests.bot.values import guiding

QUESTION = Ask(text=("which one?",), token="q1", choices=(Choice("a", "A"),))
SECONDS = 30
"""Nothing here takes that long, unless it hangs."""
RHYTHM = Rhythm(lanes=4, poll=0.01, stop=SECONDS)


def advance(state: State, event: Event) -> Told:
    """The story's table with questions and timers: "ask", "in 60", "never mind"."""
    match event:
        case Said(text="ask"):
            return Told(guiding(), (QUESTION,))
        case Chose(token="q1", choice=choice, origin=origin):
            return Told(state, (Settle(token="q1", answer=choice, by=origin.user), *words("right")))
        case Said(text="never mind"):
            return Told(state, words("well"), (StopTimer(),))
        case Said(text=text, at=at) if text.startswith("in "):
            timer = SetTimer(timer="remind", at=at + timedelta(seconds=int(text[3:])))
            return Told(state, words("I wait"), (timer,))
        case Elapsed(timer="remind", at=at):
            closing = SetTimer(timer="close", at=at + timedelta(seconds=60))
            return Told(state, words("still there?"), (closing,))
        case Elapsed():
            return Told(state, words("closed"))
        case _:
            return story.advance(state, event)


TABLE = replace(story.TABLE, advance=advance)


class Platform(FakeAdapter):
    """Keeps what it was sent by conversation; a test may hold its answers back, or plan failures.

    `fails` are for whatever comes, `trips` are for one text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.heard: dict[str, list[str]] = {}
        self.places: dict[str, Place] = {}
        self.trips: dict[str, BaseException] = {}
        self._held: dict[str, asyncio.Event] = {}

    def hold(self, *texts: str) -> Callable[[], None]:
        """Answer none of `texts` until what is returned is called."""
        gate = asyncio.Event()
        self._held |= dict.fromkeys(texts, gate)
        return gate.set

    async def send(self, place: Place, reply: Reply) -> Receipt:
        text = reply.text[0] if isinstance(reply, Say) else f"settled: {reply.answer}"
        self.begun.append(text)
        if text in self._held:
            await self._held[text].wait()
        if text in self.trips:
            raise self.trips.pop(text)
        await super().send(place, reply)
        self.heard.setdefault(place.origin.conversation, []).append(text)
        self.places[text] = place
        return Receipt(message=place.key)


class Flaky:
    """A store that is away when a test says so.

    `breaks` names methods that meet a bug once, `first` what is done once before a method.
    """

    def __init__(self, inner: Store) -> None:
        self._inner = inner
        self.away = False
        self.breaks: dict[str, Exception] = {}
        self.first: dict[str, Callable[[], Awaitable[object]]] = {}
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        async def call(*args: object, **kwargs: object) -> object:
            self.asked.append(name)
            if self.away:
                raise Unavailable("away")
            if name in self.breaks:
                raise self.breaks.pop(name)
            if name in self.first:
                await self.first.pop(name)()
            return await cast(Awaitable[object], method(*args, **kwargs))

        return call

    @property
    def store(self) -> Store:
        return cast(Store, self)


@dataclass
class Office:
    """All that a courier works with."""

    inner: Store
    platform: Platform = field(default_factory=Platform)
    other: Platform = field(default_factory=Platform)
    """A second platform, called "other"."""
    clock: FakeClock = field(default_factory=FakeClock)
    desk: FakeDesk = field(default_factory=FakeDesk)
    pace: Pace = field(default_factory=Pace)
    rhythm: Rhythm = RHYTHM
    table: Table = TABLE

    def __post_init__(self) -> None:
        self.flaky = Flaky(self.inner)
        self.store = self.flaky.store

    def courier(self) -> Courier:
        """Return one that does not run yet."""
        adapters = {"test": self.platform, "other": self.other}
        turns = Turns(
            store=self.store,
            adapters=adapters,
            table=self.table,
            now=self.clock,
            lease=self.pace.lease,
        )
        deliveries = Deliveries(
            store=self.store,
            desk=self.desk,
            adapters=adapters,
            turns=turns,
            now=self.clock,
            pace=self.pace,
        )
        return Courier(
            store=self.store,
            turns=turns,
            deliveries=deliveries,
            scope=Scope(platforms=frozenset(adapters)),
            now=self.clock,
            rhythm=self.rhythm,
            watch=Unwatched(),
        )

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Courier]:
        """Yield a courier that delivers; afterwards it is stopped in order."""
        courier = self.courier()
        running = asyncio.create_task(courier.run())
        try:
            if not self.flaky.away:
                await self.looks(1)
            yield courier
            await courier.stop()
        finally:
            running.cancel()
            await asyncio.wait([running])

    async def quiet(self) -> None:
        """Wait until nothing is left to be delivered."""
        await eventually(self._nothing_waits)

    async def _nothing_waits(self) -> bool:
        return (await self.inner.backlog()).waiting == 0

    async def looks(self, times: int = 2) -> None:
        """Wait until the courier has looked for timers and deliveries again, so many times."""
        enough = self.flaky.asked.count("timers") + times
        await until(lambda: self.flaky.asked.count("timers") >= enough)


async def until(it_is_so: Callable[[], bool]) -> None:
    """Wait for what another task does."""

    async def so() -> bool:
        return it_is_so()

    await eventually(so)


async def eventually(it_is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what another task does."""
    async with asyncio.timeout(SECONDS):
        while not await it_is_so():  # noqa: ASYNC110 - it asks what knows no event
            await asyncio.sleep(0.001)
