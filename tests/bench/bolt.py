"""What Bolt's documentation writes: `python -m tests.bench.bolt API_URL SECRET default|shared`.

Each mention is answered with `say`: by the client that Bolt makes itself, or by one whose
connections are kept open. Nothing is stored. Its first line of output is its port.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main(api: str, secret: str, kind: str) -> None:
    """Serve until the input ends."""
    async with AsyncExitStack() as stack:
        session = None
        if kind == "shared":
            session = await stack.enter_async_context(aiohttp.ClientSession())
        client = AsyncWebClient(token="xoxb-bench", base_url=api, session=session)
        app = AsyncApp(name="bench", client=client, signing_secret=secret)

        @app.event("app_mention")
        async def hear(event: dict[str, Any], say: Any) -> None:
            await say(text="Hello", thread_ts=event["ts"])

        async def take(request: web.Request) -> web.Response:
            return await to_aiohttp_response(
                await app.async_dispatch(await to_bolt_request(request))
            )

        http = web.Application()
        http.router.add_post("/slack/events", take)
        runner = web.AppRunner(http, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
