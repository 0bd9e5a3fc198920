"""Who did what, on every store."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from bot.storage import Decision, Person, Store
from bot.storage.keeping import Act
from dialogs.events import Forgotten, TicketResolved
from dialogs.state import Idle, State
from dialogs.ticket import AddLine, Reopen, Resolve
from tests.bot.values import AT, NOW, change, deciding, origin, said, ticket_wanted

ANA, BEN = origin("test:t:ana", "ana"), origin("test:t:ben", "ben")
WHO = Person.of(ANA)
ROOT = Person("operator", "", "root")


async def lines(store: Store, since: int = 0) -> list[tuple[str, str, str]]:
    return [
        (act.who.user if act.who else "forgotten", act.what, act.about)
        async for act in store.audit.read(since)
    ]


async def test_a_conversation_begins_once(store: Store) -> None:
    await store.turn(said("test:1", where=ANA), deciding(), NOW)
    await store.turn(said("test:1", where=ANA), deciding(), NOW)
    await store.turn(said("test:2", where=ANA), deciding(), NOW)

    assert await lines(store) == [("ana", "began", "")]


async def test_what_nobody_said_begins_nothing(store: Store) -> None:
    event = TicketResolved(id="test:1", at=AT, origin=ANA, number=1)

    await store.turn(event, deciding(), NOW)

    assert await lines(store) == []


async def test_a_turn_that_fails_is_not_told(store: Store) -> None:
    def fail(_: State) -> Decision:
        raise ZeroDivisionError

    with suppress(ZeroDivisionError):
        await store.turn(said(where=ANA), fail, NOW)

    assert await lines(store) == []


async def test_a_hand_over_names_who_asked(store: Store) -> None:
    await store.turn(said("test:1", where=ANA), deciding(), NOW)
    helper = replace(ANA, user="ben")

    await store.turn(said("test:2", where=helper), deciding(effects=(ticket_wanted(),)), NOW)

    assert await lines(store) == [("ana", "began", ""), ("ben", "handed-over", "")]


async def test_the_life_of_a_ticket(store: Store) -> None:
    await store.tickets.open("k", ANA, ticket_wanted(), NOW)
    await store.tickets.open("k", ANA, ticket_wanted(), NOW)
    await change(store, 1, AddLine(by="ana", at=AT, text="secret"), person=WHO)
    await change(store, 1, Resolve(by="the support team", at=AT))
    await change(store, 1, Resolve(by="the support team", at=AT))
    await change(store, 1, Reopen(by="ana", at=AT), person=WHO)

    assert await lines(store) == [
        ("ana", "opened", "FM-1"),
        ("the support team", "resolved", "FM-1"),
        ("ana", "reopened", "FM-1"),
    ]


async def test_whoever_is_forgotten_loses_their_name_in_it(store: Store) -> None:
    await store.turn(said("test:1", where=ANA), deciding(), NOW)
    await store.turn(said("test:2", where=BEN), deciding(), NOW)
    await store.tickets.open("k", ANA, ticket_wanted(), NOW)

    await store.forget(WHO)

    assert await lines(store) == [
        ("forgotten", "began", ""),
        ("ben", "began", ""),
        ("forgotten", "opened", "FM-1"),
    ]


async def test_forgetting_in_the_chat_is_told_without_a_name(store: Store) -> None:
    await store.turn(said("test:1", where=ANA), deciding(), NOW)
    gone = Forgotten(id="test:2", at=AT, origin=ANA)

    await store.turn(gone, deciding(Idle()), NOW)

    assert await lines(store) == [("forgotten", "began", ""), ("forgotten", "forgot", "")]


async def test_what_forgetting_took_is_counted_in_its_line(store: Store) -> None:
    await store.turn(said("test:1", where=ANA), deciding(), NOW)
    act = Act(at=NOW + 1, who=ROOT, what="forgot", key="once")
    await store.audit.write(act)

    went = await store.forget(WHO, act=act)

    assert went["conversation"] == 1
    ((who, what, about),) = await lines(store, NOW + 1)
    assert (who, what) == ("root", "forgot")
    assert "1 conversation" in about


async def test_forgetting_nobody_takes_nothing(store: Store) -> None:
    await store.turn(said("test:1", where=BEN), deciding(), NOW)

    assert not await store.forget(WHO)


async def test_the_newest_comes_last_from_a_moment_on(store: Store) -> None:
    for at in (3, 1, 2):
        await store.audit.write(Act(at=at, who=ROOT, what="backed-up", about=str(at)))

    assert [about for _, _, about in await lines(store)] == ["1", "2", "3"]
    assert [about for _, _, about in await lines(store, 2)] == ["2", "3"]


async def test_many_lines_are_all_read_once(store: Store) -> None:
    for n in range(2500):
        await store.audit.write(Act(at=NOW + n // 700, who=None, what="dropped", about=str(n)))

    assert [about for _, _, about in await lines(store)] == [str(n) for n in range(2500)]


async def test_everybody_who_is_named_is_known(store: Store) -> None:
    await store.turn(said("test:1", where=ANA), deciding(), NOW)
    await store.turn(said("test:2", where=replace(ANA, user="helper")), deciding(), NOW)
    await store.tickets.open("k", BEN, ticket_wanted(), NOW)
    await change(store, 1, Resolve(by="x", at=AT), person=ROOT)

    known = {person.user async for person in store.people()}

    assert known == {"ana", "helper", "ben", "root"}
    await store.forget(WHO)
    assert WHO not in {person async for person in store.people()}


async def test_many_people_are_all_named(store: Store) -> None:
    for n in range(1200):
        await store.audit.write(Act(at=NOW, who=replace(ROOT, user=f"u{n}"), what="dropped"))

    assert {person.user async for person in store.people()} == {f"u{n}" for n in range(1200)}
