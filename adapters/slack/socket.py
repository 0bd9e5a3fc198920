"""Socket Mode: Slack's events over a connection that we open. No public address is needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

_PING = 10.0
"""Seconds between two pings, and until a lost connection is opened again."""


@asynccontextmanager
async def listening(
    app: AsyncApp, client: AsyncWebClient, token: str, ping: float = _PING
) -> AsyncGenerator[None]:
    """Stay connected while the context is open, however often the connection is lost."""
    handler = AsyncSocketModeHandler(app, token, web_client=client, ping_interval=ping)
    # In the background: Slack may be away just now.
    connecting = asyncio.create_task(handler.connect_async())
    try:
        yield
    finally:
        connecting.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await connecting
        await handler.close_async()
