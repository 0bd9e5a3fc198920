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
from bot.content import library
from bot.courier import Courier
from bot.metrics import Metrics
from bot.pages import StoredPages
from bot.settings import Settings
from bot.storage import Store
from bot.storage.opening import open_store
from dialogs.library import Library
from tests.bot.at_work import courier_of, serving
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
    home: str = "",
    **more: str,
) -> AsyncIterator[Town]:
    """Run the service with a database in `folder`, over HTTP or in Socket Mode.

    `home` is where it believes the Web API to be, if not where that is.
    """
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
            api_url=home or f"{api.url}api/",
            timeout=patience,
            now=now,
        )
        adapter = SlackAdapter(installed, StoredPages(store, book))
        adapters = {adapter.name: adapter}
        metrics = Metrics()
        courier = courier_of(settings, store, book, adapters, now=now, watch=metrics)
        async with serving(adapters, courier) as url, ClientSession() as session:
            workspace = Workspace(api, session, url + ROUTE)
            yield Town(workspace, api, store, courier, adapter, book, metrics)
