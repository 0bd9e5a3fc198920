"""A hand-over from press to desk card, and lines relayed to many open tickets.

Each figure beside what a turn without people takes in the same process: local stubs for both
platforms, a SQLite file on disk, the courier as `flowmend serve` has it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from adapters.base import Place, Receipt
from bot import clock
from bot.content import library
from bot.courier import Courier, Rhythm
from bot.settings import Settings
from bot.storage import Store
from bot.storage.opening import open_store
from dialogs.events import Chose, Event, Origin, Said
from dialogs.replies import Ask, Reply, Say
from tests.bench.report import row
from tests.bot.at_work import courier_of, delivering
from tests.bot.fakes import FakeAdapter

_PASTE = "AADSTS50173: The provided grant has expired due to it being revoked."
_LINES = 10
_AT_A_TIME = 16


class Stub(FakeAdapter):
    """Takes everything at once, and notes when what came where."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.asked: dict[str, Ask] = {}
        self.came: dict[str, float] = {}
        self.below: defaultdict[str, list[str]] = defaultdict(list)
        self.news = asyncio.Event()

    async def send(self, place: Place, reply: Reply) -> Receipt:
        where = place.origin.conversation
        if isinstance(reply, Ask):
            self.asked[where] = reply
        if isinstance(reply, Say):
            self.below[where].append(reply.quote)
        self.came[where] = perf_counter()
        self.news.set()
        return Receipt(message=place.shown or place.key)


@dataclass
class World:
    """A courier between two stubs."""

    store: Store
    courier: Courier
    near: Stub
    far: Stub
    count: int = field(default=0)

    async def take(self, who: int, text: str = "", choice: str = "") -> float:
        """Let `who` say or press something; return when."""
        self.count += 1
        origin = Origin(
            platform="near", tenant="t", conversation=f"near:t:{who}", user=f"near:{who}"
        )
        id, at = f"near:{self.count}", clock.now()
        event: Event = Said(id=id, at=at, origin=origin, text=text)
        if choice:
            token = self.near.asked[origin.conversation].token
            event = Chose(id=id, at=at, origin=origin, token=token, choice=choice)
        start = perf_counter()
        await self.courier.handle(event)
        return start

    async def quiet(self) -> None:
        """Wait until nothing is left to be delivered."""
        while (await self.store.backlog()).waiting:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.002)


def measure(scale: float) -> None:
    """Print the figures."""
    asyncio.run(_measure(max(20, int(200 * scale)), max(50, int(1000 * scale))))


@asynccontextmanager
async def _world() -> AsyncIterator[World]:
    near, far = Stub("near"), Stub("far")
    adapters = {"near": near, "far": far}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'flowmend.sqlite3'}"
        settings = Settings(database=url, desks="far:x:help")
        async with open_store(url, Path(folder), worker="serve") as store:
            rhythm = Rhythm(lanes=32, poll=0.2, stop=20)
            courier = courier_of(settings, store, library(settings), adapters, rhythm=rhythm)
            async with delivering(courier):
                await asyncio.sleep(0.5)
                yield World(store, courier, near, far)


async def _measure(some: int, many: int) -> None:
    async with _world() as world:
        plain = [await _plain(world, who) for who in range(some)]
        cards = [await _hand_over(world, who, number) for number, who in enumerate(range(some), 1)]
        row("first answer, p50 p99", _figures(plain))
        row("press to desk card, p50 p99", f"{_figures(cards)}, {_ratio(cards, plain)}")
        await _relay(world, some, many)


async def _plain(world: World, who: int) -> float:
    start = await world.take(who, text=_PASTE)
    return await _arrival(world.near, f"near:t:{who}", start)


async def _hand_over(world: World, who: int, number: int) -> float:
    await world.quiet()
    start = await world.take(who, choice="person")
    return await _arrival(world.far, f"far:x:help:FM-{number}", start)


async def _arrival(stub: Stub, where: str, start: float) -> float:
    while stub.came.get(where, 0) < start:
        stub.news.clear()
        await stub.news.wait()
    return stub.came[where] - start


async def _relay(world: World, have: int, many: int) -> None:
    """Let everybody with an open ticket write ten lines, sixteen of them at a time."""
    room = asyncio.Semaphore(_AT_A_TIME)

    async def opens(who: int) -> None:
        async with room:
            await world.take(who, text=_PASTE)
            await _arrival(world.near, f"near:t:{who}", 0.1)
            await world.take(who, choice="person")

    async def writes(who: int) -> None:
        async with room:
            for n in range(_LINES):
                await world.take(who, text=f"line {n}")

    started = perf_counter()
    await asyncio.gather(*(opens(who) for who in range(have, many)))
    await world.quiet()
    opened = perf_counter() - started
    started = perf_counter()
    await asyncio.gather(*(writes(who) for who in range(many)))
    await world.quiet()
    spent = perf_counter() - started
    lines = [[it for it in said if it] for said in world.far.below.values()]
    right = [f"line {n}" for n in range(_LINES)]
    lost = many * _LINES - sum(map(len, lines))
    wrong = sum(said != right for said in lines)
    hand_overs = (many - have) / opened
    row(f"{many:,} tickets x {_LINES} lines", f"{many * _LINES / spent:,.0f} lines/s")
    row("  to hand-overs in the same run", f"{many * _LINES / spent / hand_overs:.1f} times")
    row("  lost, tickets out of order", f"{lost}, {wrong}")


def _figures(seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=100)
    return f"{cuts[49] * 1000:.1f}, {cuts[98] * 1000:.1f} ms"


def _ratio(seconds: list[float], base: list[float]) -> str:
    return f"{quantiles(seconds, n=100)[49] / quantiles(base, n=100)[49]:.1f} times a first answer"
