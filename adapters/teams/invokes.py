"""Presses and dialogs: what Teams wants an answer to in the very response, within seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

import aiohttp

from adapters.base import Answer, Handler, TryLater
from adapters.teams import answers, dialog
from adapters.teams.activity import (
    CARD_ACTION,
    FETCH_TASK,
    SUBMIT_ACTION,
    Activity,
    Conversation,
)
from adapters.teams.elements import Element
from adapters.teams.parse import event
from adapters.teams.people import Names
from adapters.teams.phrases import Phrases
from adapters.teams.places import origin
from adapters.teams.render import Frame
from adapters.teams.transport import RefusedError, Transport
from dialogs.events import Event, Origin
from dialogs.replies import Reply, Say, Settle

log = logging.getLogger(__name__)

_PATIENCE = 2.5
"""Seconds until there is an answer in any case: Teams shows an error after about five."""

Respond = Callable[[Activity, Handler], Awaitable[Element]]


@dataclass(slots=True)
class Invokes:
    """Answers them."""

    transport: Transport
    names: Names
    phrases: Phrases
    late: set[asyncio.Task[Answer]] = field(default_factory=set)
    """Turns that took longer than whoever pressed can wait."""

    def responder(self, activity: Activity) -> Respond | None:
        """Return what answers `activity` in the response; None when that is for nobody here."""
        known = {CARD_ACTION: self._press, FETCH_TASK: self._look, SUBMIT_ACTION: self._go_on}
        return known.get(activity.name or "") if activity.type == "invoke" else None

    async def drain(self) -> None:
        """Let late turns come to their end."""
        if self.late:
            await asyncio.wait(self.late, timeout=_PATIENCE)

    async def _press(self, activity: Activity, handle: Handler) -> Element:
        happened = event(activity)
        if happened is None:
            return answers.not_ours()
        replies = await self._take(happened, handle)
        if isinstance(replies, str):
            return answers.message(replies)
        back = self.phrases.of("form-back", happened.origin, replies)
        frame = Frame(by=self._answered_by(replies), back=back)
        answer = answers.to_press(replies, answers.pressed_token(activity), frame)
        again = self.phrases.of("answered-already", happened.origin, replies)
        return answer or answers.message(again)

    async def _look(self, activity: Activity, handle: Handler) -> Element:
        happened = event(activity)
        if happened is None:
            return self._closing("no-such-action", origin(activity))
        replies = await self._take(happened, handle)
        if isinstance(replies, str):
            return dialog.closing(replies, self.phrases.of("look-title", happened.origin))
        said = [reply for reply in replies if isinstance(reply, Say)]
        return dialog.verdict(
            said,
            lambda name: self.phrases.of(name, happened.origin, said),
            personal=activity.is_personal,
            goes_on=bool(getattr(happened, "text", "")),
        )

    async def _go_on(self, activity: Activity, handle: Handler) -> Element:
        """Begin a case with the message that was looked at, here or in a direct message."""
        place, where = dialog.wanted_place(activity.value), origin(activity)
        try:
            if place == dialog.DIRECT:
                activity = await self._direct(activity)
            elif place == dialog.HERE and not activity.is_personal:
                await self._is_member(activity)
        except (RefusedError, aiohttp.ClientError, TimeoutError, TryLater) as error:
            log.info("a message cannot be gone on with: %s", error)
            missing = "no-direct" if place == dialog.DIRECT else "not-a-member"
            return self._closing(missing, where)
        happened = event(activity) if place else None
        if happened is None:
            return self._closing("empty", where)
        replies = await self._take(happened, handle)
        if isinstance(replies, str):
            return dialog.closing(replies, self.phrases.of("look-title", happened.origin))
        done = "gone-on-direct" if place == dialog.DIRECT else "gone-on-here"
        return self._closing(done, where, replies)

    def _closing(self, name: str, where: Origin, replies: Iterable[Reply] = ()) -> Element:
        said = tuple(replies)
        text, title = (self.phrases.of(it, where, said) for it in (name, "look-title"))
        return dialog.closing(text, title)

    async def _direct(self, activity: Activity) -> Activity:
        """Return `activity` as if it came from the chat with its sender."""
        opened = await self.transport.start(
            activity.service or "",
            bot=activity.recipient.id if activity.recipient else "",
            tenant=activity.tenant,
            member=activity.sender.id,
        )
        chat = Conversation(id=opened.conversation, kind="personal", tenant=activity.tenant or None)
        return activity.model_copy(update={"conversation": chat, "data": None})

    async def _is_member(self, activity: Activity) -> None:
        thread, _, _ = activity.conversation.id.partition(";messageid=")
        await self.transport.reaches(activity.service or "", thread, activity.sender.id)

    async def _take(self, event: Event, handle: Handler) -> tuple[Reply, ...] | str:
        """Return the replies to `event`; words when there are none in time."""
        task = asyncio.ensure_future(handle(event))
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE)
        if not done:
            self.late.add(task)
            task.add_done_callback(self._arrived_late)
            return self.phrases.of("in-a-moment", event.origin)
        try:
            return tuple(task.result().replies.values())
        except TryLater:
            return self.phrases.of("not-stored", event.origin)

    def _arrived_late(self, task: asyncio.Task[Answer]) -> None:
        self.late.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("a late turn was not taken: %s", type(error).__name__)

    def _answered_by(self, replies: Iterable[Reply]) -> str:
        by = (reply.by for reply in replies if isinstance(reply, Settle))
        return self.names.of(next(by, ""))
