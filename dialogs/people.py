"""What follows when people have the case: the desk's answers, and words for the desk."""

from __future__ import annotations

from dataclasses import replace

from dialogs import cards, casework
from dialogs.diagnosis.model import Diagnosis
from dialogs.events import TicketOpened, TicketReopened, TicketResolved
from dialogs.moves import hand_over
from dialogs.replies import AddToTicket, ReopenTicket
from dialogs.state import Fixed, HandedOver, HandingOver, Offering, State
from dialogs.turn import Step, Turn

_EARLIER = {
    TicketOpened: "opened-earlier",
    TicketResolved: "resolved-earlier",
    TicketReopened: "reopened-earlier",
}


def call_people(turn: Turn) -> Step:
    """Somebody asks for a person and has not said why."""
    nothing = Diagnosis(text="", auth_failure=False, confidence="unsure")
    return hand_over(turn, casework.opened(turn.event, nothing))


def keep(turn: Turn, state: HandingOver) -> Step:
    """Keep words for the ticket that is not open yet."""
    on = replace(
        state,
        language=turn.language,
        case=casework.noted(state.case, turn.words),
        later=(*state.later, turn.words),
    )
    return Step(on, (turn.say(turn.phrase("waiting")),))


def opened(turn: Turn, state: HandingOver, number: int) -> Step:
    """The desk has it; what was written meanwhile follows."""
    on = HandedOver(language=state.language, case=state.case, ticket=number)
    late = (AddToTicket(number=number, text="\n\n".join(state.later)),) if state.later else ()
    return Step(on, (turn.say(_about(turn, "opened", number)),), late)


def refused(turn: Turn, state: HandingOver | HandedOver) -> Step:
    """The desk did not take it, or not again: name another way, and leave this one open."""
    on = Offering(language=state.language, case=state.case, token=turn.token)
    contact = turn.book.policy.contact
    text = [turn.phrase("refused")]
    text += [turn.phrase("contact", contact=contact)] if contact else []
    return Step(on, (cards.question(turn, on, *text),))


def resolved(turn: Turn, state: HandedOver) -> Step:
    """The desk says it is solved; one press opens it again."""
    on = Fixed(language=state.language, case=state.case, token=turn.token, ticket=state.ticket)
    return Step(on, (cards.ask(turn, on),))


def reopened(turn: Turn, state: HandedOver | Fixed, number: int) -> Step:
    """The ticket is open again."""
    on = HandedOver(language=state.language, case=state.case, ticket=number)
    return Step(on, (turn.say(_about(turn, "reopened", number)),))


def earlier(
    turn: Turn, state: State, event: TicketOpened | TicketResolved | TicketReopened
) -> Step:
    """Something happened to a ticket that this conversation is no longer about."""
    return Step(state, (turn.say(_about(turn, _EARLIER[type(event)], event.number)),))


def add(turn: Turn, state: HandedOver, phrase: str = "added") -> Step:
    """Pass words on to whoever has the ticket."""
    on = replace(state, language=turn.language, case=casework.noted(state.case, turn.words))
    words = AddToTicket(number=state.ticket, text=turn.words)
    return Step(on, (turn.say(_about(turn, phrase, state.ticket)),), (words,))


def reopen(turn: Turn, state: Fixed, number: int, words: str = "") -> Step:
    """What people solved fails again: the same ticket, never a second one; `words` go along."""
    on = HandedOver(language=turn.language, case=casework.noted(state.case, words), ticket=number)
    more = (AddToTicket(number=number, text=words),) if words else ()
    effects = (ReopenTicket(number=number), *more)
    return Step(on, (turn.say(_about(turn, "reopening", number)),), effects)


def _about(turn: Turn, phrase: str, number: int) -> str:
    return turn.phrase(phrase, ticket=cards.ticket_name(number))
