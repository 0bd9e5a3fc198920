"""What is done with each kind of payload: most are events, some are answered past them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.base import Answer, DeliveryError, Handler, TryLater
from adapters.pages import Pages
from adapters.slack import views
from adapters.slack.api import Api
from adapters.slack.keys import PLATFORM, Form, Spot, beside_key
from adapters.slack.parse import parse, team_of
from adapters.slack.people import Languages
from adapters.slack.render import render
from adapters.slack.whispers import Whispers
from dialogs.events import Chose, Event, Inspected, Origin, Said
from dialogs.replies import Ask, Reply, Say
from dialogs.state import Fixed, HandedOver, HandingOver, Idle

_EXPLAIN, _STATUS, _HELP = (
    frozenset({"explain", "설명"}),
    frozenset({"status", "상태"}),
    frozenset({"", "help", "도움말"}),
)
"""First words of `/flowmend`. Everything else is an error to be looked at."""


_STANDS = {
    HandingOver.__name__: "suspended",
    HandedOver.__name__: "suspended",
    Idle.__name__: "closed",
    Fixed.__name__: "closed",
}
"""Slack's word for each state in which the bot does not wait for the person."""
_BESIDE = frozenset({"app_home_opened", "agent_session_stopped"})
_MOST = 10_000
"""Conversations whose standing is remembered, so that it is told once."""


class Intake:
    """Takes payloads. Raises `TryLater` when an event could not be stored."""

    def __init__(
        self,
        handle: Handler,
        api: Api,
        pages: Pages,
        languages: Languages,
        whispers: Whispers,
    ) -> None:
        self._handle = handle
        self._api = api
        self._pages = pages
        self._languages = languages
        self._whispers = whispers
        self._bot = ""
        self._standing: dict[str, str] = {}

    async def take(self, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Take `payload`; return what the response shows."""
        if self._opened(payload):
            return None
        known = await self._knowing_itself(payload)
        event = parse(known)
        if event is None:
            return None
        user = event.origin.user.removeprefix(f"{PLATFORM}:")
        language = await self._languages.of(user)
        named = replace(event.origin, language=language, name=self._languages.name(user))
        event = replace(event, origin=named)
        if "command" in payload:
            return await self._command(payload, event)
        if isinstance(event, Chose | Inspected):
            await self._interaction(payload, event)
            return None
        answer = await self._handle(event)
        self._show_standing(event, answer)
        return None

    async def _knowing_itself(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Events name the bot they are for; where they do not, it must know itself."""
        if payload.get("type") != "event_callback" or payload.get("authorizations"):
            return payload
        if not self._bot:
            try:
                self._bot = str((await self._api.write("auth.test")).get("user_id", ""))
            except DeliveryError as error:
                # Without it, its own words could be taken for a person's.
                raise TryLater(str(error), 5) from None
        return {**payload, "received": {**payload["received"], "bot": self._bot}}

    async def _command(self, payload: Mapping[str, Any], event: Event) -> Mapping[str, Any] | None:
        said = await self._said_to_command(str(payload.get("text") or ""), event)
        return {"response_type": "ephemeral", **_together(said)}

    async def _said_to_command(self, text: str, event: Event) -> Sequence[Reply]:
        word, _, rest = text.strip().partition(" ")
        try:
            if word.lower() in _EXPLAIN:
                return (self._pages.explain(rest, event.origin),)
            if word.lower() in _HELP and not rest:
                return (Say(text=(self._phrase("command", event.origin),)),)
            if word.lower() in _STATUS and not rest:
                cases = await self._pages.open_cases(event.origin)
                return (views.listed(cases, lambda name: self._phrase(name, event.origin)),)
            return tuple((await self._handle(event)).replies.values())
        except TryLater:  # Slack sends no command again: say so
            return (self._not_stored(event.origin),)

    async def _interaction(self, payload: Mapping[str, Any], event: Chose | Inspected) -> None:
        try:
            answer = await self._handle(event)
        except TryLater:  # Slack sends no press again: say so
            told = _together((self._not_stored(event.origin),))
            self._whispers.start(self._whispers.tell(payload, told))
            return
        if said := _for_one(event, answer):
            self._whispers.start(self._show(payload, event, said))
        self._show_standing(event, answer)

    async def _show(
        self, payload: Mapping[str, Any], event: Chose | Inspected, said: Sequence[Say]
    ) -> None:
        """A press is answered beside the card, a look in a window."""
        asked = next((it for it in said if isinstance(it, Ask) and it.field), None)
        if isinstance(event, Chose) and asked and not asked.choices:
            card = Form(asked.token, event.origin.channel, event.origin.thread)
            view = views.form(asked, card, lambda name: self._phrase(name, event.origin))
            trigger = payload.get("trigger_id")
            await self._api.write("views.open", trigger_id=trigger, view=view)
            return
        if isinstance(event, Inspected):
            view = views.window(said, lambda name: self._phrase(name, event.origin))
            try:
                trigger = payload.get("trigger_id")
                await self._api.write("views.open", trigger_id=trigger, view=view)
            except DeliveryError:  # too late for a window
                pass
            else:
                return
        await self._whispers.tell(payload, _together(said))

    def _opened(self, payload: Mapping[str, Any]) -> bool:
        """Tell whether somebody looks at the bot's pages, or stops it: nothing of that is kept."""
        event = payload.get("event")
        if not isinstance(event, dict) or event.get("type") not in _BESIDE:
            return False
        user, channel, team = event.get("user"), event.get("channel"), team_of(payload)
        if team is None or not isinstance(user, str):
            return True
        origin = Origin(
            platform=PLATFORM,
            tenant=team,
            conversation=beside_key(team, user),
            user=f"{PLATFORM}:{user}",
        )
        if event["type"] == "agent_session_stopped":
            self._stopped(replace(origin, conversation=_thread_of(event, team, user)))
        elif event.get("tab") == "messages" and isinstance(channel, str):
            self._whispers.start(self._suggest(origin, user, channel))
        elif event.get("tab") == "home":
            self._whispers.start(self._publish(origin, user))
        return True

    def _stopped(self, origin: Origin) -> None:
        """Everything is answered at once, so there is nothing to stop: say how the case stands."""
        standing = self._standing.pop(origin.conversation, "active")
        if spot := Spot.read(origin.conversation):
            self._whispers.start(self._set_standing(spot, standing))

    async def _suggest(self, origin: Origin, user: str, channel: str) -> None:
        origin = replace(origin, language=await self._languages.of(user))
        prompts = views.prompts(lambda name: self._phrase(name, origin))
        method = "assistant.threads.setSuggestedPrompts"
        await self._api.write(method, channel_id=channel, prompts=prompts)

    async def _publish(self, origin: Origin, user: str) -> None:
        origin = replace(origin, language=await self._languages.of(user))
        cases = await self._pages.open_cases(origin)
        links = {case.conversation: await self._permalink(case.conversation) for case in cases[:15]}
        view = views.home(cases, links, lambda name: self._phrase(name, origin))
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

    def _show_standing(self, event: Event, answer: Answer) -> None:
        """Slack lists chats with the bot by how they stand."""
        spot = Spot.read(event.origin.conversation)
        if not (spot and spot.direct and answer.outcome and isinstance(event, Said | Chose)):
            return
        standing = _STANDS.get(answer.outcome, "active")
        if self._standing.get(spot.key) != standing:
            self._whispers.start(self._set_standing(spot, standing))

    async def _set_standing(self, spot: Spot, standing: str) -> None:
        if len(self._standing) >= _MOST:
            del self._standing[next(iter(self._standing))]
        self._standing[spot.key] = standing
        await self._api.write(
            "agents.sessions.setStatus",
            channel_id=spot.channel,
            thread_ts=spot.root,
            status=standing,
        )

    def _phrase(self, name: str, origin: Origin) -> str:
        return self._pages.phrase(name, origin)

    def _not_stored(self, origin: Origin) -> Say:
        return Say(text=(self._phrase("not-stored", origin),))


def _for_one(event: Chose | Inspected, answer: Answer) -> tuple[Say, ...]:
    """Return what only the presser is to see; the rest is delivered like every reply."""
    said = (it for it in answer.replies.values() if isinstance(it, Say))
    return tuple(it for it in said if it.to == "presser" or isinstance(event, Inspected))


def _thread_of(event: Mapping[str, Any], team: str, user: str) -> str:
    return Spot(team, str(event.get("channel")), str(event.get("thread_ts")), user).key


def _together(said: Sequence[Reply]) -> dict[str, Any]:
    parts = [render(one) for one in said]
    blocks = [block for part in parts for block in part["blocks"]]
    return {"text": "\n".join(part["text"] for part in parts), "blocks": blocks[:50]}
