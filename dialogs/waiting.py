"""What follows when nobody answers: the question once more, then an end that one press undoes."""

from __future__ import annotations

from dataclasses import replace

from dialogs import cards
from dialogs.anywhere import again
from dialogs.events import Elapsed
from dialogs.replies import Effect, SetTimer, StopTimer
from dialogs.state import Clarifying, Guiding, Lapsed, Listening, State
from dialogs.turn import Step, Turn

Waiting = Clarifying | Guiding | Listening
"""States in which the person was asked to do something. In all others silence is an answer."""


def remind(turn: Turn, state: Waiting) -> Step:
    """Ask the question once more."""
    return again(turn, state, turn.phrase("remind"))


def close(turn: Turn, state: Waiting) -> Step:
    """Stop waiting; everything stays for when the person comes back."""
    on = Lapsed(language=state.language, token=turn.token, back_to=state)
    return Step(on, (cards.ask(turn, on),))


def timed(before: State, step: Step, turn: Turn) -> Step:
    """Return `step` with the timer that its state calls for in place of the one of `before`."""
    policy = turn.book.policy
    if not (policy.remind_after or policy.close_after):
        return step
    effect = _timer(step.state, turn)
    if effect is None and isinstance(before, Waiting):
        effect = StopTimer()
    return replace(step, effects=(*step.effects, effect)) if effect else step


def _timer(state: State, turn: Turn) -> Effect | None:
    if not isinstance(state, Waiting):
        return None
    remind, close = turn.book.policy.remind_after, turn.book.policy.close_after
    reminded = isinstance(turn.event, Elapsed)
    if remind and not reminded:
        return SetTimer(timer="remind", at=turn.event.at + remind)
    if close:
        spent = remind if remind and reminded else None
        return SetTimer(timer="close", at=turn.event.at + (close - spent if spent else close))
    return None
