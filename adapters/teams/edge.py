"""`POST /api/messages`: only what Microsoft's service has sent, and only what can be read."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from adapters.checks import first_problem
from adapters.teams.activity import Activity, read
from adapters.teams.bearer import CHANNEL, Bearer, ForgedError
from adapters.teams.hosts import is_service
from adapters.teams.keys import KeysUnavailableError
from adapters.web import Refusal, body_of, json_object, unavailable

log = logging.getLogger(__name__)

ROUTE = "/api/messages"
MOST = 262_144
"""Bytes of one activity."""
_DAY = timedelta(days=1)

Take = Callable[[Activity], Awaitable[Mapping[str, object] | None]]
"""Does what an activity asks for; returns what an invoke is answered with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Lets in what may come in."""

    bearer: Bearer | None
    """None: a developer's own machine, where nobody signs anything."""
    tenants: frozenset[str]
    """Whose activities are taken; all when empty."""
    loopback: bool
    """Whether the service may be this very machine."""
    now: Callable[[], datetime]

    async def receive(self, request: web.Request, take: Take) -> web.Response:
        """Return the response to `request`. Raises `Refusal`."""
        service = await self._service(request)
        activity = _activity(await _payload(request))
        self._admit(activity, service)
        body = await take(self._stamped(activity))
        return web.Response() if body is None else web.json_response(body)

    async def _service(self, request: web.Request) -> str | None:
        """Return the service that the caller speaks for; None when nobody has to prove it."""
        if self.bearer is None:
            return None
        try:
            return await self.bearer.service_of(request.headers.get("Authorization", ""))
        except ForgedError as error:
            raise _unauthorized(str(error)) from None
        except KeysUnavailableError:
            raise unavailable("the signing keys cannot be had just now", 5) from None

    def _admit(self, activity: Activity, service: str | None) -> None:
        if activity.channel != CHANNEL:
            raise _unauthorized("not from Teams")
        if not is_service(activity.service or "", loopback=self.loopback):
            raise _unauthorized("a service that is not Microsoft's")
        if service is not None and activity.service != service:
            raise _unauthorized("another service than the token's")
        if self.tenants and activity.tenant not in self.tenants:
            raise Refusal(HTTPStatus.FORBIDDEN, "this tenant is not served")

    def _stamped(self, activity: Activity) -> Activity:
        """Return it with a time that can be believed: its own, or else the present one."""
        now = self.now()
        try:
            moment = datetime.fromisoformat(activity.timestamp or "")
            if moment.tzinfo and abs(now - moment) < _DAY:
                return activity
        except ValueError:
            pass
        return activity.model_copy(update={"timestamp": now.isoformat()})


async def _payload(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json" or "Content-Type" not in request.headers:
        why = "activities are sent as application/json"
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why)
    body = await body_of(request, MOST)
    payload = json_object(body)
    if b"\\ud" in body.lower():  # JSON can spell half a character, which no text can hold
        return json_object(_whole(payload))
    return payload


def _whole(payload: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
    except RecursionError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "the JSON is nested too deeply") from None


def _activity(payload: Mapping[str, Any]) -> Activity:
    try:
        return read(payload)
    except ValidationError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, first_problem(error)) from None


def _unauthorized(why: str) -> Refusal:
    """Return a refusal that tells a forger nothing; whoever runs the bot finds why in the log."""
    log.info("a caller was refused: %s", why)
    headers = {"WWW-Authenticate": "Bearer"}
    return Refusal(HTTPStatus.UNAUTHORIZED, "not authorized", headers)
