"""What was decided gets done, in order, whatever breaks on the way."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.base import Gone, Place, Receipt, TryLater
from bot.desk import Refused
from bot.storage import Unavailable
from bot.storage.opening import open_store
from dialogs.replies import Reply
from dialogs.state import Idle
from tests.bot import story
from tests.bot.fakes import FakeAdapter, FakeDesk
from tests.bot.story import Bot, texts
from tests.bot.values import chose, origin, said

HERE = "test:t:c"
PERSON = chose("test:2", "t1", "person")


@pytest.fixture
def bot() -> Bot:
    return Bot()


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


async def test_one_process_decides_what_another_one_sends(bot: Bot) -> None:
    """A command in a shell has no platform."""
    shell = story.turns(bot.store, bot.desk, {}, bot.clock)
    await shell.handle(said())
    await shell.handle(PERSON)
    assert (await bot.store.load(HERE)).state == story.with_people(1)
    assert not bot.heard

    await bot.turns.sweep()

    assert bot.heard == ["about AADSTS50173", "first step", "handing over", "FM-1"]


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


async def test_what_is_stored_is_answered_for_although_it_cannot_be_sent_yet(bot: Bot) -> None:
    class Sender(FakeAdapter):
        async def send(self, place: Place, reply: Reply) -> Receipt:
            raise Unavailable("the disk is full")

    turns = story.turns(bot.store, bot.desk, {"test": Sender()}, bot.clock)

    answer = await turns.handle(said())

    assert answer.replies
    assert await bot.later(30) == ["about AADSTS50173", "first step"]


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
