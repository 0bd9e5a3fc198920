"""The whole service on a workspace of the tests: real doors, a real database, real requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from aiohttp import ClientSession

from adapters.slack.adapter import SlackAdapter
from adapters.slack.adapter import Workspace as Installed
from adapters.slack.payloads import ROUTE
from bot import clock
from bot.app import workings
from bot.content import library
from bot.courier import Courier, Rhythm
from bot.metrics import Metrics
from bot.pages import StoredPages
from bot.settings import Settings
from bot.storage import Scope, Store
from bot.storage.opening import open_store
from bot.web import Door, Report, listening, public
from dialogs.library import Library
from tests.slack.bodies import Json
from tests.slack.web_api import APP_TOKEN, BOT_TOKEN, WebApi, web_api
from tests.slack.workspace import SECRET, Workspace

PASTE = "AADSTS50173: The provided grant has expired due to it being revoked. SharePoint"
"""What somebody writes whose flow fails."""
_PATIENCE = 10.0


@cache
def _book() -> Library:
    return library(Settings(database="sqlite:///unused"))


@dataclass
class Town:
    """A workspace with the bot in it."""

    workspace: Workspace
    api: WebApi
    store: Store
    courier: Courier
    adapter: SlackAdapter
    book: Library
    metrics: Metrics

    async def eventually(self, true: Callable[[], object]) -> None:
        """Wait until it is `true`."""
        async with asyncio.timeout(_PATIENCE):
            while not true():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.005)

    async def quiet(self) -> None:
        """Wait until nothing is left to be delivered."""
        async with asyncio.timeout(_PATIENCE):
            while (await self.store.backlog()).waiting:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.005)

    async def thread(self, channel: str) -> list[Json]:
        """Return the bot's messages in `channel`, once there will be no more."""
        await self.quiet()
        return self.api.by_bot(channel)


@asynccontextmanager
async def town(
    folder: Path,
    *,
    socket: bool = False,
    now: Callable[[], datetime] = clock.now,
    patience: float = 5.0,
    **more: str,
) -> AsyncIterator[Town]:
    """Run the service with a database in `folder`, over HTTP or in Socket Mode."""
    settings = Settings.model_validate(
        {"database": f"sqlite:///{folder / 'flowmend.sqlite3'}", "outbox_backoff": "20ms", **more}
    )
    book = _book()
    if settings.administrators:
        policy = replace(book.policy, administrators=settings.administrators)
        book = replace(book, policy=policy)
    async with web_api() as api, open_store(settings.database, folder, worker="serve") as store:
        installed = Installed(
            bot_token=BOT_TOKEN,
            signing_secret="" if socket else SECRET,
            app_token=APP_TOKEN if socket else "",
            api_url=f"{api.url}api/",
            timeout=patience,
            now=now,
        )
        adapter = SlackAdapter(installed, StoredPages(store, book))
        adapters = {adapter.name: adapter}
        metrics = Metrics()
        turns, deliveries = workings(settings, store, book, adapters, metrics)
        courier = Courier(
            store=store,
            turns=turns,
            deliveries=deliveries,
            scope=Scope(platforms=frozenset(adapters)),
            now=now,
            rhythm=Rhythm(lanes=8, poll=0.05, stop=5),
            watch=metrics,
        )
        http = public(_healthy)
        async with adapter.connect(http, courier.handle), ClientSession() as session:
            running = asyncio.create_task(courier.run())
            door = Door(host="127.0.0.1", port=0, setting="")
            async with listening(http, door, 0.5) as port:
                bot = f"http://127.0.0.1:{port}{ROUTE}"
                yield Town(
                    Workspace(api, session, bot), api, store, courier, adapter, book, metrics
                )
                await courier.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _healthy() -> Report:
    return Report(ready=True, details={})
