"""`POST /slack/events`: nothing is read before its signature is verified on the raw bytes.

Bolt parses first, and answers an unsigned body that is no JSON with a 500: so it gets only what has
passed here. docs.slack.dev, "Verifying requests from Slack".
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.taking import Headers
from adapters.web import Refusal, body_of

MOST = 1_048_576
"""Bytes of one request."""
_SKEW = 300
"""Seconds that Slack's clock and ours may be apart, and a request old."""
_FORWARDED = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")
"""Others stay outside: Bolt obeys some (`x-slack-bolt-lazy-only`)."""


class Door:
    """Lets signed requests through to Bolt."""

    def __init__(self, app: AsyncApp, secret: str, now: Callable[[], datetime]) -> None:
        self._app = app
        self._secret = secret.encode()
        self._now = now

    async def enter(self, request: web.Request) -> web.Response:
        """Answer `request`: 401 unsigned, 400 unreadable, 413 too large, else what Bolt says."""
        try:
            return await to_aiohttp_response(
                await self._app.async_dispatch(await self._admit(request))
            )
        except Refusal as refusal:
            return refusal.response()

    async def _admit(self, request: web.Request) -> AsyncBoltRequest:
        stamp = self._stamp(request.headers.get("X-Slack-Request-Timestamp", ""))
        raw = await body_of(request, MOST)
        given = request.headers.get("X-Slack-Signature", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, signature(self._secret, stamp, raw)):
            raise Refusal(HTTPStatus.UNAUTHORIZED, "the signature is missing or wrong")
        return _parsed(raw, {it: request.headers[it] for it in _FORWARDED if it in request.headers})

    def _stamp(self, stamp: str) -> str:
        timely = stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12
        if not timely or abs(self._now().timestamp() - int(stamp)) > _SKEW:
            raise Refusal(HTTPStatus.UNAUTHORIZED, "the timestamp is missing, wrong or too old")
        return stamp


def signature(secret: bytes, stamp: str, raw: bytes) -> bytes:
    """Return how Slack signs the body `raw` at `stamp`."""
    base = b"v0:" + stamp.encode() + b":" + raw
    return b"v0=" + hmac.new(secret, base, sha256).hexdigest().encode()


def _parsed(raw: bytes, headers: Headers) -> AsyncBoltRequest:
    try:
        request = AsyncBoltRequest(body=raw.decode(), headers=headers)
    except RecursionError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "the JSON is nested too deeply") from None
    except (ValueError, AttributeError, TypeError):
        raise Refusal(HTTPStatus.BAD_REQUEST, "the body is not what Slack sends") from None
    body: object = request.body
    if not isinstance(body, dict) or not body:
        raise Refusal(HTTPStatus.BAD_REQUEST, "the body is not a JSON object")
    return request
