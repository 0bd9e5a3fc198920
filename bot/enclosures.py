"""Files on their way from one side of a ticket to the other: fetched where they were sent.

Of a text its words are passed on, redacted. A picture is held in memory until it is shown. What can
be neither is spoken of, and whoever sent it hears so. Nothing is fetched before it is committed
that it is to be.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from adapters.base import Adapter, Fetches, Gone, ShowsPictures, TryLater
from bot.pace import in_time
from dialogs.events import Attached, File, TicketAnswered
from dialogs.intake import clean_text
from dialogs.replies import Picture, Say, pictured

T = TypeVar("T")

_TRIES = 3
"""After so many what comes behind a file waits for it no longer."""


class Unreadable(Exception):
    """There is no such text, no such picture, or nobody here can get it."""


class Enclosures:
    """Gets what is in files. Every method may raise `TryLater`."""

    def __init__(self, adapters: Mapping[str, Adapter], patience: timedelta) -> None:
        """`adapters` by the name of their platform; `patience` is for one file."""
        self._adapters = adapters
        self._patience = patience

    async def read(self, file: File, platform: str, attempt: int) -> tuple[str, File]:
        """Return the words of `file`, if it has any, and the file as it is passed on."""
        if file.kind != "text":
            return "", file
        adapter = self._adapters.get(platform)
        if not isinstance(adapter, Fetches):
            return "", replace(file, kind="other")
        try:
            text = await self._patiently(adapter.fetch(file), attempt)
        except Unreadable:
            return "", replace(file, kind="other")
        return clean_text(text).strip() or "…", file

    async def heard(
        self, event: TicketAnswered, attached: Attached, attempt: int
    ) -> TicketAnswered:
        """Return `event` with the words of the file in it, as `read` does."""
        text, file = await self.read(attached.file, attached.platform, attempt)
        return replace(event, text=text, file=replace(attached, file=file))

    async def ready(self, reply: Say, attached: Attached, onto: Adapter, attempt: int) -> Say:
        """Return `reply` as `onto` shows it: with the picture, or with words in its place."""
        try:
            picture = await self._picture(attached, onto, attempt)
        except Unreadable:
            return spoken(reply)
        return pictured(reply, picture)

    async def _picture(self, attached: Attached, onto: Adapter, attempt: int) -> Picture:
        adapter = self._adapters.get(attached.platform)
        if not (isinstance(adapter, Fetches) and isinstance(onto, ShowsPictures)):
            raise Unreadable
        if attached.file.kind != "picture":
            raise Unreadable
        picture = await self._patiently(adapter.picture(attached.file), attempt)
        if len(picture.data) > onto.largest_picture:
            raise Unreadable
        return picture

    async def _patiently(self, asked: Awaitable[T], attempt: int) -> T:
        """Return what is `asked`. Raises `Unreadable` when it cannot be had, or not for long."""
        try:
            return await in_time(asked, self._patience)
        except Gone:
            raise Unreadable from None
        except TryLater:
            if attempt >= _TRIES:
                raise Unreadable from None
            raise


def spoken(reply: Say) -> Say:
    """Return `reply` with words where its file would be."""
    return replace(reply, text=(*reply.text, *reply.otherwise))
