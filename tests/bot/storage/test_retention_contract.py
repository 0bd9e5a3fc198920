"""What is old goes, what is not stays, on every store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from adapters.base import Receipt
from bot.storage import Outgoing, Person, Scope, Snapshot, Store
from bot.storage.keeping import Act, Cut, Went, counted
from dialogs.events import Origin
from dialogs.replies import Ask, Choice, Effect, Forget, SetTimer
from dialogs.state import Idle
from dialogs.ticket import AddLine, Desk, Erased, Reopen, Resolve
from dialogs.ticket.administering import DeskStep
from tests.bot.values import (
    AT,
    NOW,
    change,
    decide_ticket,
    deciding,
    guiding,
    origin,
    said,
    say,
    ticket_wanted,
)

DAY = 86_400_000
CUT = Cut(before=NOW - 90 * DAY, inbox_before=NOW - 7 * DAY)
OLD, EDGE = CUT.before - 1, CUT.before
LONG_AGO = AT - timedelta(days=91)
OURS = Scope(platforms=frozenset({"test"}))
ANA, BEN = origin("test:t:ana", "ana"), origin("test:t:ben", "ben")
ROOT = Person("operator", "", "root")
HELP = Desk(platform="test", tenant="t", channel="help")
PURGE = Act(at=NOW, who=ROOT, what="purged", about="x", key="once")


async def talk(store: Store, where: Origin, at: int, n: int = 1, *effects: Effect) -> None:
    event = said(f"{where.conversation}:{where.user}:{n}", where=where)
    await store.turn(event, deciding(guiding(), say("secret"), effects=effects), at)


async def deliver(store: Store, now: int = NOW) -> list[Outgoing]:
    done: list[Outgoing] = []
    while rows := await store.claim(OURS, now, now + 1, 50):
        for row in rows:
            await store.done(row)
        done += rows
    return done


async def test_conversations_go_by_their_last_update(store: Store) -> None:
    await talk(store, ANA, OLD)
    await talk(store, replace(ANA, user="helper"), OLD, 2)
    await talk(store, BEN, OLD)
    await talk(store, BEN, EDGE, 2)
    await deliver(store)

    went = await store.purge(CUT)

    assert went == Went(conversation=1, participant=2, journal=3, audit=2, inbox=4)
    assert await store.load(ANA.conversation) == Snapshot(Idle(), 0)
    assert (await store.load(BEN.conversation)).version == 2
    assert {p.user async for p in store.people()} == {"ben"}
    assert not await store.purge(CUT)


async def test_its_timer_and_its_card_go_with_a_conversation(store: Store) -> None:
    at = AT - timedelta(days=80)
    ask = Ask(text=("Which?",), token="t", choices=(Choice("done", "Done"),))
    for where in (ANA, BEN):
        event = said(f"test:{where.user}", where=where)
        decide = deciding(guiding(), ask, effects=(SetTimer(timer="remind", at=at),))
        await store.turn(event, decide, OLD if where is ANA else EDGE)
        (row,) = await store.claim(OURS, EDGE, EDGE + 1, 9)
        await store.done(row, Receipt(message="m1"))

    went = await store.purge(CUT)

    assert (went["conversation"], went["timer"], went["shown"]) == (1, 1, 1)
    assert "1 timer, 1 card" in counted(went)
    assert [due.origin for due in await store.timers(OURS, NOW, 9)] == [BEN]


async def test_whoever_waits_for_an_answer_gets_it(store: Store) -> None:
    await talk(store, ANA, OLD)
    (row,) = await store.claim(OURS, OLD, OLD + 1, 9)
    await store.postpone(row, NOW, "429")

    await store.purge(CUT)

    assert (await store.load(ANA.conversation)).version == 1
    assert [it.item for it in await deliver(store)] == [say("secret")]
    assert (await store.purge(CUT))["conversation"] == 1


async def test_what_nobody_delivered_for_so_long_goes_with_its_conversation(store: Store) -> None:
    await talk(store, ANA, OLD)

    went = await store.purge(CUT)

    assert (went["outbox"], went["conversation"]) == (1, 1)
    assert await store.letters.list(9) == []


async def test_dead_letters_go_by_when_they_died(store: Store) -> None:
    for where, at in ((ANA, OLD), (BEN, EDGE)):
        await talk(store, where, OLD)
        (row,) = await store.claim(OURS, at, at + 1, 9)
        await store.bury(row, at, "gone")

    assert (await store.purge(CUT))["dead_letter"] == 1
    (left,) = await store.letters.list(9)
    assert left.person.user == "ben"


async def test_a_wish_to_be_forgotten_is_never_too_old(store: Store) -> None:
    event = said(where=ANA)
    await store.turn(event, deciding(guiding(), effects=(Forget(),)), OLD)
    other = said("test:2", where=BEN)
    await store.turn(other, deciding(guiding(), effects=(Forget(),)), OLD)
    first, _ = await store.claim(OURS, OLD, OLD + 1, 9)
    await store.bury(first, OLD, "a bug")

    await store.purge(CUT)

    assert [letter.dead for letter in await store.letters.list(9)] == [True, False]


async def test_solved_tickets_go_with_their_entries_and_open_ones_stay(store: Store) -> None:
    for n in range(4):
        await store.tickets.open(f"k{n}", ANA, ticket_wanted(), OLD)
    await store.tickets.open("ben", BEN, ticket_wanted(), OLD)
    solve = Resolve(by="desk", at=LONG_AGO)
    await change(store, 1, solve)
    await change(store, 1, AddLine(by="desk", at=LONG_AGO, text="secret"))
    await change(store, 2, replace(solve, at=AT))
    await change(store, 3, solve)
    await change(store, 3, Reopen(by="ana", at=LONG_AGO))
    await store.forget(Person.of(BEN))

    went = await store.purge(CUT)

    assert (went["ticket"], went["ticket_entry"]) == (2, 4)
    assert [t.number for t in await store.tickets.list()] == [4, 3, 2]
    assert await store.tickets.get(1) is None
    assert await store.tickets.get(5) is None
    assert await store.tickets.open("new", ANA, ticket_wanted(), NOW) == 6


async def test_an_erased_ticket_of_today_stays(store: Store) -> None:
    await store.tickets.open("k", ANA, ticket_wanted(), NOW)
    await store.forget(Person.of(ANA))

    await store.purge(CUT)

    ticket = await store.tickets.get(1)
    assert ticket
    assert ticket.state == Erased()


async def test_events_are_known_for_a_week_whatever_goes(store: Store) -> None:
    await talk(store, ANA, CUT.inbox_before - 1)
    await talk(store, BEN, CUT.inbox_before)

    assert await store.purge(CUT) == Went(inbox=1)
    version = (await store.load(BEN.conversation)).version
    await talk(store, BEN, NOW)
    assert (await store.load(BEN.conversation)).version == version, "it came before"


async def test_what_people_did_goes_with_age_and_what_administrators_did_stays(
    store: Store,
) -> None:
    await talk(store, ANA, OLD)
    await store.audit.write(Act(at=OLD, who=ROOT, what="backed-up", about="FILE"))
    await store.audit.write(Act(at=OLD, who=None, what="forgot"))

    await store.purge(CUT)

    assert {act.what async for act in store.audit.read()} == {"backed-up", "forgot"}


async def test_what_went_is_in_the_audit(store: Store) -> None:
    await talk(store, ANA, OLD)
    await deliver(store)

    await store.purge(CUT, PURGE)
    await store.purge(CUT, PURGE)

    (act,) = [act async for act in store.audit.read()]
    assert (act.who, act.what, act.at) == (ROOT, "purged", NOW)
    assert act.about == (
        "x: 1 conversation, 1 participant, 1 journal row, 1 audit line, 1 event id"
    )


async def test_nothing_to_purge_is_nothing_to_tell(store: Store) -> None:
    await talk(store, ANA, NOW)

    assert not await store.purge(CUT, PURGE)
    assert [act.what async for act in store.audit.read()] == ["began"]


async def test_turns_go_on_in_between(store: Store) -> None:
    """Whoever talks while a thousand conversations go is answered, and keeps theirs."""
    many = 1000
    for n in range(many):
        await talk(store, replace(ANA, conversation=f"test:t:{n}"), OLD)
    await deliver(store)

    purging = asyncio.create_task(store.purge(CUT))
    for n in range(50):
        await talk(store, replace(BEN, conversation=f"test:t:{n * 20}"), NOW, 2)

    went = await purging
    left = [n for n in range(many) if (await store.load(f"test:t:{n}")).version]
    assert left == [n * 20 for n in range(50)]
    assert went["conversation"] >= many - 50


async def test_where_words_were_passed_on_goes_with_their_ticket(store: Store) -> None:
    await store.desks.change(said("test:desk"), lambda _: DeskStep(said=say("on"), put=HELP), OLD)
    for n in (1, 12):
        await store.tickets.open(f"k{n}", ANA, ticket_wanted(), OLD, decide_ticket)
        for other in range(2, 12) if n == 1 else ():
            await store.tickets.open(f"o{other}", ANA, ticket_wanted(), NOW)
        await change(store, n, AddLine(by="ana", at=LONG_AGO, text="one", of=f"test:m{n}"))
    await waiting(store)
    await change(store, 1, Resolve(by="desk", at=LONG_AGO))

    await store.purge(CUT)

    for n in (1, 12):
        edit = AddLine(by="ana", at=AT, text="two", of=f"test:m{n}", change="edit")
        await change(store, n, edit)
    changed = [row for row in await waiting(store) if getattr(row.item, "change", "")]
    assert [row.before is None for row in changed] == [False], "FM-12 is no line of FM-1"


async def waiting(store: Store) -> list[Outgoing]:
    """Return all that waits, lane by lane."""
    found: list[Outgoing] = []
    while rows := await store.claim(OURS, NOW + 1, NOW + 2, 1):
        found += rows
        await store.done(rows[0], Receipt(message=f"m{len(found)}"))
    return found
