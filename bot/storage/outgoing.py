"""What is decided and not yet done: deliveries and timers, and who sees to them.

Times are integer milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.events import Event, Origin, Timer
from dialogs.replies import Ask, Effect, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question as a platform shows it, kept until it is answered."""

    message: str
    """The platform's id of it."""
    asked: Ask
    route: str = ""
    """The way to its thread as the platform has told it, as JSON; "" when it has told nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Something decided and not yet done, leased to one worker until `leased_until`."""

    id: int
    key: str
    """`<cause id>:<n>`: the same for the same thing, however often it is tried."""
    lane: str
    """What is in one lane is done one after the other."""
    origin: Origin
    item: Reply | Effect | Event
    """An event is what another aggregate has to tell this conversation."""
    attempts: int
    """How often it was tried, this time included."""
    leased_until: int
    shown: Shown | None = None
    """Where the card is shown that it changes, or in whose thread it is said."""
    before: Shown | None = None
    """What was said before in the place that it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer of a conversation that has run out."""

    origin: Origin
    timer: Timer
    at: int
    """When it was to run out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What a worker that takes a turn is ready to deliver itself."""

    platforms: frozenset[str]
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The part of the outbox that a worker takes care of."""

    platforms: frozenset[str] = frozenset()
    """Whose replies it can send. Effects and events it takes from everywhere."""
    conversation: str | None = None
    """Only this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits to be delivered, and what was given up."""

    waiting: int
    oldest: int | None
    """When the oldest of it was to be delivered; None when nothing waits."""
    dead: int
