"""What language somebody has set in Slack; asked for once a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from adapters.base import DeliveryError
from adapters.recent import Recent
from adapters.slack.api import Api

_FRESH, _FAILED = timedelta(days=1), timedelta(minutes=5)
_PATIENCE = 0.8
"""Seconds of the three that Slack gives us. The answer goes without it after that."""
_MOST = 10_000


class Languages:
    """Remembers the languages of people."""

    def __init__(self, api: Api, now: Callable[[], datetime]) -> None:
        self._api = api
        self._now = now
        self._known: Recent[str, tuple[str, datetime]] = Recent(_MOST)
        self._names: Recent[str, str] = Recent(_MOST)

    async def of(self, user: str) -> str:
        """Return the language of `user` ("ko-KR"); "" when Slack does not say."""
        language, until = self._known.get(user, ("", self._now()))
        if until > self._now():
            return language
        found = await self._ask(user)
        fresh = _FRESH if found is not None else _FAILED
        self._known[user] = (found or "", self._now() + fresh)
        return found or ""

    def name(self, user: str) -> str:
        """Return what `user` is called, once `of` was asked; "" when Slack does not say."""
        return self._names.get(user, "")

    async def _ask(self, user: str) -> str | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                said = await self._api.read("users.info", user=user, include_locale="true")
        except (DeliveryError, TimeoutError):
            return None
        person = said.get("user")
        locale = person.get("locale") if isinstance(person, dict) else ""
        if isinstance(person, dict):
            self._remember(user, person)
        return locale if isinstance(locale, str) else ""

    def _remember(self, user: str, person: Mapping[str, object]) -> None:
        """Slack's own order: what people call themselves, then their full name."""
        profile = person.get("profile")
        shown = profile.get("display_name") if isinstance(profile, dict) else ""
        named = shown or person.get("real_name") or person.get("name")
        self._names[user] = named[:200] if isinstance(named, str) else ""
