"""Deliveries in the background: in order, side by side, whatever breaks, until told to stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from adapters.base import TryLater
from bot.courier import Rhythm
from bot.pace import Pace
from bot.storage import Lease
from tests.bot.office import SECONDS, Office, until
from tests.bot.values import NOW, chose, deciding, guiding, origin, said, say

HERE, THERE = "test:t:c", "test:t:d"
PERSON = chose("test:2", "t1", "person")


# Lanes


async def test_a_conversation_hears_everything_in_order(office: Office) -> None:
    async with office.at_work() as courier:
        for n in range(10):
            await courier.handle(said(f"test:{n}", str(n)))
        await office.quiet()

    expected = [text for n in range(10) for text in (f"about {n}", "first step")]
    assert office.platform.heard[HERE] == expected


async def test_a_turn_is_answered_before_its_replies_are_sent(office: Office) -> None:
    release = office.platform.hold("about 401")

    async with office.at_work() as courier:
        answer = await courier.handle(said(text="401"))
        assert answer.replies
        assert not office.platform.heard
        release()
        await office.quiet()

    assert office.platform.heard[HERE] == ["about 401", "first step"]


async def test_a_slow_lane_holds_up_nobody_else(office: Office) -> None:
    release = office.platform.hold("about slow")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "slow"))
        await courier.handle(said("test:1", "behind"))
        for n in range(12):
            await courier.handle(said(f"test:{n}:x", str(n), origin(f"test:t:{n}")))
        await until(lambda: len(office.platform.heard) == 12)
        await until(lambda: len(office.platform.sent) == 24)
        assert HERE not in office.platform.heard
        release()
        await office.quiet()

    heard = office.platform.heard[HERE]
    assert heard == ["about slow", "first step", "about behind", "first step"]


async def test_a_slow_desk_does_not_hold_up_replies(office: Office) -> None:
    office.desk.fails = [TryLater("busy", 60)]

    async with office.at_work() as courier:
        await courier.handle(said())
        await courier.handle(PERSON)
        await until(lambda: office.platform.begun[-1:] == ["handing over"])
        await office.looks()
        assert not office.desk.opened
        office.clock.pass_(61)
        await office.quiet()

    assert office.platform.heard[HERE][-2:] == ["handing over", "FM-1"]
    assert len(office.desk.opened) == 1


async def test_one_at_a_time_in_a_lane_and_no_more_lanes_than_there_is_room_for(
    office: Office,
) -> None:
    texts = [f"about {n}" for n in range(20)]
    release = office.platform.hold(*texts)

    async with office.at_work() as courier:
        for n in range(20):
            await courier.handle(said(f"test:{n}", str(n), origin(f"test:t:{n}")))
        await office.looks()
        assert len(office.platform.begun) == office.rhythm.lanes
        release()
        await office.quiet()

    assert sorted(office.platform.heard) == sorted(f"test:t:{n}" for n in range(20))
    assert all(len(heard) == 2 for heard in office.platform.heard.values())


async def test_a_slow_platform_does_not_take_up_the_room_of_another(office: Office) -> None:
    many = range(5 * office.rhythm.lanes)
    elsewhere = replace(origin("other:t:c"), platform="other")
    release = office.platform.hold(*(f"about {n}" for n in many))

    async with office.at_work() as courier:
        for n in many:
            await courier.handle(said(f"test:{n}", str(n), origin(f"test:t:{n}")))
        await office.looks()
        for n in many:
            await courier.handle(said(f"other:{n}", str(n), elsewhere))
        await until(lambda: len(office.other.sent) == 2 * len(many))
        assert len(office.platform.begun) == office.rhythm.lanes
        release()
        await office.quiet()

    assert len(office.platform.sent) == 2 * len(many)


async def test_what_a_full_house_left_is_taken_up_as_soon_as_there_is_room(
    office: Office,
) -> None:
    """Nobody waits for the next look: a backlog would otherwise go out by 32 a second."""
    office.rhythm = Rhythm(lanes=2, poll=SECONDS * 10, stop=SECONDS)
    release = office.platform.hold("about 0", "about 1")

    async with office.at_work() as courier:
        for n in range(12):
            await courier.handle(said(f"test:{n}", str(n), origin(f"test:t:{n}")))
        release()
        await until(lambda: len(office.platform.sent) == 24)

    assert sorted(office.platform.heard) == sorted(f"test:t:{n}" for n in range(12))


async def test_what_lies_behind_something_that_is_done_meanwhile_does_not_wait_for_the_poll(
    office: Office,
) -> None:
    """Whoever did that may have looked for more just before there was more."""
    office.rhythm = replace(office.rhythm, poll=SECONDS * 10)
    lease = Lease(platforms=frozenset({"test"}), until=NOW + SECONDS * 1000)

    async with office.at_work() as courier:
        await until(lambda: "claim" in office.flaky.asked)
        told = deciding(guiding(), say("by another"))
        earlier = await office.inner.turn(said("test:0"), told, NOW, lease=lease)
        assert earlier is not None
        assert len(earlier.handed) == 1
        office.flaky.first["claim"] = lambda: office.inner.done(earlier.handed[0])
        await courier.handle(said("test:1", "1"))
        await office.quiet()

    assert office.platform.heard[HERE] == ["about 1", "first step"]


async def test_nothing_is_begun_that_would_outlive_its_lease(office: Office) -> None:
    office.pace = Pace(lease=timedelta(seconds=30), timeout=timedelta(seconds=10))
    office.rhythm = replace(office.rhythm, lanes=1)
    release = office.platform.hold("about 0")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await courier.handle(said("test:1", "1", origin(THERE)))  # waits for room, with a lease
        await until(lambda: office.platform.begun == ["about 0"])
        office.clock.pass_(21)
        release()
        await office.quiet()

    assert office.flaky.asked.count("give_back") == 2, "the rest of one lane, all of the other"
    assert office.platform.heard == {
        HERE: ["about 0", "first step"],
        THERE: ["about 1", "first step"],
    }


async def test_what_is_given_back_has_not_been_tried(office: Office) -> None:
    office.pace = Pace(attempts=1)
    office.rhythm = replace(office.rhythm, lanes=1)
    release = office.platform.hold("about 0")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        for _ in range(5):
            await courier.handle(said("test:1", "1", origin(THERE)))
            await until(lambda: office.platform.begun == ["about 0"])
            office.clock.pass_(31)
            await office.looks()
        release()
        await office.quiet()

    assert office.platform.heard[THERE] == ["about 1", "first step"]
    assert (await office.inner.backlog()).dead == 0


# Pauses


async def test_what_is_put_off_puts_off_what_is_behind_it(office: Office) -> None:
    office.platform.trips = {"about 0": TryLater("429", 60)}

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await courier.handle(said("test:1", "1"))
        await courier.handle(said("test:2", "2", origin(THERE)))
        await until(lambda: THERE in office.platform.heard)
        await office.looks()
        assert office.platform.begun.count("about 0") == 1
        assert HERE not in office.platform.heard

        office.clock.pass_(59.9)
        await office.looks()
        assert HERE not in office.platform.heard

        office.clock.pass_(0.2)
        await office.quiet()

    assert office.platform.heard[HERE] == ["about 0", "first step", "about 1", "first step"]


async def test_pauses_are_spread(office: Office) -> None:
    office.pace = Pace(backoff=timedelta(seconds=10), spread=lambda: 0.5)
    office.platform.trips = {"about 0": TryLater("503")}

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await until(lambda: office.flaky.asked.count("postpone") == 1)
        office.clock.pass_(4.9)
        await office.looks()
        assert not office.platform.heard
        office.clock.pass_(0.2)
        await office.quiet()


async def test_a_reply_that_is_never_taken_makes_way(office: Office) -> None:
    office.pace = Pace(attempts=3)
    office.platform.fails = [TryLater("503")] * 3

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        for n in (1, 2):
            await until(lambda n=n: office.flaky.asked.count("postpone") == n)  # type: ignore[misc]
            office.clock.pass_(60)
        await office.quiet()

    assert office.platform.heard[HERE] == ["first step"]
    assert (await office.inner.backlog()).dead == 1
