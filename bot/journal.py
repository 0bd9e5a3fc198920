"""What is counted: one note for each turn, without anybody's words."""

from __future__ import annotations

from bot.storage import Note
from dialogs.case import Case
from dialogs.events import Event
from dialogs.state import Forgetting, Idle, Lapsed, State


def note(event: Event, state: State) -> Note:
    """Return what the journal keeps of `event`, which led to `state`."""
    case = _case(state)
    diagnosis = case.diagnosis if case else None
    return Note(
        event=type(event).__name__,
        outcome=type(state).__name__,
        language=state.language,
        cause=diagnosis.cause if diagnosis else None,
        confidence=diagnosis.confidence if diagnosis else None,
    )


def _case(state: State) -> Case | None:
    match state:
        case Idle():
            return None
        case Forgetting(back_to=before) | Lapsed(back_to=before):
            return _case(before)
        case _:
            return state.case
