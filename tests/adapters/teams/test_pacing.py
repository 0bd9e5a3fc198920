"""Not faster than Teams allows."""

from __future__ import annotations

import asyncio

import pytest

from adapters.base import Place, TryLater
from adapters.teams.pacing import IN_A_THREAD, Pacing
from tests.adapters.teams.conftest import ASK, World, world_with
from tests.adapters.teams.microsoft import Microsoft


async def test_not_faster_than_teams_allows(world: World) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for _ in range(8):
        await world.adapter.send(Place(world.here()), ASK)

    assert loop.time() - begun >= 0.9, "seven a second"


async def test_what_would_wait_for_long_waits_in_the_outbox(teams: Microsoft) -> None:
    seconds = 0.0
    async with world_with(teams, clock=lambda: seconds) as world:
        for _ in range(60):
            await world.adapter.send(Place(world.here()), ASK)
            seconds += 0.4
        with pytest.raises(TryLater) as caught:
            await world.adapter.send(Place(world.here()), ASK)

    assert caught.value.seconds == pytest.approx(6), "sixty in half a minute"
    assert len(teams.calls) == 60


def test_each_place_has_its_own_pace() -> None:
    pacing = Pacing(IN_A_THREAD)
    sent = [pacing.wait("a", at * 0.5) for at in range(60)]
    assert not any(sent)
    assert pacing.wait("a", 29.9) == pytest.approx(0.1)
    assert pacing.wait("b", 29.9) == 0
    assert not any(pacing.wait("c", at * 2.0) for at in range(1800)), "1800 an hour"
