"""What language somebody has set in Slack, and who they are there; asked for once a day."""

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
_OUTSIDE = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
"""What Slack says of those who are no full members of a workspace."""


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

    async def belongs(self, user: str, team: str) -> bool:
        """Tell whether Slack says that `user` is of the workspace `team`: no guest, no bot.

        Asked anew each time: whoever has left since yesterday belongs no longer.
        """
        person = await self._look_up(user) or {}
        known = bool(person) and not any(person.get(it) for it in _OUTSIDE)
        return known and person.get("team_id", team) == team

    async def _ask(self, user: str) -> str | None:
        person = await self._look_up(user)
        locale = person.get("locale") if person else None
        return locale if isinstance(locale, str) else None if person is None else ""

    async def _look_up(self, user: str) -> Mapping[str, object] | None:
        """Return what Slack says of `user`; None when it does not answer in time."""
        try:
            async with asyncio.timeout(_PATIENCE):
                said = await self._api.read("users.info", user=user, include_locale="true")
        except (DeliveryError, TimeoutError):
            return None
        person = said.get("user")
        if not isinstance(person, dict):
            return {}
        self._remember(user, person)
        return person

    def _remember(self, user: str, person: Mapping[str, object]) -> None:
        """Slack's own order: what people call themselves, then their full name."""
        profile = person.get("profile")
        shown = profile.get("display_name") if isinstance(profile, dict) else ""
        named = shown or person.get("real_name") or person.get("name")
        self._names[user] = named[:200] if isinstance(named, str) else ""
