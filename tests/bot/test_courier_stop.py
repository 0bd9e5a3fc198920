"""A courier that begins and ends: what an earlier life left, timers, and an orderly stop."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from adapters.base import TryLater
from bot.courier import Rhythm
from bot.storage import Scope
from tests.bot.office import SECONDS, Office, until
from tests.bot.values import NOW, origin, said

HERE, THERE = "test:t:c", "test:t:d"
OURS = Scope(platforms=frozenset({"test"}))


# Stopping


async def test_a_stop_finishes_what_is_in_hand_and_refuses_what_is_new(office: Office) -> None:
    release = office.platform.hold("about 0")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await until(lambda: office.platform.begun == ["about 0"])
        stopping = asyncio.create_task(courier.stop())
        await until(lambda: not courier.at_work)
        with pytest.raises(TryLater) as refused:
            await courier.handle(said("test:1", "1"))
        assert refused.value.seconds > 0
        assert not stopping.done()
        release()
        await stopping

    assert office.platform.heard[HERE] == ["about 0", "first step"]
    assert (await office.inner.load(HERE)).version == 1


async def test_a_stop_waits_for_a_turn_that_is_being_stored(office: Office) -> None:
    """It was let in: it is stored, answered, and what comes of it is delivered."""
    async with office.at_work() as courier:
        turns = [asyncio.create_task(courier.handle(said(f"test:{n}", str(n)))) for n in range(5)]
        await asyncio.sleep(0)
        await courier.stop()
        answers = await asyncio.gather(*turns)

    assert all(answer.replies for answer in answers)
    assert office.platform.heard[HERE][:2] == ["about 0", "first step"]
    left = (await office.inner.backlog()).waiting
    assert len(office.platform.heard[HERE]) + left == 10


async def test_a_stop_has_an_end_and_leaves_its_leases_to_whoever_comes_next(
    office: Office,
) -> None:
    office.rhythm = replace(office.rhythm, stop=0.05)
    office.platform.hold("about 0")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await courier.handle(said("test:1", "1", origin(THERE)))
        await until(lambda: THERE in office.platform.heard)
        await courier.stop()

        (head,) = await office.inner.claim(OURS, NOW, NOW + 1, 100)
        assert head.key == "test:0:0", "at once, not when its lease has run out"


async def test_a_stop_does_not_wait_for_a_store_that_is_away(office: Office) -> None:
    office.rhythm = replace(office.rhythm, stop=0.05)
    release = office.platform.hold("about 0")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await until(lambda: office.platform.begun == ["about 0"])
        office.flaky.away = True
        release()
        await courier.stop()

    office.flaky.away = False
    async with office.at_work():
        await office.quiet()
    assert office.platform.heard[HERE] == ["about 0", "about 0", "first step"]


# Beginning


async def test_what_an_earlier_life_left_is_taken_up_at_once(office: Office) -> None:
    office.platform.hold("about 0")
    first = office.courier()
    running = asyncio.create_task(first.run())
    await office.looks(1)
    await first.handle(said("test:0", "0"))
    await until(lambda: office.platform.begun == ["about 0"])
    running.cancel()  # and with it the process, as far as anybody can tell
    await asyncio.wait([running])

    office.platform.hold()
    office.platform = type(office.platform)()
    async with office.at_work():
        await office.quiet()

    assert office.platform.heard[HERE] == ["about 0", "first step"]


async def test_what_comes_before_the_store_is_back_is_delivered_once(office: Office) -> None:
    """Whoever frees an earlier life's leases must not free those that are taken meanwhile."""
    release = office.platform.hold("about 0")
    office.flaky.away = True

    async with office.at_work() as courier:
        await until(lambda: "release" in office.flaky.asked)
        office.flaky.away = False
        await courier.handle(said("test:0", "0"))
        await until(lambda: office.platform.begun == ["about 0"])
        await office.looks()
        release()
        await office.quiet()

    assert office.platform.begun == ["about 0", "first step"]


async def test_a_look_that_meets_a_bug_is_not_the_last_one(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.flaky.breaks = {"timers": ZeroDivisionError("inside"), "claim": ZeroDivisionError()}
    await office.courier().handle(said("test:0", "0"))

    async with office.at_work():
        await office.quiet()

    assert office.platform.heard[HERE] == ["about 0", "first step"]
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 2


# Timers


async def test_whoever_says_nothing_is_reminded_and_then_let_go(office: Office) -> None:
    async with office.at_work() as courier:
        await courier.handle(said("test:0", "in 60"))
        await office.quiet()
        office.clock.pass_(59)
        await office.looks()
        assert office.platform.heard[HERE] == ["I wait"]
        office.clock.pass_(1)
        await until(lambda: office.platform.heard[HERE][1:] == ["still there?"])
        office.clock.pass_(60)
        await until(lambda: office.platform.heard[HERE][2:] == ["closed"])
        office.clock.pass_(3600)
        await office.looks()

    assert office.platform.heard[HERE] == ["I wait", "still there?", "closed"]


async def test_a_timer_that_is_set_anew_or_stopped_meanwhile_does_not_ring(office: Office) -> None:
    async with office.at_work() as courier:
        await courier.handle(said("test:0", "in 60"))
        await courier.handle(said("test:1", "in 90"))
        await courier.handle(said("test:2", "in 60", origin(THERE)))
        await courier.handle(said("test:3", "never mind", origin(THERE)))
        await office.quiet()
        office.clock.pass_(60)
        await office.looks()
        assert office.platform.heard[HERE] == ["I wait", "I wait"]
        office.clock.pass_(30)
        await until(lambda: office.platform.heard[HERE][2:] == ["still there?"])
        await office.looks()

    assert office.platform.heard[THERE] == ["I wait", "well"]


async def test_a_timer_that_is_set_anew_while_it_rings_does_not_ring(office: Office) -> None:
    await office.courier().handle(said("test:0", "in 60"))
    office.clock.pass_(60)
    replica = Office(office.inner, clock=office.clock).courier()
    anew = replace(said("test:1", "in 60"), at=office.clock())
    office.flaky.first = {"turn": lambda: replica.handle(anew)}

    async with office.at_work():
        await until(lambda: not office.flaky.first)
        await office.quiet()
        await office.looks()

    assert office.platform.heard[HERE] == ["I wait", "I wait"]


async def test_what_ran_out_while_nobody_worked_rings_once(office: Office) -> None:
    await office.courier().handle(said("test:0", "in 60"))
    office.clock.pass_(86_400)

    async with office.at_work():
        await until(lambda: office.platform.heard.get(HERE) == ["I wait", "still there?"])
        await office.looks()

    assert office.platform.heard[HERE] == ["I wait", "still there?"]


async def test_many_timers_at_once(office: Office) -> None:
    courier = office.courier()
    for n in range(120):
        await courier.handle(said(f"test:{n}", "in 60", origin(f"test:t:{n}")))
    office.clock.pass_(60)

    async with office.at_work():
        await until(lambda: office.platform.begun.count("still there?") == 120)
        await office.quiet()

    assert {*map(tuple, office.platform.heard.values())} == {("I wait", "still there?")}


async def test_a_timer_that_meets_a_bug_rings_once_and_holds_up_no_other(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    courier = office.courier()
    await courier.handle(said("test:0", "in 60"))
    await courier.handle(said("test:1", "in 61", origin(THERE)))
    office.clock.pass_(62)
    office.flaky.breaks = {"turn": ZeroDivisionError("inside")}

    async with office.at_work():
        await until(lambda: "still there?" in office.platform.heard.get(THERE, []))
        await office.quiet()
        await office.looks(3)

    assert office.platform.heard[HERE][-2:] == ["trouble () 8", "I wait"]
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1
    assert await office.inner.timers(OURS, NOW + 62_000, 10) == []


async def test_no_timer_rings_in_a_service_that_stops(office: Office) -> None:
    office.rhythm = Rhythm(lanes=4, poll=0.01, stop=SECONDS)
    release = office.platform.hold("I wait")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "in 60"))
        await until(lambda: office.platform.begun == ["I wait"])
        stopping = asyncio.create_task(courier.stop())
        await until(lambda: not courier.at_work)
        office.clock.pass_(60)
        await office.looks(3)
        release()
        await stopping

    assert office.platform.heard[HERE] == ["I wait"]
    assert len(await office.inner.timers(OURS, NOW + 60_000, 10)) == 1
