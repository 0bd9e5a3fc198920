"""The process dies before and after everything it does; nobody notices but for one repetition."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.base import Adapter
from bot.desk import Desk
from bot.desk.builtin import BuiltinDesk
from bot.storage import Snapshot, Store
from bot.storage.opening import open_store
from dialogs.events import Event
from dialogs.replies import Say
from dialogs.state import Idle
from dialogs.ticket import Erased
from tests.bot import story
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeAdapter, FakeClock
from tests.bot.values import chose, decide_ticket, origin, said

ENDLESS = 1_000_000
HEARD = ["about 401", "first step", "handing over", "FM-", "passed on"]


def hand_over(n: int) -> tuple[Event, ...]:
    """Return the story, as the person `n` lives it."""
    where = origin(f"test:t:{n}", f"user {n}")
    return (
        said(f"test:{n}:1", "401", where),
        chose(f"test:{n}:2", "t1", "person", where),
        said(f"test:{n}:3", "still", where),
    )


def forget(n: int) -> tuple[Event, ...]:
    """Return the same story with its end."""
    return (*hand_over(n), said(f"test:{n}:4", "forget me", origin(f"test:t:{n}", f"user {n}")))


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

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if not callable(method):  # a port within the port
            return self._fuse.on(method)

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
    clock: FakeClock = field(default_factory=FakeClock)

    def process(self, adapter: FakeAdapter, fuse: Fuse) -> story.Workings:
        desk = BuiltinDesk(self.store.tickets, self.clock, decide_ticket)
        adapters = {"test": cast(Adapter, fuse.on(adapter))}
        return story.turns(
            cast(Store, fuse.on(self.store)), cast(Desk, fuse.on(desk)), adapters, self.clock
        )

    async def play(self, events: tuple[Event, ...], fuse: Fuse) -> list[str]:
        """Play the story and return what is heard.

        Whoever dies is started again and is given the unanswered event again.
        """
        adapter = FakeAdapter()
        turns = self.process(adapter, fuse)
        for event in events:
            try:
                await turns.handle(event)
            except Crash:
                turns = self.process(adapter, Fuse(left=ENDLESS))
                await turns.resume(event.origin.conversation)
                await turns.handle(event)
        return [reply.text[0] for reply in adapter.sent if isinstance(reply, Say)]


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    if request.param == "fake":
        yield World(FakeStore())
        return
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres_url")
    async with open_store(url, worker="ours") as store:
        yield World(store)


async def edges(events: tuple[Event, ...]) -> int:
    """Return at how many points the story can be cut."""
    fuse = Fuse(left=ENDLESS)
    await World(FakeStore()).play(events, fuse)
    return fuse.burnt


def once(heard: list[str]) -> list[str]:
    """Return `heard` without the one repetition that a crash may bring."""
    repeated = [n for n in range(1, len(heard)) if heard[n] == heard[n - 1]]
    assert len(repeated) <= 1, heard
    return [text for n, text in enumerate(heard) if n not in repeated]


async def test_a_hand_over_survives_being_killed_anywhere(world: World) -> None:
    points = await edges(hand_over(0))
    assert points > 30

    for killed_at in range(1, points + 1):
        heard = await world.play(hand_over(killed_at), Fuse(left=killed_at))

        number = (await world.store.tickets.list(1))[0].number
        assert number == killed_at, "one ticket each time"
        assert once(heard) == [f"FM-{number}" if it == "FM-" else it for it in HEARD], killed_at
        now = await world.store.load(f"test:t:{killed_at}")
        assert now == Snapshot(story.with_people(number), 4), killed_at
        ticket = await world.store.tickets.get(number)
        assert ticket
        assert [entry.what for entry in ticket.entries] == ["opened", "added"], killed_at


async def test_forgetting_survives_being_killed_anywhere(world: World) -> None:
    first, last = await edges(hand_over(0)), await edges(forget(0))

    for n, killed_at in enumerate(range(first + 1, last + 1), 1):
        heard = await world.play(forget(killed_at), Fuse(left=killed_at))

        assert once(heard)[len(HEARD) :] == ["forgetting", "forgotten (ko)"], killed_at
        assert await world.store.load(f"test:t:{killed_at}") == Snapshot(Idle(), 0), killed_at
        (ticket, *earlier) = await world.store.tickets.list()
        assert len(earlier) == n - 1
        assert (ticket.state, ticket.origin, ticket.wanted) == (Erased(), None, None), killed_at
