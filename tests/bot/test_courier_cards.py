"""Questions are changed where they are shown, once they are answered."""

from __future__ import annotations

import asyncio

from tests.bot.office import Office, until
from tests.bot.values import chose, said

HERE = "test:t:c"


async def test_an_answered_question_is_told_where_it_is_shown(office: Office) -> None:
    async with office.at_work() as courier:
        await courier.handle(said("test:0", "ask"))
        await office.quiet()
        await courier.handle(chose("test:1", "q1", "a"))
        await office.quiet()

    assert office.platform.heard[HERE] == ["which one?", "settled: a", "right"]
    place = office.platform.places["settled: a"]
    assert (place.key, place.shown) == ("test:1:0", "test:0:0")


async def test_a_press_that_overtakes_its_questions_receipt_still_finds_the_card(
    office: Office,
) -> None:
    release = office.platform.hold("which one?")

    async with office.at_work() as courier:
        await courier.handle(said("test:0", "ask"))
        await until(lambda: office.platform.begun == ["which one?"])
        await courier.handle(chose("test:1", "q1", "a"))
        release()
        await office.quiet()

    assert office.platform.heard[HERE] == ["which one?", "settled: a", "right"]
    assert office.platform.places["settled: a"].shown == "test:0:0"


async def test_receipts_survive_a_restart(office: Office) -> None:
    async with office.at_work() as courier:
        await courier.handle(said("test:0", "ask"))
        await office.quiet()

    async with office.at_work() as courier:
        await courier.handle(chose("test:1", "q1", "a"))
        await office.quiet()

    assert office.platform.places["settled: a"].shown == "test:0:0"


async def test_what_is_repeated_is_answered_with_the_question_that_is_open(
    office: Office,
) -> None:
    async with office.at_work() as courier:
        await courier.handle(said("test:0", "0"))
        answers = await asyncio.gather(*(courier.handle(said("test:0", "0")) for _ in range(5)))
        await office.quiet()

    assert {*(text for a in answers for r in a.replies.values() for text in r.text)} == {  # type: ignore[union-attr]
        "now: Guiding"
    }
    assert office.platform.heard[HERE] == ["about 0", "first step"]
