"""The bot's own pages in Slack, and the button that stops it: nothing of that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from adapters.base import DeliveryError
from adapters.pages import Pages
from adapters.slack import views
from adapters.slack.api import Api
from adapters.slack.keys import PLATFORM, Spot, beside_key
from adapters.slack.parse import team_of
from adapters.slack.people import Languages
from adapters.slack.standing import Standing
from adapters.slack.whispers import Whispers
from dialogs.events import Origin

_OPENED, _STOPPED = "app_home_opened", "agent_session_stopped"


class Lobby:
    """Shows them, in the background, to whoever looks."""

    def __init__(
        self,
        api: Api,
        pages: Pages,
        languages: Languages,
        whispers: Whispers,
        standing: Standing,
    ) -> None:
        self._api = api
        self._pages = pages
        self._languages = languages
        self._whispers = whispers
        self._standing = standing

    def take(self, payload: Mapping[str, Any]) -> bool:
        """Tell whether `payload` was for this room, and do what it asks for."""
        event = payload.get("event")
        if not isinstance(event, dict) or event.get("type") not in (_OPENED, _STOPPED):
            return False
        user, team = event.get("user"), team_of(payload)
        if team is None or not isinstance(user, str):
            return True
        if event["type"] == _STOPPED:
            self._stopped(event, team, user)
        else:
            self._opened(event, team, user)
        return True

    def _stopped(self, event: Mapping[str, Any], team: str, user: str) -> None:
        stopped = Spot(team, str(event.get("channel")), str(event.get("thread_ts")), user)
        if spot := Spot.read(stopped.key):
            self._standing.show_again(spot)

    def _opened(self, event: Mapping[str, Any], team: str, user: str) -> None:
        channel = event.get("channel")
        origin = Origin(
            platform=PLATFORM,
            tenant=team,
            conversation=beside_key(team, user),
            user=f"{PLATFORM}:{user}",
        )
        if event.get("tab") == "messages" and isinstance(channel, str):
            self._whispers.start(self._suggest(origin, user, channel))
        elif event.get("tab") == "home":
            self._whispers.start(self._publish(origin, user))

    async def _suggest(self, origin: Origin, user: str, channel: str) -> None:
        origin = replace(origin, language=await self._languages.of(user))
        prompts = views.prompts(partial(self._pages.phrase, origin=origin))
        method = "assistant.threads.setSuggestedPrompts"
        await self._api.write(method, channel_id=channel, prompts=prompts)

    async def _publish(self, origin: Origin, user: str) -> None:
        origin = replace(origin, language=await self._languages.of(user))
        cases = (await self._pages.open_cases(origin))[: views.CASES]
        links = {case.conversation: await self._permalink(case.conversation) for case in cases}
        view = views.home(cases, links, partial(self._pages.phrase, origin=origin))
        await self._api.write("views.publish", user_id=user, view=view)

    async def _permalink(self, conversation: str) -> str:
        if (spot := Spot.read(conversation)) is None:
            return ""
        try:
            found = await self._api.read(
                "chat.getPermalink", channel=spot.channel, message_ts=spot.root
            )
        except DeliveryError:
            return ""
        return str(found.get("permalink", ""))
