"""What any desk must do; every desk that we have does it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.desk import Desk, Refused
from bot.desk.builtin import BuiltinDesk
from bot.storage import Store
from bot.storage.opening import open_store
from dialogs.replies import AddToTicket, ReopenTicket
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeClock, FakeDesk
from tests.bot.values import decide_ticket, origin, ticket_wanted


@dataclass
class Office:
    desk: Desk
    written: Callable[[int], Awaitable[list[str]]]
    """Returns what was written further on a ticket, as its experts see it."""


def elsewhere() -> Office:
    desk = FakeDesk()

    async def written(number: int) -> list[str]:
        return [text for to, text in desk.lines.values() if to == number]

    return Office(desk, written)


def builtin(store: Store) -> Office:
    async def written(number: int) -> list[str]:
        ticket = await store.tickets.get(number)
        assert ticket
        return [entry.text for entry in ticket.entries if entry.what != "opened"]

    return Office(BuiltinDesk(store.tickets, FakeClock(), decide_ticket), written)


@pytest.fixture(params=["fake", "builtin", "builtin on sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    match request.param:
        case "fake":
            yield elsewhere()
        case "builtin":
            yield builtin(FakeStore())
        case _:
            async with open_store(f"sqlite:///{tmp_path / 'flowmend.sqlite3'}") as store:
                yield builtin(store)


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk


async def test_tickets_are_numbered(desk: Desk) -> None:
    assert await desk.open("a", origin(), ticket_wanted()) == 1
    assert await desk.open("b", origin("test:t:d"), ticket_wanted()) == 2


async def test_one_key_opens_one_ticket(desk: Desk) -> None:
    first = await desk.open("a", origin(), ticket_wanted())

    assert await desk.open("a", origin(), ticket_wanted()) == first
    assert await desk.open("b", origin(), ticket_wanted()) == first + 1


async def test_what_is_asked_twice_under_one_key_is_done_once(office: Office) -> None:
    desk = office.desk
    number = await desk.open("a", origin(), ticket_wanted())
    other = await desk.open("z", origin("test:t:d"), ticket_wanted())

    for _ in range(2):
        await desk.add("b", origin(), AddToTicket(number=number, text="still"))
        await desk.reopen("c", origin(), ReopenTicket(number=number))
    await desk.add("d", origin(), AddToTicket(number=number, text="and now"))

    assert await office.written(number) == ["still", "and now"]
    assert await office.written(other) == []


async def test_refuses_tickets_that_there_are_not(desk: Desk) -> None:
    with pytest.raises(Refused):
        await desk.add("a", origin(), AddToTicket(number=7, text="still"))
    with pytest.raises(Refused):
        await desk.reopen("b", origin(), ReopenTicket(number=7))
