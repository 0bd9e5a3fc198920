"""Slack's Web API on one shared session. Its errors become `TryLater` and `Gone` here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.base import Gone, TryLater
from adapters.web import retry_after

HOME = "https://slack.com/api/"
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
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "token_expired",
        "token_revoked",
    }
)
"""Errors after which the same call may succeed; after all others it never will."""


def client_on(session: aiohttp.ClientSession, token: str, home: str) -> AsyncWebClient:
    """Return Slack's client. It sends nothing twice of its own accord: the outbox does, when due.

    The time-outs that count are those of `session`.
    """
    return AsyncWebClient(token=token, base_url=home, session=session, retry_handlers=[])


class Api:
    """Calls of the Web API. Every one may raise `TryLater` or `Gone`."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

    async def write(self, method: str, **arguments: object) -> Mapping[str, Any]:
        """Call a method that takes JSON."""
        given = {name: it for name, it in arguments.items() if it is not None}
        return await self._call(method, json=given)

    async def read(self, method: str, **arguments: str) -> Mapping[str, Any]:
        """Call a method that takes no JSON: those that only look something up."""
        return await self._call(method, http_verb="GET", params=arguments)

    async def form(self, method: str, **arguments: str) -> Mapping[str, Any]:
        """Call a method that changes something and takes no JSON."""
        return await self._call(method, data=arguments)

    async def _call(self, method: str, **how: Any) -> Mapping[str, Any]:
        try:
            response = await self._client.api_call(method, **how)
        except SlackClientError as error:
            raise self._meant(method, getattr(error, "response", None)) from None
        except (TimeoutError, aiohttp.ClientError, ConnectionError, ValueError) as error:
            raise TryLater(f"{method} cannot be reached: {type(error).__name__}") from None
        data = response.data
        return data if isinstance(data, dict) else {}

    def _meant(self, method: str, response: Any) -> TryLater | Gone:
        """Return what the error in `response` means; without one it was no answer of Slack's."""
        data = getattr(response, "data", None)
        status: int = (
            getattr(response, "status_code", None) or getattr(response, "status", None) or 0
        )
        said = data.get("error") if isinstance(data, dict) else None
        why = f"{method} answered {said or status}"
        if status == 429 or status >= 500 or said in _PASSING or said is None:
            headers = getattr(response, "headers", None) or {}
            after = next((it for name, it in headers.items() if name.lower() == "retry-after"), "")
            return TryLater(why, retry_after(str(after), self._now()))
        return Gone(why)
