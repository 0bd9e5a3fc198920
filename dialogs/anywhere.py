"""What follows from words that work everywhere, and the current question asked once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from dialogs import cards, found
from dialogs.diagnosis.model import Diagnosis
from dialogs.library import ENGLISH
from dialogs.naming import ticket_name
from dialogs.replies import Forget
from dialogs.state import (
    Clarifying,
    Forgetting,
    Guiding,
    HandedOver,
    HandingOver,
    Idle,
    Lapsed,
    Listening,
    Retrying,
    State,
)
from dialogs.turn import Step, Turn

S = TypeVar("S", bound=State)


def again(turn: Turn, state: State, *before: str, briefly: bool = False) -> Step:
    """Say `before`, then where we are: the current question, or what is going on.

    `briefly` leaves out the message to send on, which stands a few lines above.
    """
    match state:
        case Idle():
            return Step(state, (turn.say(*(before or (turn.phrase("greeting"),))),))
        case HandingOver():
            return Step(state, (turn.say(*before, turn.phrase("waiting")),))
        case HandedOver(ticket=number):
            where = turn.phrase("with-people", ticket=ticket_name(number))
            return Step(state, (turn.say(*before, where),))
        case _:
            on = replace(state, token=turn.token)
            asked = cards.ask(turn, on, *before)
            return Step(on, (replace(asked, quote="") if briefly else asked,))


def arrived(turn: Turn, state: State) -> Step:
    """Somebody came: say what can be done here, or what this was about and where it stands."""
    return again(turn, state) if isinstance(state, Idle) else status(turn, state)


def outdated(turn: Turn, state: State) -> Step:
    """A button that is no longer the question: the current one stands, nothing is done twice."""
    if isinstance(state, Idle | HandingOver | HandedOver):
        more = (turn.phrase("send"),) if isinstance(state, Idle) else ()
        return again(turn, state, turn.phrase("outdated-idle"), *more)
    return again(turn, state, turn.phrase("outdated"))


def blank(turn: Turn, state: State, *, pictures: bool) -> Step:
    """Nothing that could be read came."""
    if isinstance(state, HandingOver | HandedOver | Retrying):
        return again(turn, state, turn.phrase("not-added"))
    return again(turn, state, turn.phrase("picture" if pictures else "empty"))


def first_step(turn: Turn, state: State) -> Step:
    """There is nothing to go back to."""
    more = (turn.phrase("send"),) if isinstance(state, Idle) else ()
    before = () if isinstance(state, HandingOver | HandedOver) else (turn.phrase("first-step"),)
    return again(turn, state, *before, *more)


def status(turn: Turn, state: State) -> Step:
    """Say what this is about, then where it stands."""
    match state:
        case Idle(ticket=int(number)):
            left = turn.phrase("status-ticket", ticket=ticket_name(number))
            return again(turn, state, left, turn.phrase("send"))
        case Idle():
            return again(turn, state, turn.phrase("status-idle"), turn.phrase("send"))
        case Clarifying() | Forgetting() | Lapsed():
            return again(turn, state)
        case _:
            return again(turn, state, *_about(turn, state.case.diagnosis))


def explain(turn: Turn, state: Clarifying | Guiding | Listening) -> Step:
    """Say once more what is broken and who can fix it, or may be, then what is asked."""
    known = state.case.diagnosis
    if isinstance(state, Clarifying):
        return again(turn, state, *(turn.meant_by(cause, known) for cause in state.causes))
    return again(turn, state, *(turn.verdict(known) if known.cause else _about(turn, known)))


def where(turn: Turn, state: State) -> Step:
    """Say where the page is that the step is about, or the error text that is asked for."""
    place = "where-error"
    if isinstance(state, Guiding):
        step = turn.book.playbook(state.cause, ENGLISH).steps[state.step]
        place = "where" if step.link == "connections" else place
    return aside(turn, state, place)


def aside(turn: Turn, state: State, phrase: str) -> Step:
    """Answer beside the question, which stays open as it stands."""
    return Step(state, (turn.say(turn.phrase(phrase)),))


def help_words(turn: Turn, state: State) -> Step:
    """Say what can be typed."""
    more = (turn.phrase("send"),) if isinstance(state, Idle) else ()
    return again(turn, state, turn.phrase("help"), *more)


def speak(turn: Turn, state: State, language: str) -> Step:
    """Go on in `language` where the library has it."""
    book = turn.book
    if language not in book.languages:
        spoken = ", ".join(book.words[known].name for known in book.languages)
        return again(turn, state, turn.phrase("no-language", languages=spoken))
    turned, on = replace(turn, language=language), in_language(state, language)
    more = (turned.phrase("send"),) if isinstance(on, Idle) else ()
    return again(turned, on, turned.phrase("language"), *more)


def start_over(turn: Turn, state: State) -> Step:
    """Drop the case; a ticket stays where it is, and one on its way is waited for."""
    on = Idle(language=state.language)
    match state:
        case HandingOver():
            return Step(state, (turn.say(turn.phrase("busy")),))
        case HandedOver(ticket=int(left)) | Retrying(ticket=int(left)) | Idle(ticket=int(left)):
            said = turn.say(turn.phrase("cleared-ticket", ticket=ticket_name(left)))
            return Step(replace(on, ticket=left), (said,))
        case _:
            return Step(on, (turn.say(turn.phrase("cleared")),))


def ask_to_forget(turn: Turn, state: State) -> Step:
    """Ask before everything is deleted; a ticket on its way is waited for."""
    if isinstance(state, HandingOver):
        return Step(state, (turn.say(turn.phrase("busy")),))
    if isinstance(state, Forgetting):
        return again(turn, state)
    by = turn.event.origin.user
    on = Forgetting(language=turn.language, token=turn.token, by=by, back_to=state)
    return Step(on, (cards.ask(turn, on),))


def forget(turn: Turn) -> Step:
    """Delete everything; `Forgotten` says so when it is done."""
    return Step(Idle(language=turn.language), effects=(Forget(),))


def keep(turn: Turn, state: Forgetting) -> Step:
    """Nothing is deleted, and all goes on where it was."""
    if isinstance(state.back_to, Idle):
        return again(turn, state.back_to, turn.phrase("kept"), turn.phrase("send"))
    return again(turn, state.back_to, turn.phrase("kept"))


def in_language(state: S, language: str) -> S:
    """Return `state` as it goes on in `language`."""
    if isinstance(state, Forgetting):
        return replace(state, language=language, back_to=in_language(state.back_to, language))
    if isinstance(state, Lapsed):
        return replace(state, language=language, back_to=replace(state.back_to, language=language))
    return replace(state, language=language)


def _about(turn: Turn, diagnosis: Diagnosis) -> tuple[str, ...]:
    title = turn.title(diagnosis)
    if title is None:
        return ()
    return (turn.phrase("status", title=title, **found.in_sentences(diagnosis)),)
