"""Slack's Web API on one shared session. Its errors become `TryLater` and `Gone` here.

A call is one request and one JSON object: docs.slack.dev, "Using the Slack Web API". The client of
slack_sdk asks for half as much again of processor time to do it: only Bolt has one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import aiohttp

from adapters.base import DeliveryError, Gone, TryLater
from adapters.web import retry_after, start_of

HOME = "https://slack.com/api/"
_MOST = 10_000_000
"""Bytes of an answer."""
_PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        "thread_locked",
        # The two sides are not set up alike: people will see to that.
        "account_inactive",
        "access_denied",
        "app_missing_action_url",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "token_expired",
        "token_revoked",
    }
)
"""Errors after which the same call may succeed; after all others it never will."""


class NotGrantedError(TryLater):
    """The app was installed before it asked for a scope; people may install it anew."""


class Api:
    """Calls of the Web API. Every one may raise `TryLater` or `Gone`."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str,
        home: str,
        now: Callable[[], datetime],
    ) -> None:
        """`home` is the address of all methods; the time-outs are those of `session`."""
        self._session = session
        self._home = f"{home.rstrip('/')}/"
        self._now = now
        self._reading = {"Authorization": f"Bearer {token}"}
        self._writing = {**self._reading, "Content-Type": "application/json; charset=utf-8"}

    async def write(self, method: str, **arguments: object) -> Mapping[str, Any]:
        """Call a method that takes JSON."""
        given = {name: it for name, it in arguments.items() if it is not None}
        raw = json.dumps(given).encode()
        return await self._call("POST", method, data=raw, headers=self._writing)

    async def read(self, method: str, **arguments: str) -> Mapping[str, Any]:
        """Call a method that takes no JSON: those that only look something up."""
        return await self._call("GET", method, params=arguments, headers=self._reading)

    async def form(self, method: str, **arguments: str) -> Mapping[str, Any]:
        """Call a method that changes something and takes no JSON."""
        return await self._call("POST", method, data=arguments, headers=self._reading)

    async def _call(self, verb: str, method: str, **how: Any) -> Mapping[str, Any]:
        url = self._home + method
        try:
            async with self._session.request(verb, url, allow_redirects=False, **how) as response:
                data = _object(await start_of(response, _MOST))
        except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
            raise TryLater(f"{method} cannot be reached: {type(error).__name__}") from None
        if response.status == HTTPStatus.OK and data.get("ok") is True:
            return data
        raise self._meant(method, response, data.get("error"))

    def _meant(self, method: str, response: aiohttp.ClientResponse, said: object) -> DeliveryError:
        """Return what the error `said` means; without one it was no answer of Slack's."""
        status = response.status
        why = f"{method} answered {said or status}"
        if said == "missing_scope":
            return NotGrantedError(why)
        if status == 429 or status >= 500 or said in _PASSING or said is None:
            return TryLater(why, retry_after(response.headers.get("Retry-After"), self._now()))
        return Gone(why)


def _object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in `raw`; an empty one when it is none."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
