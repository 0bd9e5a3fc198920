"""The process dies at every point of a whole hand-over: one ticket, one card, each line once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

from adapters.base import Adapter, Place, Receipt
from bot.delivery import Deliveries
from bot.desk.builtin import BuiltinDesk
from bot.desk.channels import Channels, decider
from bot.pace import Pace
from bot.storage import Store
from bot.storage.opening import open_store
from bot.turn import Table, Turns
from dialogs.engine import advance, current
from dialogs.events import Chose, Event, Origin, Said
from dialogs.intake import clean
from dialogs.replies import Ask, Reply, Say
from dialogs.ticket import Desk, Resolved
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeAdapter, FakeClock
from tests.bot.test_kill_everywhere import ENDLESS, Crash, Fuse
from tests.bot.values import AT, book

HELP = Desk(platform="test", tenant="t", channel="help")
BOOK = replace(book(), policy=replace(book().policy, desks=(HELP,)))
TABLE = Table(
    advance=lambda state, event: advance(state, event, BOOK),
    clean=clean,
    current=lambda state, event: current(state, event, BOOK),
    trouble=lambda state, origin, id: Say(text=("trouble",)),
)


class Channel(FakeAdapter):
    """Keeps everything by its key: what came twice under one key is one message."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[str, tuple[Place, Reply]] = {}
        self.token = ""

    async def send(self, place: Place, reply: Reply) -> Receipt:
        self.shown.setdefault(place.key, (place, reply))
        if isinstance(reply, Ask) and not place.origin.channel:
            self.token = reply.token
        return Receipt(message=place.shown or place.key)

    def quotes(self, *, desk: bool) -> list[str]:
        """Return what was quoted to people, in order."""
        return [
            reply.quote
            for place, reply in self.shown.values()
            if isinstance(reply, Say) and reply.quote and bool(place.origin.channel) == desk
        ]


@dataclass
class World:
    """What outlives a process."""

    store: Store
    clock: FakeClock = field(default_factory=FakeClock)

    def process(self, channel: Channel, fuse: Fuse) -> tuple[Turns, Deliveries]:
        store = cast(Store, fuse.on(self.store))
        adapters = {"test": cast(Adapter, fuse.on(channel))}
        pace = Pace()
        turns = Turns(
            store=store,
            adapters=adapters,
            table=TABLE,
            now=self.clock,
            lease=pace.lease,
            channels=Channels(store, BOOK, self.clock),
        )
        desk = BuiltinDesk(store.tickets, self.clock, decider(BOOK))
        return turns, Deliveries(
            store=store, desk=desk, adapters=adapters, turns=turns, now=self.clock, pace=pace
        )

    async def play(self, n: int, fuse: Fuse) -> Channel:
        """Play the story; whoever dies is started again and is given the event again."""
        channel = Channel()
        process = self.process(channel, fuse)
        for step in range(6):
            event = story(n, step, channel)
            with suppress(Crash):
                await lived(process, event)
                continue
            process = self.process(channel, Fuse(left=ENDLESS))
            await process[1].resume()
            await lived(process, event)
        return channel


async def lived(process: tuple[Turns, Deliveries], event: Event) -> None:
    turns, deliveries = process
    await turns.take(event, delivers=False)
    await deliveries.sweep()


def story(n: int, step: int, channel: Channel) -> Event:
    """Return what happens at `step` of the story that `n` lives."""
    who = Origin(platform="test", tenant="t", conversation=f"test:t:{n}", user=f"test:ann{n}")
    expert = Origin(
        platform="test",
        tenant="t",
        conversation="test:t:help:kim",
        user="test:kim",
        name="Kim",
        channel="help",
    )
    id, card = f"test:{n}:{step}", f"FM-{n}"
    match step:
        case 0:
            return Said(id=id, at=AT, origin=who, text="AADSTS50173: the grant has expired")
        case 1:
            return Chose(id=id, at=AT, origin=who, token=channel.token, choice="person")
        case 2:
            return Chose(id=id, at=AT, origin=expert, token=card, choice="claim")
        case 3:
            return Said(id=id, at=AT, origin=expert, token=card, text="look again")
        case 4:
            return Said(id=id, at=AT, origin=who, text="still there")
        case _:
            return Chose(id=id, at=AT, origin=expert, token=f"{card}/resolve", choice="other-cause")


@pytest.fixture(params=["fake", "sqlite"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    if request.param == "fake":
        yield World(FakeStore())
        return
    url = f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    async with open_store(url, worker="ours") as store:
        yield World(store)


async def test_one_ticket_one_card_and_every_line_once(world: World) -> None:
    fuse = Fuse(left=ENDLESS)
    await World(FakeStore()).play(1, fuse)
    points = fuse.burnt
    assert points > 80

    for n, killed_at in enumerate(range(1, points + 1), 1):
        channel = await world.play(n, Fuse(left=killed_at))

        posts = [place for place, _ in channel.shown.values() if place.where == "post"]
        assert len(posts) == 1, killed_at
        assert channel.quotes(desk=True) == ["look again", "still there"], killed_at
        assert channel.quotes(desk=False) == ["look again"], killed_at
        ticket = await world.store.tickets.get(n)
        assert ticket
        assert isinstance(ticket.state, Resolved), killed_at
        done = [entry.what for entry in ticket.entries]
        assert done == ["opened", "claimed", "answered", "added", "resolved"], killed_at
        texts = [it.text[0] for _, it in channel.shown.values() if isinstance(it, Say)]
        assert any(f"FM-{n}" in text for text in texts), "the number reaches the requester"
    assert len(await world.store.tickets.list(10_000)) == points
