"""A card whose question is over is put to rest: it shows what answered it."""

from __future__ import annotations

from dataclasses import replace

from dialogs.events import TicketOpened, TicketReopened, TicketResolved
from dialogs.meaning import Answered, Doubtful, Meaning, Reported, Unrelated, Withdrawn
from dialogs.replies import Settle
from dialogs.state import HandedOver, HandingOver, Idle, State
from dialogs.turn import Step, Turn


def settled(state: State, step: Step, meaning: Meaning, turn: Turn) -> Step:
    """Return `step` with the card of the question that it leaves behind put to rest first."""
    old, new = token(state), token(step.state)
    if old is None or old == new:
        return step
    answer = meaning.label if isinstance(meaning, Answered) else turn.phrase(_rest(meaning, new))
    rest = Settle(token=old, answer=answer, by=turn.event.origin.user)
    return replace(step, replies=(rest, *step.replies))


def _rest(meaning: Meaning, new: str | None) -> str:
    """Name the phrase that stands where the buttons were."""
    match meaning:
        case Reported() | Doubtful() | Unrelated():
            return "replaced"
        case TicketOpened() | TicketResolved() | TicketReopened():
            return "closed"
        case Withdrawn():
            return "withdrawn"
        case _:
            return "asked-again" if new else "dropped"


def token(state: State) -> str | None:
    """Return the token of the question that `state` asks; None when it asks nothing."""
    return None if isinstance(state, Idle | HandingOver | HandedOver) else state.token
