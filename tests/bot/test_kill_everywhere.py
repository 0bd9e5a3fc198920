"""The process dies before and after everything it does; nobody notices but for one repetition."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.base import Adapter
from bot.desk import Desk
from bot.desk.builtin import BuiltinDesk
from bot.storage import Store, Ticket
from bot.storage.opening import open_store
from bot.turn import Turns
from dialogs.events import Event
from dialogs.replies import Say
from dialogs.state import State
from tests.bot import story
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeAdapter, FakeClock
from tests.bot.values import chose, said

HERE = "test:t:c"
HAND_OVER: tuple[Event, ...] = (
    said("test:1", "401"),
    chose("test:2", "t1", "person"),
    said("test:3", "still"),
)
FORGET: tuple[Event, ...] = (*HAND_OVER, said("test:4", "forget me"))
HEARD = ["about 401", "first step", "handing over", "FM-1", "passed on"]


class Crash(BaseException):
    """The process was killed here."""


@dataclass
class Fuse:
    """Counts what is begun and what is finished, and kills at one of them."""

    left: int
    burnt: int = 0

    def burn(self) -> None:
        self.burnt += 1
        self.left -= 1
        if self.left <= 0:
            raise Crash

    def on(self, inner: object) -> Any:
        return _Fused(inner, self)


class _Fused:
    def __init__(self, inner: object, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        method = getattr(self._inner, name)

        async def call(*args: object, **kwargs: object) -> object:
            self._fuse.burn()
            result = await method(*args, **kwargs)
            self._fuse.burn()
            return cast(object, result)

        return call


@dataclass
class World:
    """What outlives a process."""

    store: Store
    adapter: FakeAdapter = field(default_factory=FakeAdapter)
    clock: FakeClock = field(default_factory=FakeClock)

    def process(self, fuse: Fuse) -> Turns:
        desk = BuiltinDesk(self.store.tickets, self.clock)
        adapters = {"test": cast(Adapter, fuse.on(self.adapter))}
        return story.turns(
            cast(Store, fuse.on(self.store)), cast(Desk, fuse.on(desk)), adapters, self.clock
        )

    async def play(self, events: tuple[Event, ...], fuse: Fuse) -> None:
        """Play the story; whoever dies is started again and given the event again."""
        turns = self.process(fuse)
        for event in events:
            try:
                await turns.handle(event)
            except Crash:
                turns = self.process(Fuse(left=1_000_000))
                await turns.resume(HERE)
                await turns.handle(event)

    @property
    def heard(self) -> list[str]:
        return [reply.text[0] for reply in self.adapter.sent if isinstance(reply, Say)]

    async def state(self) -> State:
        return (await self.store.load(HERE)).state

    async def tickets(self) -> list[Ticket]:
        found = [await self.store.tickets.get(number) for number in (1, 2)]
        return [ticket for ticket in found if ticket]


@asynccontextmanager
async def world(kind: str, folder: Path) -> AsyncIterator[World]:
    if kind == "fake":
        yield World(FakeStore())
        return
    path = await asyncio.to_thread(lambda: folder / f"{len(list(folder.iterdir()))}.sqlite3")
    async with open_store(f"sqlite:///{path}") as store:
        yield World(store)


async def edges(events: tuple[Event, ...]) -> int:
    """Return at how many points the story can be cut."""
    fuse = Fuse(left=1_000_000)
    await World(FakeStore()).play(events, fuse)
    return fuse.burnt


def once(heard: list[str]) -> list[str]:
    """Return `heard` without the one repetition that a crash may bring."""
    repeated = [n for n in range(1, len(heard)) if heard[n] == heard[n - 1]]
    assert len(repeated) <= 1, heard
    return [text for n, text in enumerate(heard) if n not in repeated]


@pytest.mark.parametrize("kind", ["fake", "sqlite"])
async def test_a_hand_over_survives_being_killed_anywhere(kind: str, tmp_path: Path) -> None:
    points = await edges(HAND_OVER)
    assert points > 50

    for killed_at in range(1, points + 1):
        async with world(kind, tmp_path) as here:
            await here.play(HAND_OVER, Fuse(left=killed_at))

            assert once(here.heard) == HEARD, killed_at
            assert await here.state() == story.with_people(1), killed_at
            (ticket,) = await here.tickets()
            assert [e.what for e in ticket.entries] == ["opened", "added"], killed_at
            assert (await here.store.load(HERE)).version == 4, killed_at


@pytest.mark.parametrize("kind", ["fake", "sqlite"])
async def test_forgetting_survives_being_killed_anywhere(kind: str, tmp_path: Path) -> None:
    first, last = await edges(HAND_OVER), await edges(FORGET)

    for killed_at in range(first + 1, last + 1):
        async with world(kind, tmp_path) as here:
            await here.play(FORGET, Fuse(left=killed_at))

            assert once(here.heard) == [*HEARD, "forgetting", "forgotten (ko)"], killed_at
            assert (await here.store.load(HERE)).version == 0, killed_at
            (ticket,) = await here.tickets()
            assert ticket.wanted is None, killed_at
