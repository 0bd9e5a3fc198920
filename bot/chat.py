"""The bot in a terminal, put together: `flowmend chat`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from uuid import uuid4

from adapters.console.adapter import ConsoleAdapter, Seat
from adapters.console.terminal import terminal
from bot import clock
from bot.settings import Settings, log_folder
from bot.terminal import Talk
from bot.workings import opened, spoken, workings
from dialogs.events import Origin
from dialogs.library import Library
from dialogs.replies import Reply, Say

_USER = "local"
"""Whoever sits at this machine's terminal: one person to the bot."""
_LOG_BYTES = 1_000_000


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
    async with opened(settings, "chat") as store, store.deliverer() as alone:
        turns, deliveries = workings(settings, store, book, {adapter.name: adapter})
        talk = Talk(turns, deliveries, adapter, _not_stored(book), alone=alone)
        async with adapter.connect(None, talk.handle):
            polling = asyncio.create_task(talk.poll(settings.outbox_poll.total_seconds()))
            try:
                await adapter.ended()
            finally:
                polling.cancel()
                with suppress(asyncio.CancelledError):
                    await polling


def _not_stored(book: Library) -> Callable[[Origin], Reply]:
    return lambda origin: Say(text=(book.phrase("not-stored", spoken(book, origin)),))


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
