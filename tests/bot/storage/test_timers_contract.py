"""What every store keeps of timers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.storage import Due, Scope, Store
from dialogs.events import Elapsed, Timer
from dialogs.replies import Effect, SetTimer, StopTimer
from tests.bot.values import AT, NOW, deciding, guiding, origin, said

OURS = Scope(platforms=frozenset({"test"}))


def set_to(seconds: int, timer: Timer = "remind") -> SetTimer:
    return SetTimer(timer=timer, at=AT + timedelta(seconds=seconds))


async def says(store: Store, id: str, *effects: Effect, where: str = "test:t:c") -> None:
    event = said(id, where=origin(where))
    await store.turn(event, deciding(guiding(), effects=effects), NOW)


async def due(store: Store, seconds: int, limit: int = 10) -> list[Due]:
    return list(await store.timers(OURS, NOW + seconds * 1000, limit))


async def rings(store: Store, timer: Due, *effects: Effect) -> bool:
    event = Elapsed(id=f"test:{timer.at}", at=AT, origin=timer.origin, timer=timer.timer)
    decision = await store.turn(event, deciding(guiding(), effects=effects), NOW, done=timer)
    return decision is not None


async def test_it_runs_out_when_its_time_has_come(store: Store) -> None:
    await says(store, "test:1", set_to(60))

    assert await due(store, 59) == []
    (timer,) = await due(store, 60)
    assert timer == Due(origin=origin(), timer="remind", at=NOW + 60_000)


async def test_a_later_one_takes_its_place_and_a_stop_ends_it(store: Store) -> None:
    await says(store, "test:1", set_to(60))
    await says(store, "test:2", set_to(90, "close"))
    assert await due(store, 89) == []
    assert [timer.timer for timer in await due(store, 90)] == ["close"]

    await says(store, "test:3", StopTimer())

    assert await due(store, 9000) == []


async def test_its_turn_ends_it_and_may_set_the_next(store: Store) -> None:
    await says(store, "test:1", set_to(60))
    (timer,) = await due(store, 60)

    assert await rings(store, timer, set_to(120, "close"))

    assert not await rings(store, timer), "once"
    assert [timer.timer for timer in await due(store, 120)] == ["close"]


async def test_one_that_was_set_anew_meanwhile_does_not_ring(store: Store) -> None:
    await says(store, "test:1", set_to(60))
    (timer,) = await due(store, 60)
    await says(store, "test:2", set_to(90))

    assert not await rings(store, timer)

    assert len(await due(store, 90)) == 1
    assert (await store.load("test:t:c")).version == 2


async def test_the_oldest_come_first_and_only_ones_own(store: Store) -> None:
    await says(store, "test:1", set_to(30), where="test:t:1")
    await says(store, "test:2", set_to(10), where="test:t:2")
    await says(store, "test:3", set_to(20), where="test:t:3")
    elsewhere = replace(said("other:1"), origin=replace(origin("other:t:c"), platform="other"))
    await store.turn(elsewhere, deciding(guiding(), effects=(set_to(1),)), NOW)

    found = await due(store, 60, limit=2)

    assert [timer.origin.conversation for timer in found] == ["test:t:2", "test:t:3"]


async def test_one_that_can_never_ring_is_dropped_but_not_its_successor(store: Store) -> None:
    await says(store, "test:1", set_to(60))
    (timer,) = await due(store, 60)

    await store.bury(timer, NOW, "a bug")
    assert await due(store, 60) == []

    await says(store, "test:2", set_to(90))
    await store.bury(timer, NOW, "a bug")
    assert len(await due(store, 90)) == 1
