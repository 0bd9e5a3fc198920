"""Deliveries while the store is away or something is broken: sent once, and nobody else waits."""

from __future__ import annotations

import asyncio
import logging

import pytest

from adapters.base import TryLater
from bot.pace import Pace
from dialogs.events import Origin
from dialogs.replies import OpenTicket
from tests.bot.fakes import FakeDesk
from tests.bot.office import Office, until
from tests.bot.values import chose, origin, said

HERE, THERE = "test:t:c", "test:t:d"
PERSON = chose("test:2", "t1", "person")


# The store is away


async def test_what_was_sent_is_recorded_as_soon_as_the_store_is_back(office: Office) -> None:
    release = office.platform.hold("about 0")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await until(lambda: office.platform.begun == ["about 0"])
        office.flaky.away = True
        release()
        await until(lambda: "done" in office.flaky.asked)
        office.clock.pass_(3600)  # far beyond the lease
        await until(lambda: office.flaky.asked.count("done") == 2)
        office.flaky.away = False
        await office.quiet()

    assert office.platform.heard[HERE] == ["about 0", "first step"]


async def test_a_lost_lease_is_not_taken_up_while_its_reply_is_still_being_recorded(
    office: Office,
) -> None:
    """The store comes back for whoever looks for work before it does for whoever did it."""
    release = office.platform.hold("about 0")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await until(lambda: office.platform.begun == ["about 0"])
        office.clock.pass_(3600)
        await until(lambda: office.flaky.asked.count("claim") > 3)
        await office.looks()
        release()
        await office.quiet()

    assert office.platform.begun == ["about 0", "first step"]


async def test_a_ticket_is_opened_once_although_its_number_cannot_be_stored(
    office: Office,
) -> None:
    class Desk(FakeDesk):
        async def open(self, key: str, origin: Origin, wanted: OpenTicket) -> int:
            office.flaky.away = True
            tried.append(key)
            return await super().open(key, origin, wanted)

    tried: list[str] = []
    office.desk = Desk()

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await office.quiet()
        await courier.handle(PERSON)
        await until(lambda: office.flaky.asked.count("turn") == 3)
        office.clock.pass_(3600)
        office.flaky.away = False
        await office.quiet()

    assert office.platform.heard[HERE][2:] == ["handing over", "FM-1"]
    assert tried == ["test:2:1"]


async def test_what_cannot_be_stored_is_to_be_sent_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    async with office.at_work() as courier:
        office.flaky.away = True
        with pytest.raises(TryLater) as refused:
            await courier.handle(said("test:0", "0"))
        office.flaky.away = False
        await courier.handle(said("test:0", "0"))
        await office.quiet()

    assert refused.value.seconds > 0
    assert office.platform.heard[HERE] == ["about 0", "first step"]
    (line,) = [r for r in caplog.records if "nothing was stored" in r.message]
    assert line.__dict__["event_id"] == "test:0"


# Bugs


async def test_a_bug_in_one_lane_leaves_the_others_alone(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    release = office.platform.hold("about 0")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await until(lambda: office.platform.begun == ["about 0"])
        office.platform.trips = {"about 0": ZeroDivisionError("inside")}
        release()
        await courier.handle(said("test:1", "1", origin(THERE)))
        await office.quiet()

    assert office.platform.heard[THERE] == ["about 1", "first step"]
    assert office.platform.heard[HERE] == ["trouble (ko) 8", "first step"]
    assert [r.levelno for r in caplog.records if r.exc_info] == [logging.ERROR]


async def test_a_receipt_that_cannot_be_kept_is_no_reason_to_send_again(office: Office) -> None:
    office.flaky.breaks = {"done": ZeroDivisionError("inside")}

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        await office.quiet()

    assert office.platform.begun == ["about 0", "first step"]


async def test_what_ends_every_process_that_touches_it_is_put_aside(office: Office) -> None:
    """Whoever dies of it counts nothing: attempts are counted before they are made."""
    office.pace = Pace(attempts=3)
    office.platform.hold("about 0")
    await office.courier().handle(said("test:0", "0"))
    for life in range(1, 4):
        running = asyncio.create_task(office.courier().run())
        await until(lambda n=life: len(office.platform.begun) == n)  # type: ignore[misc]
        running.cancel()
        await asyncio.wait([running])

    async with office.at_work():
        await until(lambda: office.platform.heard.get(HERE) == ["first step"])

    assert office.platform.begun.count("about 0") == 3
    assert (await office.inner.backlog()).dead == 1
