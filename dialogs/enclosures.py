"""Files that come with messages: read as words, or passed on to people, or kept until there are
people to pass them on to.
"""

from __future__ import annotations

from dataclasses import replace

from dialogs.anywhere import again
from dialogs.case import Case
from dialogs.events import File, Said, TicketAnswered, TicketUnpassed
from dialogs.excerpt import excerpt
from dialogs.marks import readable
from dialogs.naming import ticket_name
from dialogs.replies import AddToTicket, Effect, Fetch, Link, Say
from dialogs.state import Fixed, Forgetting, HandedOver, Idle, Lapsed, Retrying, State
from dialogs.turn import Step, Turn

_WITH_PEOPLE = HandedOver | Retrying
_MOST = 10
"""Files that are kept with a case, the newest."""


def enclosed(turn: Turn, before: State, step: Step) -> Step:
    """Return `step` with what is to be done with the files of its message."""
    event = turn.event
    if not isinstance(event, Said) or not event.files:
        return step
    with_people = next((it for it in (step.state, before) if isinstance(it, _WITH_PEOPLE)), None)
    if with_people is not None:
        passed = (AddToTicket(number=with_people.ticket, file=file) for file in event.files)
        return replace(step, effects=(*step.effects, *passed))
    if not event.addressed and isinstance(step.state, Idle | Fixed):
        return step  # nothing is open that they could be for
    asked = [Fetch(file=file) for file in event.files if file.kind == "text"]
    others = [file for file in event.files if file.kind != "text"]
    return Step(_keeping(step.state, others), step.replies, (*step.effects, *asked))


def unread(turn: Turn, state: State, file: File) -> Step:
    """A file could not be read: people may make something of it."""
    other = replace(file, kind="other")
    if isinstance(state, _WITH_PEOPLE):
        # Silent: whoever sent it hears of it as `unpassed`, once the desk has its name.
        return Step(state, effects=(AddToTicket(number=state.ticket, file=other),))
    return again(turn, _keeping(state, [other]), turn.phrase("file-unread"))


def _keeping(state: State, files: list[File]) -> State:
    """Return `state` with `files` in its case, if it has one."""
    if not files or isinstance(state, Idle | Forgetting | Lapsed):
        return state
    case = state.case
    kept = (*case.files, *(file for file in files if file not in case.files))[-_MOST:]
    return replace(state, case=replace(case, files=kept))


def following(case: Case, number: int) -> tuple[Case, tuple[Effect, ...]]:
    """Return `case` without its files, and what passes them on to the ticket `number`."""
    passed = tuple(AddToTicket(number=number, file=file) for file in case.files)
    return replace(case, files=()), passed


def from_people(turn: Turn, state: State, event: TicketAnswered) -> Step:
    """Show what an expert has sent: the words in it, a picture, or what it is called."""
    if event.file is None:
        return Step(state)
    file, ticket = event.file.file, ticket_name(event.number)
    name = readable(file.name, turn.book, turn.language)
    said = Say(text=(turn.phrase("answered-file", ticket=ticket),), facts=(name,))
    if event.text:
        shown, cut = excerpt(readable(event.text, turn.book, turn.language))
        text = (*said.text, *([turn.phrase("file-cut")] if cut else []))
        return Step(state, (replace(said, text=text, quote=shown),))
    otherwise = (turn.phrase("file-elsewhere"),)
    links = (Link(turn.phrase("file-link"), file.link),) if file.link else ()
    return Step(state, (replace(said, file=event.file, otherwise=otherwise, links=links),))


def unpassed(turn: Turn, state: State, event: TicketUnpassed) -> Step:
    """A file did not get to the experts as it is."""
    text = turn.phrase("file-unpassed", ticket=ticket_name(event.number))
    return Step(state, (Say(text=(text,), facts=(event.name,)),))
