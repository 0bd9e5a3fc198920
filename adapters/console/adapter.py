"""The terminal as a platform: one person, one conversation, one message a line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from adapters.base import Handler, Place, Receipt, TryLater
from adapters.console.parse import PLATFORM, parse
from adapters.console.render import render
from adapters.console.screens import Screen
from dialogs.replies import Reply

if TYPE_CHECKING:
    from aiohttp import web

_BREATH = 0.2
"""Seconds without a further reply that end a turn nobody at this terminal began."""


class Source(Protocol):
    """Where messages come from."""

    async def read(self) -> str | None:
        """Return the next message; None when there will be no more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who sits at the terminal, in which conversation."""

    conversation: str
    user: str
    language: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]


class ConsoleAdapter:
    """Reads one source until it ends, shows replies on one screen.

    `handle` is expected to return when the turn's replies have been sent, all of them by `send`:
    they make up the turn.
    """

    name = PLATFORM

    def __init__(self, seat: Seat, source: Source, screen: Screen, *, greets: bool) -> None:
        self._seat = seat
        self._source = source
        self._screen = screen
        self._greets = greets
        self._open = True
        self._in_turn = False
        self._end_of_turn: asyncio.TimerHandle | None = None
        self._talking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def connect(self, http: web.Application | None, handle: Handler) -> AsyncGenerator[None]:
        """See `Adapter.connect`."""
        self._talking = asyncio.create_task(self._talk(handle))
        try:
            yield
        finally:
            self._talking.cancel()
            with suppress(asyncio.CancelledError):
                await self._talking
            self._finish_turn()

    async def ended(self) -> None:
        """Return when the source has ended or the screen has gone; raise what went wrong."""
        if self._talking is not None:
            await asyncio.shield(self._talking)

    async def send(self, place: Place, reply: Reply) -> Receipt:
        """See `Adapter.send`."""
        if not self._show(reply):
            raise TryLater("the terminal is closed")
        if not self._in_turn:
            self._finish_turn_soon()
        return Receipt()

    async def _talk(self, handle: Handler) -> None:
        if self._greets:
            await self._turn(handle, {})
        while self._open and (text := await self._source.read()) is not None:
            await self._turn(handle, {"text": text})

    async def _turn(self, handle: Handler, typed: dict[str, object]) -> None:
        seat = self._seat
        event = parse(
            {
                "id": seat.new_id(),
                "time": seat.now().isoformat(),
                "conversation": seat.conversation,
                "user": seat.user,
                "language": seat.language,
                **typed,
            }
        )
        if event is None:
            return
        self._finish_turn()
        self._in_turn = True
        try:
            await handle(event)
        finally:
            self._in_turn = False
        self._end_turn()

    def _show(self, reply: Reply) -> bool:
        """Show `reply`; tell whether anybody is there to see it."""
        try:
            if self._open:
                self._screen.show(render(reply))
        except BrokenPipeError:
            self._open = False
        return self._open

    def _finish_turn_soon(self) -> None:
        if self._end_of_turn is not None:
            self._end_of_turn.cancel()
        self._end_of_turn = asyncio.get_running_loop().call_later(_BREATH, self._finish_turn)

    def _finish_turn(self) -> None:
        """End the turn that others began, if one is still open."""
        if self._end_of_turn is not None:
            self._end_of_turn.cancel()
            self._end_of_turn = None
            self._end_turn()

    def _end_turn(self) -> None:
        try:
            if self._open:
                self._screen.end_turn()
        except BrokenPipeError:
            self._open = False
