"""One conversation, event after event: each is answered before the next one is taken."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import groupby
from operator import attrgetter

from adapters.base import Adapter, Answer, Place
from bot.delivery import Deliveries
from bot.storage import Outgoing, Unavailable
from bot.turn import Turns
from dialogs.events import Event, Origin
from dialogs.replies import Reply

log = logging.getLogger(__name__)


class Talk:
    """The turns of one conversation, with what others have left for it in between."""

    def __init__(
        self,
        turns: Turns,
        deliveries: Deliveries,
        adapter: Adapter,
        not_stored: Callable[[Origin], Reply],
        *,
        alone: bool,
    ) -> None:
        """`alone` when nobody else delivers here: only then may a crash's leftovers be taken."""
        self._turns = turns
        self._deliveries = deliveries
        self._adapter = adapter
        self._not_stored = not_stored
        self._alone = alone
        self._conversation: str | None = None
        self._one_at_a_time = asyncio.Lock()

    async def handle(self, event: Event) -> Answer:
        """Take `event` to its replies; the first one also to what was left from earlier."""
        async with self._one_at_a_time:
            try:
                await self._begin(event.origin.conversation)
                taken = await self._turns.take(event)
            except Unavailable as error:
                log.warning("nothing was stored: %s", error)
                await self._adapter.send(Place(event.origin), self._not_stored(event.origin))
                return Answer()
            with suppress(Unavailable):  # it is stored: what is left waits for the next look
                await self._finish(taken.outgoing)
                await self._deliveries.sweep(event.origin.conversation)
            return taken.answer

    async def poll(self, seconds: float) -> None:
        """Look every so often for what others have left, once the conversation has begun."""
        while True:
            await asyncio.sleep(seconds)
            if self._conversation is not None:
                async with self._one_at_a_time:
                    with suppress(Unavailable):
                        await self._deliveries.sweep(self._conversation)

    async def _begin(self, conversation: str) -> None:
        if self._conversation is None:
            self._conversation = conversation
            if self._alone:
                await self._deliveries.resume(conversation)
                await self._deliveries.sweep(conversation)

    async def _finish(self, outgoing: Sequence[Outgoing]) -> None:
        for _, rows in groupby(outgoing, attrgetter("lane")):
            await self._deliveries.finish(list(rows))
