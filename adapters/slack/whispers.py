"""What one person is shown and nobody else: after the acknowledgement, and past the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any, Self

import aiohttp

from adapters.base import DeliveryError
from adapters.slack.api import Api
from adapters.slack.keys import Spot
from adapters.slack.render import Payload

log = logging.getLogger(__name__)

_END = 5.0
"""Seconds for what is on its way when the service stops."""


class Whispers:
    """Shows things in the background; a whisper that fails is logged, and lost."""

    def __init__(self, session: aiohttp.ClientSession, api: Api) -> None:
        self._session = session
        self._api = api
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *how: object) -> None:
        """Finish what is on its way."""
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks, timeout=_END)
            for task in late:
                task.cancel()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` while others go on."""
        task = asyncio.create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def tell(self, body: Mapping[str, Any], said: Payload) -> None:
        """Show `said` to whoever sent the interaction `body`, where they did."""
        url = body.get("response_url")
        if isinstance(url, str) and url and await self._respond(url, said):
            return
        container = body.get("container") or {}
        channel = container.get("channel_id") or (body.get("channel") or {}).get("id")
        await self._api.write(
            "chat.postEphemeral",
            channel=channel,
            user=(body.get("user") or {}).get("id"),
            thread_ts=container.get("thread_ts"),
            **said,
        )

    async def say(self, spot: Spot, said: Payload) -> None:
        """Show `said` to whoever wrote at `spot`, and to nobody else there."""
        await self._api.write(
            "chat.postEphemeral",
            channel=spot.channel,
            user=spot.user,
            thread_ts=spot.root,
            **said,
        )

    async def _respond(self, url: str, said: Payload) -> bool:
        """It works where the bot is no member, five times, for half an hour."""
        body = {"response_type": "ephemeral", "replace_original": False, **said}
        try:
            async with self._session.post(url, json=body, allow_redirects=False) as response:
                return response.status == 200
        except (TimeoutError, aiohttp.ClientError):
            return False


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except DeliveryError as error:
        log.warning("not shown: %s", error)
    except Exception:
        log.exception("something could not be shown")
