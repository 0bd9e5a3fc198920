"""What follows from what happens beside the talk: edits, deletions, looks, other people."""

from __future__ import annotations

from dataclasses import replace

from dialogs import casework, found, moves
from dialogs.diagnosis.model import Diagnosis
from dialogs.events import Edited
from dialogs.meaning import Corrected, Doubtful, Reported
from dialogs.replies import AddToTicket, Say
from dialogs.state import (
    Clarifying,
    Guiding,
    HandedOver,
    HandingOver,
    Idle,
    Listening,
    Offering,
    Retrying,
    State,
)
from dialogs.turn import Step, Turn
from dialogs.words import fill


def not_yours(turn: Turn, state: State) -> Step:
    """Somebody else's question: say so to them alone."""
    return Step(state, (Say(text=(turn.phrase("not-yours"),), to="presser"),))


def corrected(
    turn: Turn, state: Clarifying | Guiding | Listening | Offering, meaning: Corrected
) -> Step:
    """The message that began the case says something else now: it is read anew."""
    read = meaning.reading
    changed = turn.phrase("edited")
    match read:
        case Reported():
            return moves.pursue(turn, state.case, read.diagnosis, changed)
        case Doubtful():
            return moves.clarify(turn, casework.reread(state.case, read.diagnosis), read.diagnosis)
        case _:
            return moves.go_on(turn, state.case, read)


def tell_people(turn: Turn, state: HandedOver | Retrying, phrase: str) -> Step:
    """People have the case: they hear what became of the message that began it."""
    words = turn.phrase(phrase, text=turn.words)
    on = replace(state, case=casework.noted(state.case, words))
    return Step(on, effects=(AddToTicket(number=state.ticket, text=words),))


def rewrite(turn: Turn, state: HandedOver | Retrying) -> Step:
    """What was passed on to people was edited: so is what they have of it."""
    on = replace(state, case=casework.noted(state.case, turn.words))
    of = turn.event.of if isinstance(turn.event, Edited) else ""
    changed = AddToTicket(number=state.ticket, text=turn.words, of=of, change="edit")
    hidden = turn.asides()  # a secret may have come with the edit
    return Step(on, (Say(text=hidden),) if hidden else (), (changed,))


def unsay(state: HandedOver | Retrying, of: str) -> Step:
    """What was passed on to people was taken back: so is what they have of it."""
    return Step(state, effects=(AddToTicket(number=state.ticket, of=of, change="unsay"),))


def keep_for_people(turn: Turn, state: HandingOver, phrase: str) -> Step:
    """People are about to have the case: they hear it with the rest."""
    words = turn.phrase(phrase, text=turn.words)
    return Step(replace(state, later=(*state.later, words)))


def withdrawn(state: State) -> Step:
    """The message that began the case is gone, and nobody has it yet: so is the case."""
    return Step(Idle(language=state.language))


def look(turn: Turn, state: State, diagnosis: Diagnosis) -> Step:
    """Say what a message says, to whoever asked alone."""
    return Step(state, (replace(_seen(turn, diagnosis), to="presser"),))


def _seen(turn: Turn, diagnosis: Diagnosis) -> Say:
    facts = found.facts(diagnosis, turn.book, turn.language)
    title = turn.phrase("facts") if facts else ""
    return Say(text=(*_about(turn, diagnosis), *turn.asides()), facts=facts, facts_title=title)


def _about(turn: Turn, diagnosis: Diagnosis) -> tuple[str, ...]:
    if not turn.words:
        return (turn.phrase("empty"),)
    if diagnosis.auth_failure and diagnosis.cause and diagnosis.confidence != "unsure":
        return turn.verdict(diagnosis)
    if diagnosis.auth_failure:
        return (turn.phrase("open-cause"),)
    if diagnosis.kind is None:
        return (turn.phrase("none"),)
    other = turn.book.lookalike(diagnosis.kind, turn.language)
    return (fill(other.says, found.in_sentences(diagnosis)),)
