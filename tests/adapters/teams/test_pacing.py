"""Not faster than Teams allows."""

from __future__ import annotations

import asyncio

import pytest

from adapters.base import Place
from adapters.teams.pacing import IN_A_THREAD, Pacing
from tests.adapters.teams.conftest import ASK, World


async def test_not_faster_than_teams_allows(world: World) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for _ in range(8):
        await world.adapter.send(Place(world.here()), ASK)

    assert loop.time() - begun >= 0.9, "seven a second"


async def test_what_would_wait_for_long_waits_in_the_outbox(world: World) -> None:

    pacing = Pacing(IN_A_THREAD)
    sent = [pacing.wait("a", at * 0.5) for at in range(60)]
    assert not any(sent)
    assert pacing.wait("a", 29.9) == pytest.approx(0.1)
    assert pacing.wait("b", 29.9) == 0
    late = [pacing.wait("c", at * 2.0) for at in range(1800)]
    assert not any(late[:1800])
