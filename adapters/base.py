"""What a platform must be able to do, and how it may fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from dialogs.events import Event, File, Origin
from dialogs.replies import Picture, Reply

if TYPE_CHECKING:
    from aiohttp import web


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: the conversation's thread, a new post, or a direct message."""

    origin: Origin
    where: Literal["thread", "post", "direct"] = "thread"
    key: str = ""
    """The same for the same reply, however often it is sent."""
    shown: str = ""
    """For a `Settle`: the platform's id of the question that it changes, if that was shown."""
    again: bool = False
    """True when it was tried before: it may have arrived, although nobody said so."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform said when it took a reply."""

    route: Mapping[str, str] = field(default_factory=dict)
    """The way back as it is now."""
    message: str = ""
    """The platform's id of what was shown, so that it can be edited later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the presser must be shown in this very response."""

    replies: Mapping[str, Reply] = field(default_factory=dict)
    """In order, by the key under which each is sent as well: see `Place.key`."""
    outcome: str = field(default="", compare=False)
    """What the state of the conversation is called from now on; "" when nothing was decided."""


Handler = Callable[[Event], Awaitable[Answer]]
"""Takes an event; returns after it is stored. Raises `TryLater` when it could not be."""


class Adapter(Protocol):
    """A chat platform. Beside it stand `parse(payload) -> Event | None` and `render(reply)`."""

    @property
    def name(self) -> str:
        """The platform's name, as in `Origin.platform`."""
        ...

    def connect(
        self, http: web.Application | None, handle: Handler
    ) -> AbstractAsyncContextManager[None]:
        """Pass every event to `handle` for as long as the context is open."""
        ...

    async def send(self, place: Place, reply: Reply) -> Receipt:
        """Show `reply` at `place`. Raises `TryLater` or `Gone`."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """A platform whose files can be read. Every method raises `TryLater` or `Gone`."""

    async def fetch(self, file: File) -> str:
        """Return the text of `file`, as much of it as is read."""
        ...

    async def picture(self, file: File) -> Picture:
        """Return the picture that `file` is, all of it."""
        ...


@runtime_checkable
class ShowsPictures(Protocol):
    """A platform that shows a `Pictured`; `send` may raise `Unshown` as well."""

    @property
    def largest_picture(self) -> int:
        """How many bytes of one it takes."""
        ...


class DeliveryError(Exception):
    """A reply did not arrive."""


class TryLater(DeliveryError):
    """It may arrive after `seconds` (0: nobody said): rate limit, time-out, a 5xx."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


class Unshown(DeliveryError):
    """The picture that goes with the reply is not taken; its words may be."""


class Gone(DeliveryError):
    """It never will: the channel was deleted, the bot was removed."""
