"""A Teams adapter between Microsoft's side and a bot that says what it is told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.base import Answer
from adapters.teams.adapter import Setup, TeamsAdapter
from adapters.teams.credentials import App
from adapters.teams.edge import ROUTE
from dialogs.events import Event, Origin
from dialogs.library import load
from dialogs.replies import Ask, Choice, Settle
from tests.adapters.teams.bodies import APP, TENANT, THREAD
from tests.adapters.teams.microsoft import Microsoft, microsoft

NOW = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)
BOOK = load()
ASK = Ask(text=("**Signed out.**",), token="t1", choices=(Choice("done", "Done"),))
SETTLE = Settle(token="t1", answer="Done", by="teams:ann", asked=ASK)


@dataclass
class Bot:
    """What stands behind the adapter."""

    heard: list[Event] = field(default_factory=list)
    answers: list[Answer | Exception] = field(default_factory=list)
    slow: float = 0.0
    """Seconds that each takes."""

    async def handle(self, event: Event) -> Answer:
        await asyncio.sleep(self.slow)
        self.heard.append(event)
        answer = self.answers.pop(0) if self.answers else Answer()
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class World:
    """All of it."""

    client: TestClient[Any, Any]
    bot: Bot
    adapter: TeamsAdapter
    teams: Microsoft

    async def post(self, body: object, bearer: str | None = None, **headers: str) -> ClientResponse:
        """Post `body` as Microsoft would."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Authorization": bearer if bearer is not None else self.teams.bearer()}
        sent = {"Content-Type": "application/json", **given, **headers}
        return await self.client.post(
            ROUTE,
            data=BytesIO(data),
            headers={name: value for name, value in sent.items() if value},
        )

    def here(self, **route: str) -> Origin:
        """Return a thread of a channel, and Ann in it; `route` changes the way back."""
        known = {
            "service": self.teams.service,
            "conversation": THREAD,
            "kind": "shared",
            "bot": f"28:{APP}",
            "user": "29:ann",
            "channel": "19:x@thread.tacv2",
        }
        return Origin(
            platform="teams",
            tenant=TENANT,
            conversation=f"teams:{TENANT}:{THREAD}:ann",
            user="teams:ann",
            language="en-GB",
            route=known | route,
        )


@asynccontextmanager
async def world_with(teams: Microsoft, **changes: Any) -> AsyncIterator[World]:
    """Yield an adapter set up as usual but for `changes`."""
    usual = {
        "app": App(id=APP, tenant=TENANT, password="a-secret-of-the-tests"),
        "tenants": frozenset({TENANT}),
        "loopback": True,
        "timeout": 5.0,
        "now": lambda: NOW,
        "phrase": BOOK.phrase,
        "metadata": f"{teams.url}/metadata",
        "token": lambda: "a-token",
    }
    bot, app = Bot(), web.Application()
    adapter = TeamsAdapter(Setup(**{**usual, **changes}))
    async with adapter.connect(app, bot.handle), TestClient(TestServer(app)) as client:
        yield World(client, bot, adapter, teams)


@pytest.fixture
async def teams() -> AsyncIterator[Microsoft]:
    async with microsoft() as there:
        yield there


@pytest.fixture
async def world(teams: Microsoft) -> AsyncIterator[World]:
    async with world_with(teams) as world:
        yield world
