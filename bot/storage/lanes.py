"""What stands in the outbox: of which kind each item is, and behind what it waits. Pure."""

from __future__ import annotations

from typing import Literal

from dialogs.events import Event
from dialogs.replies import Effect, Fetch, Forget, Reply

Item = Reply | Effect | Event
Kind = Literal["reply", "fetch", "effect", "event"]

OF_PLATFORMS: tuple[Kind, ...] = ("reply", "fetch")
"""What only a process that knows the platform can do; the rest anybody can."""
EFFECTS = ":fx"
"""What the lane beside a conversation's own has behind its name."""


def kind_of(item: Item) -> Kind:
    """Return what `item` is to whoever delivers."""
    if isinstance(item, Event):
        return "event"
    if isinstance(item, Fetch):
        return "fetch"
    return "effect" if isinstance(item, Effect) else "reply"


def lane_of(item: Item, conversation: str) -> str:
    """Return the lane of `item`: forgetting waits for the replies before it, as no effect else."""
    if isinstance(item, Reply | Forget):
        return conversation
    return effects_lane(conversation)


def effects_lane(conversation: str) -> str:
    """Return the lane of what may take long, so that replies do not wait for it."""
    return f"{conversation}{EFFECTS}"
