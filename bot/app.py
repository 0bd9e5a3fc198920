"""The composition root: the one place that knows which store, desk and platform there are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from logging.handlers import RotatingFileHandler
from uuid import uuid4

from adapters.base import Adapter, Answer, Place
from adapters.console.adapter import ConsoleAdapter, Seat
from adapters.console.terminal import terminal
from bot import clock
from bot.desk.builtin import BuiltinDesk
from bot.settings import Settings, home, log_folder
from bot.storage import Store, Unavailable
from bot.storage.opening import open_store
from bot.turn import Pace, Turns
from dialogs.engine import advance
from dialogs.events import Event, Origin
from dialogs.intake import clean
from dialogs.library import Library
from dialogs.replies import Reply, Say
from dialogs.state import State

_USER = "local"
"""Whoever sits at this machine's terminal: one person to the bot."""
_LOG_BYTES = 1_000_000

log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Store]:
    """Yield the store of `settings`. Raises `UserError` when it cannot be used."""
    async with open_store(settings.database, home()) as store:
        yield store


async def chat(
    settings: Settings, book: Library, *, conversation: str, language: str, plain: bool
) -> None:
    """Talk at the terminal until its input ends. Raises `UserError`."""
    _log_to_file()
    source, screen = terminal(plain=plain)
    seat = Seat(
        conversation=conversation,
        user=_USER,
        language=language,
        now=clock.now,
        new_id=lambda: uuid4().hex,
    )
    adapter = ConsoleAdapter(seat, source, screen, greets=not plain)
    async with opened(settings) as store, store.deliverer() as alone:
        service = Service(_turns(settings, store, book, adapter), adapter, book, alone=alone)
        async with adapter.connect(None, service.handle):
            polling = asyncio.create_task(service.poll(settings.outbox_poll.total_seconds()))
            try:
                await adapter.ended()
            finally:
                polling.cancel()
                with suppress(asyncio.CancelledError):
                    await polling


class Service:
    """The turns of one conversation, with what others have left for it in between."""

    def __init__(self, turns: Turns, adapter: Adapter, book: Library, *, alone: bool) -> None:
        """`alone` when no other process delivers: only then may a crash's leftovers be taken."""
        self._turns = turns
        self._adapter = adapter
        self._book = book
        self._alone = alone
        self._conversation: str | None = None
        self._one_at_a_time = asyncio.Lock()

    async def handle(self, event: Event) -> Answer:
        """Take `event` to its replies; the first one also to what was left from earlier."""
        async with self._one_at_a_time:
            try:
                if self._conversation is None:
                    self._conversation = event.origin.conversation
                    if self._alone:
                        await self._turns.resume(self._conversation)
                return await self._turns.handle(event)
            except Unavailable as error:
                log.warning("nothing was stored: %s", error)
                await self._adapter.send(Place(event.origin), self._not_stored(event.origin))
                return Answer()

    async def poll(self, seconds: float) -> None:
        """Look every so often for what others have left, once the conversation has begun."""
        while True:
            await asyncio.sleep(seconds)
            if self._conversation is not None:
                async with self._one_at_a_time:
                    with suppress(Unavailable):
                        await self._turns.sweep(self._conversation)

    def _not_stored(self, origin: Origin) -> Reply:
        language = origin.language or self._book.policy.language
        return Say(text=(self._book.phrase("not-stored", language),))


def _turns(settings: Settings, store: Store, book: Library, adapter: Adapter) -> Turns:
    def trouble(state: State, origin: Origin, id: str) -> Reply:
        language = state.language or origin.language or settings.language
        return Say(text=(book.phrase("trouble", language, id=id),))

    return Turns(
        store=store,
        desk=BuiltinDesk(store.tickets, clock.now),
        adapters={adapter.name: adapter},
        advance=lambda state, event: advance(state, event, book),
        clean=clean,
        trouble=trouble,
        now=clock.now,
        pace=Pace(
            lease=settings.outbox_lease,
            attempts=settings.outbox_attempts,
            backoff=settings.outbox_backoff,
        ),
    )


def _log_to_file() -> None:
    """A terminal is for the conversation: what goes wrong behind it goes into a file."""
    logging.raiseExceptions = False
    root = logging.getLogger()
    folder = log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / "flowmend.log",
            maxBytes=_LOG_BYTES,
            backupCount=1,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
