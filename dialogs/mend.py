"""A stored state after the content has changed: what is no longer there is led back to what is."""

from __future__ import annotations

from dataclasses import replace

from dialogs.case import Case
from dialogs.library import ENGLISH, Library
from dialogs.state import (
    Clarifying,
    Fixed,
    Forgetting,
    Guiding,
    HandedOver,
    HandingOver,
    Idle,
    Lapsed,
    Listening,
    Offering,
    Retrying,
    State,
)


def fitting(state: State, book: Library) -> State:
    """Return `state` with every cause, look-alike and step of it in `book`."""
    match state:
        case Idle():
            return state
        case Forgetting(back_to=before):
            back_to = fitting(before, book)
            if isinstance(back_to, Forgetting | HandingOver):
                return back_to
            return replace(state, back_to=back_to)
        case Lapsed(back_to=before):
            waiting = fitting(before, book)
            if isinstance(waiting, Clarifying | Guiding | Listening):
                return replace(state, back_to=waiting)
            return waiting
        case Guiding() | Listening() | Fixed():
            return _at_a_step(replace(state, case=_case(state.case, book)), book)
        case Clarifying():
            causes = tuple(cause for cause in state.causes if cause in book.causes)
            return replace(state, case=_case(state.case, book), causes=causes)
        case Offering() | HandingOver() | HandedOver() | Retrying():
            return replace(state, case=_case(state.case, book))


def _at_a_step(state: Guiding | Listening | Fixed, book: Library) -> State:
    if isinstance(state, Fixed) and state.ticket is not None:
        return state
    if state.cause not in book.causes:
        return Offering(language=state.language, case=state.case, token=state.token)
    steps = book.playbook(state.cause, ENGLISH).steps
    if state.step not in steps:
        return replace(state, step=book.playbook(state.cause, ENGLISH).start, trail=())
    return replace(state, trail=tuple(step for step in state.trail if step in steps))


def _case(case: Case, book: Library) -> Case:
    read = case.diagnosis
    return replace(
        case,
        diagnosis=replace(
            read,
            cause=read.cause if read.cause in book.causes else None,
            kind=read.kind if read.kind in book.kinds else None,
            also=tuple(cause for cause in read.also if cause in book.causes),
        ),
    )
