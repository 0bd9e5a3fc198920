"""How a case stands, where Slack lists the chats with the bot."""

from __future__ import annotations

from adapters.base import Answer
from adapters.recent import Recent
from adapters.slack.api import Api
from adapters.slack.keys import Spot
from adapters.slack.whispers import Whispers
from dialogs.events import Chose, Event, Said
from dialogs.state import Fixed, HandedOver, HandingOver, Idle

_WAITS = "active"
_OTHERS = {
    HandingOver.__name__: "suspended",
    HandedOver.__name__: "suspended",
    Idle.__name__: "closed",
    Fixed.__name__: "closed",
}
"""Slack's word for each state in which the bot does not wait for the person."""
_MOST = 10_000
"""Conversations whose standing is remembered, so that it is told once."""


class Standing:
    """Tells Slack, in the background, whenever it is another one."""

    def __init__(self, api: Api, whispers: Whispers) -> None:
        self._api = api
        self._whispers = whispers
        self._told: Recent[str, str] = Recent(_MOST)

    def show(self, event: Event, answer: Answer) -> None:
        """Tell how the case stands after `event`."""
        spot = Spot.read(event.origin.conversation)
        if not (spot and spot.direct and answer.outcome and isinstance(event, Said | Chose)):
            return
        standing = _OTHERS.get(answer.outcome, _WAITS)
        if self._told.get(spot.key) != standing:
            self._tell(spot, standing)

    def show_again(self, spot: Spot) -> None:
        """Tell it once more: somebody has stopped the bot, which had answered everything."""
        self._tell(spot, self._told.get(spot.key, _WAITS))

    def _tell(self, spot: Spot, standing: str) -> None:
        self._told[spot.key] = standing
        self._whispers.start(self._set(spot, standing))

    async def _set(self, spot: Spot, standing: str) -> None:
        await self._api.write(
            "agents.sessions.setStatus",
            channel_id=spot.channel,
            thread_ts=spot.root,
            status=standing,
        )
