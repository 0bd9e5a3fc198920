"""What the built-in desk writes down."""

from __future__ import annotations

import pytest

from bot.desk import Refused
from bot.desk.builtin import BuiltinDesk
from bot.storage import Person, Scope
from dialogs.events import TicketResolved
from dialogs.replies import AddToTicket, ReopenTicket
from dialogs.ticket import Reopened, Resolve
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeClock
from tests.bot.values import AT, NOW, change, decide_ticket, origin, ticket_wanted


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def desk(store: FakeStore) -> BuiltinDesk:
    return BuiltinDesk(store.tickets, FakeClock(), decide_ticket)


async def test_further_words_are_written_once(store: FakeStore, desk: BuiltinDesk) -> None:
    number = await desk.open("a", origin(), ticket_wanted())

    for _ in range(2):
        await desk.add("b", origin(), AddToTicket(number=number, text="still"))

    ticket = await store.tickets.get(number)
    assert ticket
    assert [(e.by, e.what, e.text) for e in ticket.entries[1:]] == [("u1", "added", "still")]


async def test_a_resolved_ticket_is_reopened_by_whoever_asked(
    store: FakeStore, desk: BuiltinDesk
) -> None:
    number = await desk.open("a", origin(), ticket_wanted())
    await change(store, number, Resolve(by="desk", at=AT))

    await desk.reopen("b", origin(), ReopenTicket(number=number))

    ticket = await store.tickets.get(number)
    assert ticket
    assert ticket.state == Reopened()
    assert (ticket.entries[-1].by, ticket.entries[-1].what) == ("u1", "reopened")


async def test_a_conversation_is_not_told_what_it_did(store: FakeStore, desk: BuiltinDesk) -> None:
    """Its effect comes back as an event already."""
    number = await desk.open("a", origin(), ticket_wanted())
    await change(store, number, Resolve(by="desk", at=AT))

    (told,) = await store.claim(Scope(), NOW, NOW + 1, 9)
    assert isinstance(told.item, TicketResolved)
    await store.done(told)

    await desk.reopen("b", origin(), ReopenTicket(number=number))

    assert not await store.claim(Scope(), NOW, NOW + 1, 9)


async def test_an_erased_ticket_takes_nothing(store: FakeStore, desk: BuiltinDesk) -> None:
    number = await desk.open("a", origin(), ticket_wanted())
    await store.forget(Person.of(origin()))

    with pytest.raises(Refused):
        await desk.add("b", origin(), AddToTicket(number=number, text="still"))
