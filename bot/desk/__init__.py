"""Where tickets go: the port."""

from __future__ import annotations

from typing import Protocol

from dialogs.events import Origin
from dialogs.replies import AddToTicket, OpenTicket, ReopenTicket, WithdrawTicket


class Refused(Exception):
    """The desk will not do this, however often it is asked."""


class Desk(Protocol):
    """A place where people take up what the bot could not solve.

    Every method may be called again with the same `key` and then does nothing more. Each raises
    `Refused`, or `adapters.base.TryLater` when asking again may help.
    """

    async def open(self, key: str, origin: Origin, wanted: OpenTicket) -> int:
        """Open a ticket for whoever `origin` is and return its number.

        It may be one that was solved: the same person has the same problem again.
        """
        ...

    async def add(self, key: str, origin: Origin, wanted: AddToTicket) -> None:
        """Write something further on a ticket."""
        ...

    async def reopen(self, key: str, origin: Origin, wanted: ReopenTicket) -> None:
        """Open a resolved ticket again, with what was said; one that is open takes the words."""
        ...

    async def withdraw(self, key: str, origin: Origin, wanted: WithdrawTicket) -> None:
        """Close a ticket that the requester needs no more; one that is closed stays so."""
        ...
