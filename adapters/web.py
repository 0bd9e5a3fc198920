"""What every platform that is reached over HTTP needs: bodies of a known size, clear refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from aiohttp import ClientResponse, web

_LONGEST = 86_400.0
"""Seconds: whoever asks for a longer pause than a day has made a mistake."""


class Refusal(Exception):
    """This request is not taken; `status` and one line say why."""

    def __init__(
        self, status: HTTPStatus, why: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(why)
        self.status = status
        self.headers = headers or {}

    def response(self) -> web.Response:
        """Return it as JSON: `{"error": why}`."""
        return web.json_response({"error": str(self)}, status=self.status, headers=self.headers)


def unavailable(why: str, seconds: float) -> Refusal:
    """Return a 503 that tells when to come again."""
    after = str(max(1, round(seconds)))
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, why, {"Retry-After": after})


async def body_of(request: web.Request, most: int) -> bytes:
    """Return the body, at most `most` bytes of it. Raises `Refusal` (413)."""
    too_large = Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {most:,} bytes"
    )
    if (request.content_length or 0) > most:
        raise too_large
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            raise too_large
    return bytes(body)


async def start_of(response: ClientResponse, most: int) -> bytes:
    """Return the body of an answer, no more than `most` bytes of it. Raises what aiohttp does."""
    start = bytearray()
    async for chunk in response.content.iter_any():
        start += chunk
        if len(start) >= most:
            break
    return bytes(start[:most])


def json_object(body: bytes) -> dict[str, object]:
    """Return the JSON object in `body`. Raises `Refusal` (400)."""
    try:
        value = json.loads(body)
    except RecursionError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "the JSON is nested too deeply") from None
    except ValueError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "the body is not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise Refusal(HTTPStatus.BAD_REQUEST, "the body is not a JSON object")
    return value


def retry_after(value: str | None, now: datetime) -> float:
    """Return the seconds that a `Retry-After` header asks for; 0 when it says nothing.

    Seconds or a date (RFC 9110, 10.2.3).
    """
    if not value:
        return 0.0
    try:
        seconds = float(value) if value.strip().isdecimal() else _until(value, now)
    except (ValueError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), _LONGEST)


def _until(value: str, now: datetime) -> float:
    at = parsedate_to_datetime(value)
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
