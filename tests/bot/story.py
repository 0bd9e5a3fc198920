"""A decision table of ten lines that needs everything a turn can do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from adapters.base import Adapter, Answer
from bot.delivery import Deliveries
from bot.desk import Desk
from bot.pace import Pace
from bot.storage import Store, Unavailable
from bot.turn import Table, Turns
from dialogs.events import (
    Chose,
    Event,
    Forgotten,
    Origin,
    Said,
    TicketOpened,
    TicketRefused,
    TicketReopened,
    TicketResolved,
    Words,
)
from dialogs.replies import AddToTicket, Effect, Forget, ReopenTicket, Reply, Say
from dialogs.state import Fixed, Guiding, HandedOver, HandingOver, Idle, State
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeAdapter, FakeClock, FakeDesk
from tests.bot.values import case, guiding, ticket_wanted

W = TypeVar("W", bound=Words)

HANDING_OVER = HandingOver(language="ko", case=case())


@dataclass(frozen=True)
class Told:
    """A step."""

    state: State
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()


def with_people(ticket: int) -> HandedOver:
    return HandedOver(language="ko", case=case(), ticket=ticket)


def fixed(ticket: int) -> Fixed:
    return Fixed(language="ko", case=case(), token="t", ticket=ticket)


def words(*text: str) -> tuple[Say, ...]:
    return tuple(Say(text=(it,)) for it in text)


def advance(state: State, event: Event) -> Told:
    """Guide, hand over, pass on, forget. Words that begin with "bug" are one."""
    match state, event:
        case _, Said(text=text) if text.startswith("bug"):
            raise ZeroDivisionError(f"this must not be shown: {text}")
        case _, Said(text="forget me"):
            return Told(state, words("forgetting"), (Forget(),))
        case _, Forgotten():
            return Told(Idle(), words(f"forgotten ({state.language})"))
        case HandedOver(ticket=number), Said(text=text):
            return Told(state, words("passed on"), (AddToTicket(number=number, text=text),))
        case Idle() | Guiding(), Said(text=text):
            return Told(guiding(), words(f"about {text}", "first step"))
        case Guiding(), Chose(choice="person"):
            return Told(HANDING_OVER, words("handing over"), (ticket_wanted(),))
        case HandingOver(), TicketOpened(number=number):
            return Told(with_people(number), words(f"FM-{number}"))
        case HandingOver(), TicketRefused():
            return Told(Idle(language="ko"), words("nobody takes it"))
        case HandedOver(ticket=number), TicketResolved():
            return Told(fixed(number), words("resolved"))
        case Fixed(ticket=int(number)), Chose(choice="again"):
            return Told(state, words("opening it again"), (ReopenTicket(number=number),))
        case Fixed(ticket=int(number)), TicketReopened():
            return Told(with_people(number), words("open again"))
        case _:
            return Told(state)


def clean(event: W) -> W:
    return replace(event, text=event.text.replace("hunter2", "[password]"))


def trouble(state: State, origin: Origin, id: str) -> Reply:
    return Say(text=(f"trouble ({state.language}) {len(id)}",))


def current(state: State, event: Event) -> tuple[Reply, ...]:
    return words(f"now: {type(state).__name__}")


TABLE = Table(advance=advance, clean=clean, current=current, trouble=trouble)


@dataclass
class Workings:
    """Turns and deliveries as one: each event to its end before the next one is taken."""

    store: Store
    turns: Turns
    deliveries: Deliveries

    async def take(self, event: Event) -> Answer:
        """Take `event`, and leave to others what comes of it."""
        return (await self.turns.take(event, delivers=False)).answer

    async def handle(self, event: Event) -> Answer:
        """Take `event`, and do all that comes of it."""
        taken = await self.turns.take(event)
        with suppress(Unavailable):
            for _, rows in groupby(taken.outgoing, attrgetter("lane")):
                await self.deliveries.finish(list(rows))
            await self.deliveries.sweep(event.origin.conversation)
        return taken.answer

    async def sweep(self, conversation: str | None = None) -> None:
        await self.deliveries.sweep(conversation)

    async def resume(self, conversation: str | None = None) -> None:
        await self.deliveries.resume(conversation)
        await self.deliveries.sweep(conversation)


def turns(
    store: Store,
    desk: Desk,
    adapters: Mapping[str, Adapter],
    clock: FakeClock | None = None,
    pace: Pace | None = None,
    table: Table = TABLE,
) -> Workings:
    now, pace = clock or FakeClock(), pace or Pace()
    taking = Turns(store=store, adapters=adapters, table=table, now=now, lease=pace.lease)
    deliveries = Deliveries(
        store=store, desk=desk, adapters=adapters, turns=taking, now=now, pace=pace
    )
    return Workings(store, taking, deliveries)


PACE = Pace(attempts=4, backoff=timedelta(seconds=2), longest=timedelta(seconds=5))


@dataclass
class Bot:
    """Turns and everything behind them, in memory."""

    store: FakeStore = field(default_factory=FakeStore)
    desk: FakeDesk = field(default_factory=FakeDesk)
    adapter: FakeAdapter = field(default_factory=FakeAdapter)
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def turns(self) -> Workings:
        adapters = {"test": self.adapter}
        return turns(self.store, self.desk, adapters, self.clock, PACE)

    @property
    def heard(self) -> list[str]:
        """Return what the person reads, in order."""
        return texts(self.adapter.sent)

    async def hears(self, *events: Event) -> list[str]:
        for event in events:
            await self.turns.handle(event)
        return self.heard

    async def later(self, seconds: float) -> list[str]:
        self.clock.pass_(seconds)
        await self.turns.sweep()
        return self.heard


def texts(replies: list[Reply]) -> list[str]:
    return [reply.text[0] for reply in replies if isinstance(reply, Say)]
