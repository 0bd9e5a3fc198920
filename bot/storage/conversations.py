"""A conversation as it is kept, and what one event changes in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.storage.outgoing import Outgoing
from dialogs.replies import Effect, Reply
from dialogs.state import State


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A conversation as it stands."""

    state: State
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A conversation that somebody takes part in."""

    conversation: str
    state: State
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the journal keeps of a turn: nothing that anybody wrote."""

    event: str
    outcome: str
    language: str
    cause: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """All that one event changes; written whole or not at all."""

    state: State
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...]
    note: Note
    handed: tuple[Outgoing, ...] = ()
    """The part of it that the store leased to whoever took the turn, in order."""


Decide = Callable[[State], Decision]
"""Pure: it may run on any thread, and again when a race was lost."""
