"""What follows when people have the case: the desk's answers, and words for the desk."""

from __future__ import annotations

from dataclasses import replace

from dialogs import cards, casework, enclosures
from dialogs.diagnosis.model import Diagnosis
from dialogs.events import (
    TicketAnswered,
    TicketClaimed,
    TicketClosed,
    TicketDelayed,
    TicketOpened,
    TicketPassed,
    TicketReopened,
    TicketResolved,
    TicketRetry,
    TicketUnsaid,
    TicketWaits,
)
from dialogs.marks import readable
from dialogs.moves import hand_over, with_ticket
from dialogs.naming import ticket_name
from dialogs.replies import AddToTicket, ReopenTicket, WithdrawTicket
from dialogs.state import Fixed, HandedOver, HandingOver, Idle, Offering, Retrying, State
from dialogs.turn import Step, Turn

News = (
    TicketOpened
    | TicketResolved
    | TicketReopened
    | TicketClaimed
    | TicketRetry
    | TicketWaits
    | TicketClosed
)
"""What the desk says of a ticket, for a conversation that it asks nothing of."""

_TOLD: dict[type[News], str] = {
    TicketOpened: "opened-earlier",
    TicketResolved: "resolved-earlier",
    TicketReopened: "reopened-earlier",
    TicketClaimed: "claimed",
    TicketRetry: "retry",
    TicketWaits: "waits",
    TicketClosed: "closed-silence",
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
        later=(*state.later, turn.words) if turn.words else state.later,
    )
    return Step(on, (turn.say(turn.phrase("waiting")),))


def opened(turn: Turn, state: HandingOver, number: int) -> Step:
    """The desk has it; what was written meanwhile follows."""
    case, files = enclosures.following(state.case, number)
    on = HandedOver(language=state.language, case=case, ticket=number)
    late = (AddToTicket(number=number, text="\n\n".join(state.later)),) if state.later else ()
    too = (turn.phrase("files-follow"),) if files else ()
    said = turn.say(_about(turn, "opened", number), *too, *_back(turn))
    return Step(on, (said,), (*late, *files))


def _back(turn: Turn) -> tuple[str, ...]:
    """Say when people are there again, if they are not now."""
    hours = turn.book.policy.hours
    opens = hours.opens(turn.event.at) if hours else None
    if hours is None or opens is None:
        return ()
    local = opens.astimezone(hours.zone)
    month = turn.book.words[turn.language].months[local.month - 1]
    when = turn.phrase("date", day=local.day, month=month, time=f"{local:%H:%M %Z}")
    return (turn.phrase("back-at", when=when),)


def refused(turn: Turn, state: HandingOver) -> Step:
    """The desk did not take it: name another way, and leave this one open."""
    on = Offering(language=state.language, case=state.case, token=turn.token)
    return Step(on, (cards.question(turn, on, turn.phrase("refused"), *_contact(turn)),))


def renew(turn: Turn, state: HandedOver) -> Step:
    """The ticket cannot be opened again: people get a new one, with all that the old one held."""
    return with_ticket(turn, state.case, _about(turn, "renewed", state.ticket))


def _contact(turn: Turn) -> tuple[str, ...]:
    """Say how else to reach people, where the deployer has named a way."""
    contact = turn.book.policy.contact
    return (turn.phrase("contact", contact=contact),) if contact else ()


def resolved(turn: Turn, state: HandedOver | Retrying) -> Step:
    """The desk says it is solved; one press opens it again."""
    on = _fixed(turn, state, state.language)
    return Step(on, (cards.ask(turn, on),))


def reopened(turn: Turn, state: HandedOver | Fixed, number: int) -> Step:
    """The ticket is open again."""
    on = HandedOver(language=state.language, case=state.case, ticket=number)
    return Step(on, (turn.say(_about(turn, "reopened", number), *_back(turn)),))


def closed(turn: Turn, state: HandedOver | Retrying) -> Step:
    """Nobody answered the desk; one press opens it again."""
    return _ended(turn, state, "closed-silence")


def withdraw(turn: Turn, state: HandedOver | Retrying) -> Step:
    """The requester needs nobody any more."""
    ended = _ended(turn, state, "withdrawn-ticket")
    return replace(ended, effects=(WithdrawTicket(number=state.ticket),))


def works(turn: Turn, state: HandedOver | Retrying) -> Step:
    """The requester says that it works."""
    ended = _ended(turn, state, "works-ticket")
    return replace(ended, effects=(WithdrawTicket(number=state.ticket, solved=True),))


def _ended(turn: Turn, state: HandedOver | Retrying, phrase: str) -> Step:
    on = _fixed(turn, state, turn.language)
    text = (_about(turn, phrase, state.ticket), *turn.asides())
    return Step(on, (cards.question(turn, on, *text),))


def _fixed(turn: Turn, state: HandedOver | Retrying, language: str) -> Fixed:
    return Fixed(
        language=language,
        case=state.case,
        token=turn.token,
        ticket=state.ticket,
        since=turn.event.at,
    )


def retry(turn: Turn, state: HandedOver) -> Step:
    """The desk asks to try once more."""
    on = Retrying(language=state.language, case=state.case, token=turn.token, ticket=state.ticket)
    return Step(on, (cards.ask(turn, on),))


def retry_fails(turn: Turn, state: Retrying) -> Step:
    """It was tried once more and still fails: the desk hears it."""
    words = AddToTicket(number=state.ticket, text=turn.phrase("still-fails"))
    said = turn.say(_about(turn, "retry-fails", state.ticket))
    return Step(without_question(state), (said,), (words,))


def without_question(state: Retrying) -> HandedOver:
    """Return `state` with nothing asked."""
    return HandedOver(language=state.language, case=state.case, ticket=state.ticket)


def answered(turn: Turn, state: State, event: TicketAnswered) -> Step:
    """Show what an expert says, as it was written."""
    phrase = "corrected" if event.corrected else "answered"
    said = turn.say(_about(turn, phrase, event.number))
    shown = replace(said, quote=readable(event.text, turn.book, turn.language), line=event.line)
    return Step(state, (replace(shown, change="edit") if event.corrected else shown,))


def unsaid(turn: Turn, state: State, event: TicketUnsaid) -> Step:
    """An expert takes back what they said."""
    said = turn.say(_about(turn, "unsaid", event.number))
    return Step(state, (replace(said, line=event.line, change="unsay"),))


def delayed(turn: Turn, state: State, event: TicketDelayed) -> Step:
    """It takes longer: say so, and how else to reach people."""
    said = turn.say(_about(turn, event.why, event.number), *_contact(turn))
    return Step(state, (said,))


def passed(turn: Turn, state: State, event: TicketPassed) -> Step:
    """Somebody else has it now, or nobody has."""
    return Step(state, (turn.say(_about(turn, f"passed-{event.to}", event.number)),))


def withdraw_left(turn: Turn, number: int) -> Step:
    """The requester has left the case, and needs nobody for it any more."""
    said = turn.say(_about(turn, "withdrawn-earlier", number))
    return Step(Idle(language=turn.language), (said,), (WithdrawTicket(number=number),))


def ended_left(turn: Turn, state: Idle, event: TicketResolved | TicketClosed) -> Step:
    """People are done with the case that was left: there is nothing to withdraw any more."""
    return news(turn, replace(state, ticket=None), event)


def news(turn: Turn, state: State, event: News) -> Step:
    """Say what happened to a ticket, this conversation's or an earlier one; nothing is asked."""
    return Step(state, (turn.say(_about(turn, _TOLD[type(event)], event.number)),))


def add(turn: Turn, state: HandedOver, phrase: str = "added") -> Step:
    """Pass words on to whoever has the ticket."""
    on = replace(state, language=turn.language, case=casework.noted(state.case, turn.words))
    passed = AddToTicket(number=state.ticket, text=turn.words, of=turn.event.id)
    words = (passed,) if turn.words else ()
    return Step(on, (turn.say(_about(turn, phrase, state.ticket)),), words)


def add_files(turn: Turn, state: HandedOver) -> Step:
    """Pass on what came without a word; see `enclosures`."""
    return Step(state, (turn.say(_about(turn, "adding-files", state.ticket)),))


def reopen(turn: Turn, state: Fixed, number: int, words: str = "") -> Step:
    """What people solved fails again: the same ticket, never a second one; `words` go along."""
    on = HandedOver(language=turn.language, case=casework.noted(state.case, words), ticket=number)
    again = ReopenTicket(number=number, text=words)
    return Step(on, (turn.say(_about(turn, "reopening", number)),), (again,))


def _about(turn: Turn, phrase: str, number: int) -> str:
    return turn.phrase(phrase, ticket=ticket_name(number))
