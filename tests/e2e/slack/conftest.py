"""That Slack, with the program in it, anew for each file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from tests.e2e.slack.emulated import World, emulator, free_port, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Yield a workspace in which Bob is the bot's administrator."""
    slack_port, bot_port = free_port(), free_port()
    bot = f"http://127.0.0.1:{bot_port}/slack/events"
    async with emulator(slack_port, bot) as slack, ClientSession() as session:
        world = World(session, slack, bot)
        await world.look_around()
        home = tmp_path_factory.mktemp("home")
        async with serving(home, slack, bot_port, world.people["bob"]) as log:
            yield world
        assert "Traceback" not in log.read_text()
