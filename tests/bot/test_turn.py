"""One event in, the right things out, whatever breaks on the way."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.base import Answer
from bot.desk.builtin import BuiltinDesk
from bot.storage import Snapshot, Store, Unavailable
from bot.storage.opening import open_store
from dialogs.events import Deleted, Edited, Event, Said
from dialogs.state import Guiding, State
from dialogs.ticket import Reopened, Resolve
from tests.bot import story
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeAdapter, FakeDesk
from tests.bot.story import Bot, texts, words
from tests.bot.values import AT, change, chose, decide_ticket, guiding, origin, said

HERE = "test:t:c"
PERSON = chose("test:2", "t1", "person")


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def test_answers_in_order(bot: Bot) -> None:
    answer = await bot.turns.handle(said())

    said_ = words("about AADSTS50173", "first step")
    assert answer == Answer(dict(zip(("test:1:0", "test:1:1"), said_, strict=True)))
    assert bot.heard == ["about AADSTS50173", "first step"]
    assert await bot.store.load(HERE) == Snapshot(guiding(), 1)


async def test_answers_a_repeated_event_once(bot: Bot) -> None:
    await bot.turns.handle(said())

    again = await bot.turns.handle(said())

    assert [*again.replies.values()] == [*words("now: Guiding")], "what is open, as it stands"
    assert len(bot.heard) == 2


async def test_what_is_taken_waits_for_a_sweep(bot: Bot) -> None:
    await bot.turns.take(said())
    assert not bot.heard

    await bot.turns.sweep()

    assert len(bot.heard) == 2


async def test_secrets_go_before_anything_else_is_done(bot: Bot) -> None:
    assert await bot.hears(said(text="hunter2")) == ["about [password]", "first step"]


async def test_a_lost_race_is_decided_again(bot: Bot) -> None:
    bot.store.conflicts = 3

    assert len(await bot.hears(said())) == 2
    assert (await bot.store.load(HERE)).version == 1


async def test_a_turn_is_journalled_without_its_words(bot: Bot) -> None:
    await bot.turns.handle(said(text="my words"))

    ((where, note),) = bot.store.journal
    assert where == HERE
    assert (note.event, note.outcome, note.language) == ("Said", "Guiding", "ko")
    assert (note.cause, note.confidence) == ("password-changed", "certain")


async def test_a_hand_over_ends_with_a_number(bot: Bot) -> None:
    heard = await bot.hears(said(), PERSON)

    assert heard[2:] == ["handing over", "FM-1"]
    assert (await bot.store.load(HERE)).state == story.with_people(1)
    assert list(bot.desk.opened) == ["test:2:1"], "its key is its cause's id and its place"


async def test_further_words_reach_the_ticket(bot: Bot) -> None:
    heard = await bot.hears(said(), PERSON, said("test:3", "also this"))

    assert heard[-1] == "passed on"
    assert list(bot.desk.lines.values()) == [(1, "also this")]
    assert not bot.store.outbox


async def test_a_bug_is_told_by_its_id_and_changes_nothing(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.turns.handle(said())

    answer = await bot.turns.handle(said("test:2", "bug"))

    assert [*answer.replies.values()] == [*words("trouble (ko) 8")]
    assert bot.heard[-1] == "trouble (ko) 8"
    assert await bot.store.load(HERE) == Snapshot(guiding(), 1)
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert record.exc_info
    assert await bot.hears(said("test:3", "next")) == [*bot.heard[:3], "about next", "first step"]


async def test_what_a_person_resolved_is_heard_at_the_next_sweep(bot: Bot) -> None:
    turns = story.turns(
        bot.store,
        BuiltinDesk(bot.store.tickets, bot.clock, decide_ticket),
        {"test": bot.adapter},
        bot.clock,
    )
    await turns.handle(said())
    await turns.handle(PERSON)

    await change(bot.store, 1, Resolve(by="desk", at=AT))
    await turns.sweep()
    await turns.handle(chose("test:3", "t", "again"))

    assert bot.heard[3:] == ["FM-1", "resolved", "opening it again", "open again"]
    ticket = await bot.store.tickets.get(1)
    assert ticket
    assert ticket.state == Reopened()


async def test_whoever_is_forgotten_hears_so_and_is(bot: Bot) -> None:
    desk = BuiltinDesk(bot.store.tickets, bot.clock, decide_ticket)
    turns = story.turns(bot.store, desk, {"test": bot.adapter}, bot.clock)
    for event in (said(), PERSON, said("test:3", "forget me")):
        await turns.handle(event)

    assert bot.heard[-2:] == ["forgetting", "forgotten (ko)"]
    assert not bot.store.conversations
    assert not bot.store.participants
    assert not bot.store.outbox
    assert {where for where, _ in bot.store.journal} == {None}
    ticket = await bot.store.tickets.get(1)
    assert ticket
    assert ticket.origin is None


@pytest.fixture(params=["fake", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "fake":
        yield FakeStore()
    else:
        async with open_store(f"sqlite:///{tmp_path / 'flowmend.sqlite3'}") as opened:
            yield opened


async def test_twenty_at_once_are_twenty_turns(store: Store) -> None:
    adapter = FakeAdapter()
    turns = story.turns(store, FakeDesk(), {"test": adapter})
    events = [said(f"test:{n}", str(n)) for n in range(20)]

    await asyncio.gather(*(turns.handle(event) for event in events * 2))

    assert (await store.load(HERE)).version == 20
    heard = texts(adapter.sent)
    assert sorted(heard[::2], key=lambda s: int(s[6:])) == [f"about {n}" for n in range(20)]
    assert heard[1::2] == ["first step"] * 20


async def test_presses_at_the_same_moment_open_one_ticket(store: Store) -> None:
    adapter, desk = FakeAdapter(), FakeDesk()
    turns = story.turns(store, desk, {"test": adapter})
    await turns.handle(said())

    await asyncio.gather(*(turns.handle(chose(f"test:{n}", "t1", "person")) for n in range(2, 22)))

    assert len(desk.opened) == 1
    assert texts(adapter.sent)[2:] == ["handing over", "FM-1"]


async def test_a_locked_database_is_said_and_nothing_was_taken(tmp_path: Path) -> None:
    path, adapter = tmp_path / "flowmend.sqlite3", FakeAdapter()
    async with open_store(f"sqlite:///{path}", patience=0.1) as store:
        turns = story.turns(store, FakeDesk(), {"test": adapter})
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable):
                await turns.handle(said())
            assert not adapter.sent

        await turns.handle(said())

    assert len(adapter.sent) == 2


async def test_a_conversation_that_cannot_be_read_is_told_so(tmp_path: Path) -> None:
    path, adapter = tmp_path / "flowmend.sqlite3", FakeAdapter()
    async with open_store(f"sqlite:///{path}") as store:
        turns = story.turns(store, FakeDesk(), {"test": adapter})
        await turns.handle(said())
        with closing(sqlite3.connect(path)) as other:
            other.execute("UPDATE conversation SET state = '{\"Nap\":{}}'")
            other.commit()

        await turns.handle(said("test:2"))

    assert texts(adapter.sent)[2:] == ["trouble () 8"]


@pytest.mark.parametrize(
    "event",
    [
        replace(said(), addressed=False),
        Edited(id="test:1", at=AT, origin=origin(), text="401", message="m"),
        Deleted(id="test:1", at=AT, origin=origin(), message="m"),
    ],
    ids=lambda event: type(event).__name__,
)
async def test_what_begins_nothing_leaves_nothing(bot: Bot, event: Event) -> None:
    assert await bot.turns.handle(event) == Answer()

    assert not bot.heard
    assert not bot.store.conversations
    assert not bot.store.inbox
    assert not bot.store.journal


async def test_in_a_conversation_that_goes_on_they_are_heard(bot: Bot) -> None:
    await bot.hears(said())

    await bot.hears(replace(said("test:2", "done"), addressed=False))

    assert len(bot.store.journal) == 2


@pytest.mark.parametrize(
    ("text", "where", "who", "found"),
    [
        ("done", "test:t:chat:2", "u1", "test:t:chat:1"),
        ("something else", "test:t:chat:2", "u1", "test:t:chat:2"),
        ("done", "test:t:other:2", "u1", "test:t:other:2"),
        ("done", "test:t:chat:2", "u2", "test:t:chat:2"),
    ],
)
async def test_an_answer_beside_its_conversation_finds_it(
    bot: Bot, text: str, where: str, who: str, found: str
) -> None:
    def answers(state: State, event: Said) -> bool:
        return isinstance(state, Guiding) and event.text == "done"

    table = replace(story.TABLE, answers=answers)
    turns = story.turns(bot.store, bot.desk, {"test": bot.adapter}, bot.clock, table=table)
    await turns.handle(said(where=origin("test:t:chat:1")))
    place = where.removesuffix("2")
    beside = replace(said("test:2", text, origin(where, who)), within=place)

    await turns.handle(beside)

    assert [at for at, _ in bot.store.journal] == ["test:t:chat:1", found]
