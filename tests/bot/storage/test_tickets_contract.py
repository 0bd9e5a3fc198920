"""Tickets of the built-in desk, on every store."""

from __future__ import annotations

from dataclasses import replace

from bot.storage import Scope, Store, Ticket
from dialogs.events import TicketReopened, TicketResolved
from dialogs.ticket import AddLine, Open, Reopen, Reopened, Resolve, Resolved, Withdraw
from tests.bot.values import AT, NOW, change, deciding, origin, said, ticket_wanted

RESOLVE = Resolve(by="desk", at=AT)
REOPEN = Reopen(by="desk", at=AT)
EVERYTHING = Scope(platforms=frozenset({"test"}))


async def opened(store: Store, key: str = "k") -> int:
    return await store.tickets.open(key, origin(), ticket_wanted(), NOW)


async def got(store: Store, number: int) -> Ticket:
    ticket = await store.tickets.get(number)
    assert ticket
    return ticket


async def test_numbers_count_up(store: Store) -> None:
    assert [await opened(store, f"k{n}") for n in range(3)] == [1, 2, 3]


async def test_one_key_opens_one_ticket(store: Store) -> None:
    assert [await opened(store, "k") for _ in range(3)] == [1, 1, 1]
    assert await opened(store, "other") == 2


async def test_keeps_the_evidence(store: Store) -> None:
    await opened(store)

    ticket = await got(store, 1)

    assert (ticket.number, ticket.state, ticket.opened_at) == (1, Open(), NOW)
    assert ticket.origin == origin()
    assert ticket.wanted == ticket_wanted()
    assert [(e.at, e.by, e.what, e.text) for e in ticket.entries] == [(NOW, "u1", "opened", "")]


async def test_there_is_no_ticket_that_nobody_opened(store: Store) -> None:
    assert await store.tickets.get(1) is None
    assert await change(store, 1, RESOLVE) is None


async def test_every_change_is_journalled(store: Store) -> None:
    await opened(store)

    await change(store, 1, AddLine(by="u1", at=AT, text="still"))
    await change(store, 1, RESOLVE)
    last = await change(store, 1, REOPEN)

    assert last == await got(store, 1)
    assert last.state == Reopened()
    assert [(e.by, e.what, e.text) for e in last.entries] == [
        ("u1", "opened", ""),
        ("u1", "added", "still"),
        ("desk", "resolved", ""),
        ("desk", "reopened", ""),
    ]


async def test_who_resolved_it_when_is_known(store: Store) -> None:
    await opened(store)

    await change(store, 1, RESOLVE)

    assert (await got(store, 1)).state == Resolved(by="desk", at=AT)


async def test_the_same_key_adds_once(store: Store) -> None:
    await opened(store)

    for _ in range(2):
        await change(store, 1, AddLine(by="u1", at=AT, text="still"), key="e:1")

    assert len((await got(store, 1)).entries) == 2


async def test_what_changes_nothing_is_not_journalled(store: Store) -> None:
    await opened(store)

    await change(store, 1, REOPEN)

    assert len((await got(store, 1)).entries) == 1
    assert not await store.claim(EVERYTHING, NOW, NOW + 1, 9)


async def test_lists_the_newest_first(store: Store) -> None:
    for n in range(4):
        await opened(store, f"k{n}")
    await change(store, 2, RESOLVE)

    everything = await store.tickets.list()
    unsolved = await store.tickets.list(2, unsolved=True)

    assert [t.number for t in everything] == [4, 3, 2, 1]
    assert [t.number for t in unsolved] == [4, 3]
    assert everything[0].wanted == ticket_wanted()


async def test_the_conversation_hears_of_it_by_the_newest_way(store: Store) -> None:
    await store.turn(said("test:1"), deciding(), NOW)
    await opened(store)
    newer = replace(origin(), route={"way": "new"})
    await store.turn(said("test:2", where=newer), deciding(), NOW)
    helper = replace(origin(), user="u2", route={"way": "helper's"})
    await store.turn(said("test:3", where=helper), deciding(), NOW)

    await change(store, 1, RESOLVE)
    (told,) = await store.claim(EVERYTHING, NOW, NOW + 1, 9)
    await change(store, 1, REOPEN)
    await store.done(told)
    (again,) = await store.claim(EVERYTHING, NOW, NOW + 1, 9)

    assert isinstance(told.item, TicketResolved)
    assert (told.item.number, told.item.origin, told.item.id) == (1, newer, told.key)
    assert isinstance(again.item, TicketReopened)
    assert again.item.id != told.item.id


async def test_nobody_is_told_what_they_did_themselves(store: Store) -> None:
    await opened(store)

    await change(store, 1, AddLine(by="u1", at=AT, text="note"))
    await change(store, 1, Withdraw(by="u1", at=AT))
    await change(store, 1, replace(REOPEN, side="requester"))

    assert not await store.claim(EVERYTHING, NOW, NOW + 1, 9)
