"""What a platform shows beside the conversations, and who knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dialogs.events import Origin
from dialogs.replies import Say


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case of somebody's that is not over."""

    conversation: str
    title: str
    """What is broken."""
    stands: str
    """Where it is: the step, or the ticket."""


class Pages(Protocol):
    """Looks up what is shown there. Every method may raise `TryLater`."""

    async def open_cases(self, origin: Origin) -> Sequence[OpenCase]:
        """Return the open cases of whoever spoke, newest first."""
        ...

    def explain(self, code: str, origin: Origin) -> Say:
        """Return what an error code means and who can fix it; or that nobody here knows it."""
        ...

    def phrase(self, name: str, origin: Origin) -> str:
        """Return one of the bot's own phrases in the person's language."""
        ...
