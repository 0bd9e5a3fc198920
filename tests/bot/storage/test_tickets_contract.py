"""Tickets of the built-in desk, on every store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.base import Receipt
from bot.storage import Outgoing, Person, Scope, Store, Ticket
from dialogs.events import TicketAnswered, TicketReopened, TicketResolved
from dialogs.replies import Ask, Say
from dialogs.ticket import (
    AddLine,
    Answer,
    AskFor,
    Claim,
    Claimed,
    Desk,
    Expert,
    Open,
    Overdue,
    Reopen,
    Reopened,
    Resolve,
    Resolved,
    Sheet,
    TicketRequest,
    TicketStep,
    Withdraw,
    advance,
)
from dialogs.ticket.administering import DeskStep
from tests.bot.values import (
    AT,
    NOW,
    book,
    change,
    decide_ticket,
    deciding,
    origin,
    said,
    ticket_wanted,
)

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


HELP = Desk(platform="test", tenant="t", channel="help", route={"way": "there"})


def made_desk(_: Sequence[Desk]) -> DeskStep:
    return DeskStep(said=Say(text=("on",)), put=HELP)


def ended_desk(desks: Sequence[Desk]) -> DeskStep:
    assert [*desks] == [HELP], "it decides on what is there"
    return DeskStep(said=Say(text=("off",)), remove=HELP.key)


def inside(kind: type[Any], user: str, **more: Any) -> Any:
    """Return what `user` asks for in the channel of the desk."""
    return kind(by=user.title(), user=f"test:{user}", at=AT, desk=HELP.key, **more)


async def at_desk(store: Store) -> int:
    await store.desks.change(said("test:desk"), made_desk, NOW)
    return await store.tickets.open("k", origin(), ticket_wanted(), NOW, decide_ticket)


async def drained(store: Store) -> list[Outgoing]:
    """Return all that waits, in the order in which it is done; each card gets a message."""
    done: list[Outgoing] = []
    while rows := await store.claim(EVERYTHING, NOW + 1, NOW + 2, 1):
        done += rows
        await store.done(rows[0], Receipt(message=f"m{len(done)}"))
    return done


async def test_a_ticket_goes_to_the_desk_that_there_is(store: Store) -> None:
    number = await at_desk(store)

    ticket = await got(store, number)
    (_, card) = await drained(store)

    assert ticket.desk == HELP
    assert isinstance(card.item, Ask)
    assert (card.item.token, card.item.stays, card.origin.channel) == ("FM-1", True, "help")


async def test_the_thread_of_a_card_is_its_ticket(store: Store) -> None:
    await at_desk(store)
    rows = await drained(store)
    thread = replace(HELP.origin(1), thread=f"m{len(rows)}")

    assert await store.tickets.find(thread) == 1
    assert await store.tickets.find(replace(thread, thread="other")) is None
    assert await store.tickets.find(replace(thread, tenant="other")) is None


async def test_two_claims_at_once_have_one_winner(store: Store) -> None:
    await at_desk(store)
    both = await asyncio.gather(
        *(
            store.tickets.change(
                1, inside(Claim, user), decide_ticket, person=Person("test", "t", f"test:{user}")
            )
            for user in ("kim", "lee")
        )
    )

    won = [it for it in both if it and it.step.entry == "claimed"]
    lost = [it for it in both if it and it.step.whispers]
    assert (len(won), len(lost)) == (1, 1)
    assert isinstance(won[0].step.state, Claimed)
    who = won[0].step.state.by.shown
    assert who in [row.value for row in lost[0].step.whispers[0].rows]


async def test_the_same_problem_of_the_same_person_is_the_same_ticket(store: Store) -> None:
    await at_desk(store)
    await change(store, 1, RESOLVE)
    await drained(store)
    elsewhere, other = origin("test:t:d"), origin("test:t:e", "u2")

    theirs = await store.tickets.open("other", other, ticket_wanted(), NOW, decide_ticket)
    back = [
        await store.tickets.open("back", elsewhere, ticket_wanted("again"), NOW, decide_ticket)
        for _ in range(2)
    ]
    third = await store.tickets.open("third", elsewhere, ticket_wanted(), NOW, decide_ticket)

    assert (theirs, back, third) == (2, [1, 1], 3), "one that is open is not opened again"
    ticket = await got(store, 1)
    assert ticket.state == Reopened()
    assert ticket.origin
    assert ticket.origin.conversation == "test:t:d"
    assert ticket.wanted
    assert ticket.wanted.case.diagnosis.text == "again"
    assert [entry.what for entry in ticket.entries].count("reopened") == 1
    assert await store.tickets.of(Person.of(elsewhere)) == [1, 3]


async def test_cards_lines_and_news_leave_in_order(store: Store) -> None:
    await at_desk(store)
    await drained(store)
    for n in range(5):
        await change(store, 1, inside(Answer, "kim", text=f"line {n}"), key=f"e:{n}")
        await change(store, 1, inside(Answer, "kim", text=f"line {n}"), key=f"e:{n}")

    rows = await drained(store)

    said = [row.item.quote for row in rows if isinstance(row.item, Say) and row.item.under]
    told = [row.item.text for row in rows if isinstance(row.item, TicketAnswered)]
    assert said == told == [f"line {n}" for n in range(5)]
    assert len({row.key for row in rows}) == len(rows)


async def test_the_desk_knows_who_has_worked_there(store: Store) -> None:
    await at_desk(store)
    for user in ("kim", "lee"):
        await change(store, 1, inside(Claim, user, over=True), person=Person("test", "t", user))

    form = await store.tickets.change(1, inside(AskFor, "kim", what="assign"), decide_ticket)

    assert form
    (asked,) = form.step.whispers
    assert isinstance(asked, Ask)
    assert [choice.label for choice in asked.choices] == ["Lee", "Kim", "Give it back"]


async def test_a_timer_goes_off_once(store: Store) -> None:
    await store.desks.change(said("test:desk"), made_desk, NOW)
    waits = replace(book(), policy=replace(book().policy, claim_after=timedelta(hours=1)))

    def decide(sheet: Sheet, request: TicketRequest) -> TicketStep:
        return advance(sheet, request, waits)

    await store.tickets.open("k", origin(), ticket_wanted(), NOW, decide)
    (due,) = await store.timers(EVERYTHING, NOW + 3_600_000, 9)
    overdue = Overdue(by="", at=AT, timer=due.timer)
    both = [await store.tickets.change(1, overdue, decide, done=due) for _ in range(2)]

    assert (due.timer, due.at) == ("claim", NOW + 3_600_000)
    assert [bool(it and it.step.shown) for it in both] == [True, False]


async def test_an_expert_who_is_forgotten_is_named_nowhere(store: Store) -> None:
    await at_desk(store)
    kim = Person("test", "t", "test:kim")
    await change(store, 1, inside(Claim, "kim"), person=kim)

    await store.forget(kim)

    ticket = await got(store, 1)
    assert ticket.state == Claimed(by=Expert())
    assert "Kim" not in str(ticket.entries)


async def test_a_desk_is_made_once_and_ended(store: Store) -> None:
    on, off = said("test:1"), said("test:2")
    made = [await store.desks.change(on, made_desk, NOW) for _ in range(2)]
    there = await store.desks.list()
    await store.desks.change(off, ended_desk, NOW)

    assert made == [True, False]
    assert [*there] == [HELP]
    assert not await store.desks.list()
    assert len(await drained(store)) == 2


async def test_what_was_entered_is_known_by_its_key(store: Store) -> None:
    number = await at_desk(store)
    answer = Answer(by="Kim", at=AT, text="hello", of="test:m1")
    await change(store, number, answer, key="test:m1")

    assert await store.tickets.entered("test:m1") == "answered"
    assert await store.tickets.entered("test:m2") is None


async def test_what_was_passed_on_is_found_again_when_it_is_edited(store: Store) -> None:
    number = await at_desk(store)
    line = AddLine(by="u1", at=AT, text="one", of="test:m1")
    await change(store, number, line, key="a")
    rows = await drained(store)
    (said_,) = (row for row in rows if isinstance(row.item, Say) and row.item.line)
    assert said_.before is None, "nothing was said there before"

    edited = replace(line, text="two", change="edit")
    await change(store, number, edited, key="b")
    (row,) = await drained(store)

    assert isinstance(row.item, Say)
    assert row.item.change == "edit"
    assert row.before
    assert row.before.message == f"m{rows.index(said_) + 1}"
