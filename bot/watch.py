"""Who looks on while turns are taken and replies delivered: the port of metrics."""

from __future__ import annotations

from typing import Protocol

from bot.storage import Decision, Outgoing
from dialogs.events import Event


class Watch(Protocol):
    """Told of everything that happened, after it happened. Never raises, never waits."""

    def ingested(self, event: Event, seconds: float) -> None:
        """Tell how long whoever sent an event waited for its answer."""
        ...

    def turned(self, event: Event, decision: Decision | None, seconds: float) -> None:
        """Tell of an event that was stored, or (without a decision) had been before."""
        ...

    def refused(self, event: Event) -> None:
        """Tell of an event that could not be stored."""
        ...

    def failed(self, event: Event) -> None:
        """Tell of an event that met a bug."""
        ...

    def delivered(self, outgoing: Outgoing, seconds: float) -> None:
        """Tell of a reply or an effect that was done, and how long doing it took."""
        ...

    def postponed(self, outgoing: Outgoing) -> None:
        """Tell of one that is tried again later."""
        ...

    def given_up(self, outgoing: Outgoing) -> None:
        """Tell of one that was put aside for good."""
        ...


class Unwatched:
    """Nobody looks."""

    def ingested(self, event: Event, seconds: float) -> None:
        """See `Watch.ingested`."""

    def turned(self, event: Event, decision: Decision | None, seconds: float) -> None:
        """See `Watch.turned`."""

    def refused(self, event: Event) -> None:
        """See `Watch.refused`."""

    def failed(self, event: Event) -> None:
        """See `Watch.failed`."""

    def delivered(self, outgoing: Outgoing, seconds: float) -> None:
        """See `Watch.delivered`."""

    def postponed(self, outgoing: Outgoing) -> None:
        """See `Watch.postponed`."""

    def given_up(self, outgoing: Outgoing) -> None:
        """See `Watch.given_up`."""
