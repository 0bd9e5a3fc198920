"""The whole bot in Teams, but for Microsoft: real engine, real store, signed activities."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.teams.adapter import Setup, TeamsAdapter
from adapters.teams.credentials import App
from adapters.teams.edge import ROUTE
from bot import clock
from bot.content import library
from bot.settings import Settings
from bot.storage import Store
from bot.workings import opened
from tests.adapters.teams.bodies import APP
from tests.adapters.teams.microsoft import Microsoft, microsoft
from tests.bot.at_work import courier_of, delivering

THREAD = "19:x@thread.tacv2;messageid=1"
PASTE = '{"status": 401, "message": "AADSTS50173: The provided grant has expired"}'
MENTION = {"type": "mention", "text": "<at>Flowmend</at>", "mentioned": {"id": f"28:{APP}"}}
ANN, BOB = ({"id": f"29:{it}", "name": it.title(), "aadObjectId": it} for it in ("ann", "bob"))


@dataclass
class Channel:
    """One thread of a channel, seen from Microsoft's side."""

    client: TestClient[Any, Any]
    teams: Microsoft
    store: Store
    count: int = 0

    async def sends(self, activity: dict[str, Any]) -> Any:
        self.count += 1
        body = {
            **self.teams.message(),
            "id": f"a-{self.count}",
            "timestamp": None,
            "conversation": {"id": THREAD, "conversationType": "channel"},
            **activity,
        }
        headers = {"Authorization": self.teams.bearer()}
        async with self.client.post(ROUTE, json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            return await response.json() if await response.read() else None

    async def mention(self, who: dict[str, str], text: str, **more: Any) -> None:
        said = {"from": who, "text": f"<at>Flowmend</at> {text}", "entities": [MENTION], **more}
        await self.sends(said)

    async def press(self, who: dict[str, str], title: str, **more: Any) -> Any:
        data = self.button(title)["data"]
        action = {"type": "Action.Execute", "verb": "flowmend.choose", "data": data}
        value = {"action": action, "trigger": "manual"}
        activity = {"type": "invoke", "name": "adaptiveCard/action", "value": value, "from": who}
        return await self.sends(activity | more)

    def button(self, title: str) -> Any:
        rows = [row for card in self.teams.cards for row in card["body"] if "actions" in row]
        return [it for row in rows for it in row["actions"] if it["title"] == title][-1]

    async def shows(self, text: str) -> str:
        """Wait until a card says `text`; return the last one that does."""
        async with asyncio.timeout(10):
            while True:
                found = [said for said in map(words_of, self.teams.cards) if text in said]
                if found:
                    return found[-1]
                await asyncio.sleep(0.01)

    def calls(self, method: str) -> int:
        return sum(it[0] == method for it in self.teams.calls)


def words_of(card: Any) -> str:
    inlines = (it for block in card["body"] for it in block.get("inlines", ()))
    return "".join(str(it["text"]) for it in inlines)


@asynccontextmanager
async def teams_channel(folder: Path, tenants: frozenset[str]) -> AsyncIterator[Channel]:
    """Run the bot with a database in `folder`, for these tenants; Ann is an administrator."""
    settings = Settings(
        database=f"sqlite:///{folder / 'teams.sqlite3'}",
        administrators=frozenset({"teams:ann"}),
    )
    book = library(settings, waits=True)
    async with microsoft() as teams, opened(settings, "serve") as store:
        adapter = TeamsAdapter(
            Setup(
                app=App(id=APP, password="a-secret-of-the-tests"),
                tenants=tenants,
                loopback=True,
                timeout=5,
                now=clock.now,
                phrase=book.phrase,
                metadata=f"{teams.url}/metadata",
                token=lambda: "a-token",
            )
        )
        adapters = {adapter.name: adapter}
        courier = courier_of(settings, store, book, adapters)
        app = web.Application()
        async with (
            adapter.connect(app, courier.handle),
            TestClient(TestServer(app)) as client,
            delivering(courier),
        ):
            yield Channel(client, teams, store)
