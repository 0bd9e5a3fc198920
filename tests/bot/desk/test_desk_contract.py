"""What any desk must do; every desk that we have does it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk import Desk, Refused
from bot.desk.builtin import BuiltinDesk
from bot.storage.opening import open_store
from dialogs.replies import AddToTicket, ReopenTicket
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeClock, FakeDesk
from tests.bot.values import decide_ticket, origin, ticket_wanted


@pytest.fixture(params=["fake", "builtin", "builtin on sqlite"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    match request.param:
        case "fake":
            yield FakeDesk()
        case "builtin":
            yield BuiltinDesk(FakeStore().tickets, FakeClock(), decide_ticket)
        case _:
            async with open_store(f"sqlite:///{tmp_path / 'flowmend.sqlite3'}") as store:
                yield BuiltinDesk(store.tickets, FakeClock(), decide_ticket)


async def test_tickets_are_numbered(desk: Desk) -> None:
    assert await desk.open("a", origin(), ticket_wanted()) == 1
    assert await desk.open("b", origin("test:t:d"), ticket_wanted()) == 2


async def test_one_key_opens_one_ticket(desk: Desk) -> None:
    first = await desk.open("a", origin(), ticket_wanted())

    assert await desk.open("a", origin(), ticket_wanted()) == first
    assert await desk.open("b", origin(), ticket_wanted()) == first + 1


async def test_adds_and_reopens_as_often_as_it_is_asked(desk: Desk) -> None:
    number = await desk.open("a", origin(), ticket_wanted())

    for _ in range(2):
        await desk.add("b", origin(), AddToTicket(number=number, text="still"))
        await desk.reopen("c", origin(), ReopenTicket(number=number))


async def test_refuses_tickets_that_there_are_not(desk: Desk) -> None:
    with pytest.raises(Refused):
        await desk.add("a", origin(), AddToTicket(number=7, text="still"))
    with pytest.raises(Refused):
        await desk.reopen("b", origin(), ReopenTicket(number=7))
