"""The programs that `tests.bench.teams` measures, each a process of its own.

`python -m tests.bench.teams_servers ours|stock|bare|microsoft PORT KEY.pem MICROSOFT_URL SECONDS`
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.adapters.teams.bodies import APP
from tests.adapters.teams.microsoft import Microsoft


async def serve(app: web.Application, port: int) -> None:
    """Serve `app` until the process is ended."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


async def microsoft(port: int, key: bytes, _: str, __: float) -> None:
    """Publish keys, take cards and count them."""
    private = cast(RSAPrivateKey, load_pem_private_key(key, None))
    there = Microsoft(private, url=f"http://127.0.0.1:{port}")
    there.publish(private, "k1", ["msteams"])
    taken = 0

    async def take(request: web.Request) -> web.Response:
        nonlocal taken
        await request.read()
        taken += 1
        return web.Response(text='{"id":"1"}', content_type="application/json", status=201)

    async def count(_: web.Request) -> web.Response:
        return web.Response(text=str(taken))

    app = web.Application()
    app.router.add_get("/metadata", there.metadata)
    app.router.add_get("/keys", there.published)
    app.router.add_get("/count", count)
    app.router.add_route("*", "/amer/{rest:.*}", take)
    await serve(app, port)


async def ours(port: int, _: bytes, url: str, seconds: float) -> None:
    """Serve the whole bot: callers checked, SQLite on the disk, a card for each message."""
    from adapters.teams.adapter import Setup, TeamsAdapter
    from adapters.teams.credentials import App
    from bot import clock
    from bot.app import service
    from bot.content import library
    from bot.settings import Settings
    from bot.workings import opened

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database=f"sqlite:///{folder}/bench.sqlite3", port=port, ops_port=0)
        book = library(settings, waits=True)
        adapter = TeamsAdapter(
            Setup(
                app=App(id=APP, password="a-secret-of-the-bench"),
                loopback=True,
                timeout=10,
                now=clock.now,
                phrase=book.phrase,
                metadata=f"{url}/metadata",
                token=_token(seconds),
            )
        )
        async with opened(settings, "serve") as store:
            await service(settings, book, store, {adapter.name: adapter}).run()


async def stock(port: int, _: bytes, url: str, seconds: float) -> None:
    """Serve an echo on Microsoft's `CloudAdapter`, as its templates do."""
    from botbuilder.core import TurnContext
    from botbuilder.integration.aiohttp import (
        CloudAdapter,
        ConfigurationBotFrameworkAuthentication,
    )
    from botframework.connector.auth import ChannelValidation, MicrosoftAppCredentials

    class Config:
        APP_ID, APP_PASSWORD, APP_TYPE, APP_TENANTID = APP, "a-secret", "MultiTenant", ""

    token = _token(seconds)
    ChannelValidation.open_id_metadata_endpoint = f"{url}/metadata"
    MicrosoftAppCredentials.get_access_token = lambda *_: token()
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Config()))

    class Echo:
        async def on_turn(self, context: TurnContext) -> None:
            await context.send_activity(f"echo: {context.activity.text}")

    async def messages(request: web.Request) -> web.Response:
        found: web.Response = await adapter.process(request, Echo())
        return found

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    await serve(app, port)


async def bare(port: int, _: bytes, url: str, __: float) -> None:
    """Take a message and post an echo: what aiohttp costs, and nothing else."""
    app = web.Application()
    async with aiohttp.ClientSession() as session:

        async def messages(request: web.Request) -> web.Response:
            said = await request.json()
            where = f"{said['serviceUrl']}v3/conversations/{said['conversation']['id']}/activities"
            async with session.post(where, json={"type": "message", "text": said["text"]}) as done:
                await done.read()
            return web.Response()

        app.router.add_post("/api/messages", messages)
        await serve(app, port)


def _token(seconds: float) -> Callable[[], str]:
    def get() -> str:
        time.sleep(seconds)
        return "a-token"

    return get


Server = Callable[[int, bytes, str, float], Awaitable[None]]
SERVERS: dict[str, Server] = {"ours": ours, "stock": stock, "bare": bare, "microsoft": microsoft}


def main(argv: list[str]) -> Any:
    """Serve what is named until the process is ended."""
    name, port, key, url, seconds = argv
    asyncio.run(SERVERS[name](int(port), Path(key).read_bytes(), url, float(seconds)))  # type: ignore[arg-type]


if __name__ == "__main__":
    main(sys.argv[1:])
