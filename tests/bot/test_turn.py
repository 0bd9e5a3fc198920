"""One event in, the right things out, whatever breaks on the way."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.base import Answer, Gone, Place, Receipt, TryLater
from bot.desk import Refused
from bot.desk.builtin import BuiltinDesk
from bot.storage import Snapshot, Store, Unavailable
from bot.storage.opening import open_store
from bot.turn import Pace, Turns
from dialogs.events import Event
from dialogs.replies import Reply, Say
from dialogs.state import Idle
from dialogs.ticket import Reopened, Resolve
from tests.bot import story
from tests.bot.fake_store import FakeStore
from tests.bot.fakes import FakeAdapter, FakeClock, FakeDesk
from tests.bot.story import words
from tests.bot.values import AT, chose, guiding, origin, said

HERE = "test:t:c"
PACE = Pace(attempts=4, backoff=timedelta(seconds=2), longest=timedelta(seconds=5))
PERSON = chose("test:2", "t1", "person")


@dataclass
class Bot:
    """Turns and everything behind them, in memory."""

    store: FakeStore = field(default_factory=FakeStore)
    desk: FakeDesk = field(default_factory=FakeDesk)
    adapter: FakeAdapter = field(default_factory=FakeAdapter)
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def turns(self) -> Turns:
        adapters = {"test": self.adapter}
        return story.turns(self.store, self.desk, adapters, self.clock, PACE)

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


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def test_answers_in_order(bot: Bot) -> None:
    answer = await bot.turns.handle(said())

    assert answer == Answer(words("about AADSTS50173", "first step"))
    assert bot.heard == ["about AADSTS50173", "first step"]
    assert await bot.store.load(HERE) == Snapshot(guiding(), 1)


async def test_answers_a_repeated_event_once(bot: Bot) -> None:
    await bot.turns.handle(said())

    assert await bot.turns.handle(said()) == Answer()
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


async def test_a_busy_platform_is_tried_again_after_its_time(bot: Bot) -> None:
    bot.adapter.fails = [TryLater("429", seconds=60)]

    assert await bot.hears(said()) == []
    assert await bot.later(59) == []
    assert await bot.later(1) == ["about AADSTS50173", "first step"]


async def test_pauses_grow_and_end(bot: Bot) -> None:
    bot.adapter.fails = [TryLater("503", seconds=0)] * 4
    await bot.hears(said())

    tried = [4 - len(bot.adapter.fails)]
    for _ in range(14):
        await bot.later(1)
        tried.append(4 - len(bot.adapter.fails))

    assert tried == [1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4], "after 2, 4, 5 seconds"
    assert bot.heard == ["first step"], "the fourth failure was the last"
    assert len(bot.store.dead) == 1


async def test_a_place_that_is_gone_is_not_tried_again(bot: Bot) -> None:
    bot.adapter.fails = [Gone("the channel was deleted")]

    assert await bot.hears(said()) == ["first step"]
    assert not bot.store.outbox
    assert len(bot.store.dead) == 1


async def test_a_reply_that_breaks_its_platform_does_not_block_the_rest(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.adapter.fails = [ZeroDivisionError("inside")]

    assert await bot.hears(said()) == ["trouble (ko) 8", "first step"]
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert record.exc_info
    assert not bot.store.outbox


async def test_nobody_hears_of_trouble_that_cannot_be_told(bot: Bot) -> None:
    bot.adapter.fails = [ZeroDivisionError("inside"), ZeroDivisionError("again")]

    assert await bot.hears(said()) == ["first step"]


async def test_a_bug_is_told_by_its_id_and_changes_nothing(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.turns.handle(said())

    answer = await bot.turns.handle(said("test:2", "bug"))

    assert answer == Answer(words("trouble (ko) 8"))
    assert bot.heard[-1] == "trouble (ko) 8"
    assert await bot.store.load(HERE) == Snapshot(guiding(), 1)
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert record.exc_info
    assert await bot.hears(said("test:3", "next")) == [*bot.heard[:3], "about next", "first step"]


async def test_a_busy_desk_opens_one_ticket(bot: Bot) -> None:
    bot.desk.fails = [TryLater("503", seconds=3)]

    assert (await bot.hears(said(), PERSON))[-1] == "handing over"
    assert (await bot.later(3))[-1] == "FM-1"
    assert len(bot.desk.opened) == 1


@pytest.mark.parametrize("failure", [Refused("closed"), ZeroDivisionError("inside")])
async def test_whoever_waits_for_a_ticket_hears_that_there_is_none(
    bot: Bot, failure: Exception
) -> None:
    bot.desk.fails = [failure]

    assert (await bot.hears(said(), PERSON))[-1] == "nobody takes it"
    assert (await bot.store.load(HERE)).state == Idle(language="ko")


async def test_a_desk_that_never_answers_is_given_up(bot: Bot) -> None:
    bot.desk.fails = [TryLater("503")] * 4
    await bot.hears(said(), PERSON)

    for _ in range(4):
        await bot.later(10)

    assert bot.heard[-1] == "nobody takes it"


async def test_a_slow_desk_does_not_hold_up_replies(bot: Bot) -> None:
    bot.desk.fails = [TryLater("503", seconds=600)]

    heard = await bot.hears(said(), PERSON, said("test:3", "forget me"))

    assert heard[-2:] == ["forgetting", "forgotten (ko)"]


async def test_what_a_person_resolved_is_heard_at_the_next_sweep(bot: Bot) -> None:
    turns = story.turns(
        bot.store, BuiltinDesk(bot.store.tickets, bot.clock), {"test": bot.adapter}, bot.clock
    )
    await turns.handle(said())
    await turns.handle(PERSON)

    await bot.store.tickets.change(1, Resolve(by="desk", at=AT), tell=True)
    await turns.sweep()
    await turns.handle(chose("test:3", "t", "again"))

    assert bot.heard[3:] == ["FM-1", "resolved", "opening it again", "open again"]
    ticket = await bot.store.tickets.get(1)
    assert ticket
    assert ticket.state == Reopened()


async def test_one_process_decides_what_another_one_sends(bot: Bot) -> None:
    """A command in a shell has no platform."""
    shell = story.turns(bot.store, bot.desk, {}, bot.clock)
    await shell.handle(said())
    await shell.handle(PERSON)
    assert (await bot.store.load(HERE)).state == story.with_people(1)
    assert not bot.heard

    await bot.turns.sweep()

    assert bot.heard == ["about AADSTS50173", "first step", "handing over", "FM-1"]


async def test_whoever_is_forgotten_hears_so_and_is(bot: Bot) -> None:
    desk = BuiltinDesk(bot.store.tickets, bot.clock)
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


async def test_the_last_word_to_nowhere_is_kept_nowhere(bot: Bot) -> None:
    await bot.hears(said())
    bot.adapter.fails = [TryLater("429", 1), Gone("left"), Gone("left")]

    await bot.hears(said("test:2", "forget me"))
    await bot.later(5)

    assert not bot.store.outbox
    assert [row.item.item for row in bot.store.dead] == []


async def test_only_one_conversation_is_swept_when_asked(bot: Bot) -> None:
    await bot.turns.take(said("test:1"))
    await bot.turns.take(said("test:2", "there", origin("test:t:d")))

    await bot.turns.sweep("test:t:d")

    assert bot.heard == ["about there", "first step"]


async def test_another_platforms_replies_are_left_to_it(bot: Bot) -> None:
    elsewhere = replace(origin("other:t:c"), platform="other")
    await bot.turns.handle(said("other:1", where=elsewhere))

    await bot.later(3600)

    assert not bot.heard
    assert len(bot.store.outbox) == 2


class Crash(BaseException):
    """The process was killed here."""


async def test_what_a_crash_left_is_taken_up_at_once(bot: Bot) -> None:
    await bot.turns.take(said())
    bot.adapter.fails = [Crash()]
    with pytest.raises(Crash):
        await bot.turns.sweep()
    await bot.turns.sweep()
    assert not bot.heard, "its lease still runs"

    await bot.turns.resume(HERE)

    assert len(bot.heard) == 2


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


async def test_what_is_stored_is_answered_for_although_it_cannot_be_sent_yet(bot: Bot) -> None:
    class Sender(FakeAdapter):
        async def send(self, place: Place, reply: Reply) -> Receipt:
            raise Unavailable("the disk is full")

    turns = story.turns(bot.store, bot.desk, {"test": Sender()}, bot.clock)

    answer = await turns.handle(said())

    assert answer.replies
    assert await bot.later(30) == ["about AADSTS50173", "first step"]


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


async def test_a_reply_that_cannot_be_read_is_put_aside(tmp_path: Path) -> None:
    path, adapter = tmp_path / "flowmend.sqlite3", FakeAdapter()
    async with open_store(f"sqlite:///{path}") as store:
        turns = story.turns(store, FakeDesk(), {"test": adapter})
        await turns.take(said())
        with closing(sqlite3.connect(path)) as other:
            other.execute("UPDATE outbox SET item = 'broken' WHERE id = 1")
            other.commit()

        await turns.sweep()
        await turns.sweep()

        with closing(sqlite3.connect(path)) as other:
            dead = other.execute("SELECT item, last_error FROM dead_letter").fetchall()
    assert texts(adapter.sent) == ["first step"]
    assert dead == [("broken", "this is not a stored value")]
