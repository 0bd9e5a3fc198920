"""What is done with each kind of payload: most are events, some are answered past them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from adapters.base import Answer, DeliveryError, Handler, TryLater
from adapters.pages import Pages
from adapters.slack import views
from adapters.slack.api import Api
from adapters.slack.keys import PLATFORM, Form, Spot
from adapters.slack.lobby import Lobby
from adapters.slack.parse import parse
from adapters.slack.people import Languages
from adapters.slack.render import Payload, render
from adapters.slack.standing import Standing
from adapters.slack.whispers import Whispers
from dialogs.events import Chose, Event, Inspected, Origin, Picked
from dialogs.replies import Ask, Reply, Say

_EXPLAIN, _STATUS, _HELP = (
    frozenset({"explain", "설명"}),
    frozenset({"status", "상태"}),
    frozenset({"", "help", "도움말"}),
)
"""First words of `/flowmend`. Everything else is an error to be looked at."""


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
        self._standing = Standing(api, whispers)
        self._lobby = Lobby(api, pages, languages, whispers, self._standing)
        self._bot = ""

    async def take(self, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Take `payload`; return what the response shows."""
        if self._lobby.take(payload):
            return None
        known = await self._knowing_itself(payload)
        event = parse(known)
        if event is None:
            return None
        user = event.origin.user.removeprefix(f"{PLATFORM}:")
        language = await self._languages.of(user)
        named = replace(event.origin, language=language, name=self._languages.name(user))
        event = replace(event, origin=named)
        if isinstance(event, Picked):
            event = await self._known(event)
        if "command" in payload:
            return await self._command(payload, event)
        if isinstance(event, Chose | Picked | Inspected):
            await self._interaction(payload, event)
            return None
        answer = await self._handle(event)
        spot, said = Spot.read(event.origin.conversation), _for_one(event, answer)
        if spot and said:
            self._whispers.start(self._whispers.say(spot, _together(said)))
        self._standing.show(event, answer)
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

    async def _known(self, event: Picked) -> Picked:
        """Return `event` with what Slack says of whoever was picked."""
        user = event.user.removeprefix(f"{PLATFORM}:")
        belongs = await self._languages.belongs(user, event.origin.tenant)
        return replace(event, belongs=belongs, name=self._languages.name(user))

    async def _command(self, payload: Mapping[str, Any], event: Event) -> Mapping[str, Any] | None:
        said = await self._said_to_command(str(payload.get("text") or ""), event)
        return {"response_type": "ephemeral", **_together(said)}

    async def _said_to_command(self, text: str, event: Event) -> Sequence[Reply]:
        word, _, rest = text.strip().partition(" ")
        try:
            if word.lower() in _EXPLAIN:
                return (self._pages.explain(rest, event.origin),)
            if word.lower() in _HELP and not rest:
                return (Say(text=(self._pages.phrase("command", event.origin),)),)
            if word.lower() in _STATUS and not rest:
                cases = await self._pages.open_cases(event.origin)
                return (views.listed(cases, self._phrases(event.origin)),)
            return tuple((await self._handle(event)).replies.values())
        except TryLater:  # Slack sends no command again: say so
            return (self._not_stored(event.origin),)

    async def _interaction(
        self, payload: Mapping[str, Any], event: Chose | Picked | Inspected
    ) -> None:
        try:
            answer = await self._handle(event)
        except TryLater:  # Slack sends no press again: say so
            told = _together((self._not_stored(event.origin),))
            self._whispers.start(self._whispers.tell(payload, told))
            return
        if said := _for_one(event, answer):
            self._whispers.start(self._show(payload, event, said))
        self._standing.show(event, answer)

    async def _show(
        self, payload: Mapping[str, Any], event: Chose | Picked | Inspected, said: Sequence[Say]
    ) -> None:
        """A press is answered beside the card, a look in a window."""
        asked = next((it for it in said if isinstance(it, Ask)), None)
        in_words = asked and asked.field and not (asked.choices or asked.field.person)
        if isinstance(event, Chose) and asked and asked.field and in_words:
            card = Form(asked.token, event.origin.channel, event.origin.thread)
            await self._open(
                payload, views.form(asked, asked.field, card, self._phrases(event.origin))
            )
            return
        if isinstance(event, Inspected):
            try:
                await self._open(payload, views.window(said, self._phrases(event.origin)))
            except DeliveryError:  # too late for a window
                pass
            else:
                return
        await self._whispers.tell(payload, _together(said))

    async def _open(self, payload: Mapping[str, Any], view: Payload) -> None:
        await self._api.write("views.open", trigger_id=payload.get("trigger_id"), view=view)

    def _phrases(self, origin: Origin) -> views.Phrase:
        return partial(self._pages.phrase, origin=origin)

    def _not_stored(self, origin: Origin) -> Say:
        return Say(text=(self._pages.phrase("not-stored", origin),))


def _for_one(event: Event, answer: Answer) -> tuple[Say, ...]:
    """Return what only the presser is to see; the rest is delivered like every reply."""
    said = (it for it in answer.replies.values() if isinstance(it, Say))
    return tuple(it for it in said if it.to == "presser" or isinstance(event, Inspected))


def _together(said: Sequence[Reply]) -> dict[str, Any]:
    parts = [render(one) for one in said]
    blocks = [block for part in parts for block in part["blocks"]]
    return {"text": "\n".join(part["text"] for part in parts), "blocks": blocks[:50]}
