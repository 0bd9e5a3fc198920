"""Bolt's one middleware of ours: everything that comes is stored before Bolt acknowledges it.

Bolt acknowledges an event first and runs its listener afterwards, in memory: what is acknowledged
then is lost when the process stops. It also answers 404 to whatever nobody listens for, which Slack
counts as a failed delivery. This middleware takes all there is and answers itself.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.base import TryLater
from adapters.web import unavailable

Headers = dict[str, str | Sequence[str]]
Take = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any] | None]]
"""Takes a payload with its `received`; returns what is shown in the response. Raises `TryLater`."""


class Taking(AsyncMiddleware):
    """Answers 200 once a payload is stored, 503 when it cannot be."""

    def __init__(self, take: Take, now: Callable[[], datetime]) -> None:
        self._take = take
        self._now = now

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt passes it by this name
    ) -> BoltResponse:
        """See `AsyncMiddleware`."""
        if req.body.get("type") == "url_verification":
            return await next()
        received = {"id": _digest(req), "at": self._now().isoformat()}
        try:
            shown = await self._take({**req.body, "received": received})
        except TryLater as later:
            refusal = unavailable(str(later), later.seconds)
            return BoltResponse(status=refusal.status, body="", headers={**refusal.headers})
        if not shown:
            return BoltResponse(status=200, body="")
        kind: Headers = {"Content-Type": "application/json"}
        return BoltResponse(status=200, body=json.dumps(shown), headers=kind)


def client_on(session: aiohttp.ClientSession, token: str, home: str) -> AsyncWebClient:
    """Return Slack's own client, for Bolt. It sends nothing twice of its own accord.

    The time-outs that count are those of `session`.
    """
    return AsyncWebClient(token=token, base_url=home, session=session, retry_handlers=[])


def bolt(client: AsyncWebClient, taking: Taking) -> AsyncApp:
    """Return a Bolt app that hands everything to `taking` before it does anything itself.

    Signatures are verified before that (`door.py`); own messages are told apart in `messages.py`.
    """
    return AsyncApp(
        name="flowmend",
        signing_secret="",
        client=client,
        before_authorize=taking,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _digest(request: AsyncBoltRequest) -> str:
    """Return what is the same for the same body, and only for it."""
    raw = request.raw_body or json.dumps(request.body, sort_keys=True, ensure_ascii=False)
    return sha256(raw.encode("utf-8", "replace")).hexdigest()[:32]
