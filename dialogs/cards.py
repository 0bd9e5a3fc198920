"""What is shown: the question of each state, the first answer, and the buttons below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dialogs import found
from dialogs.diagnosis.model import Diagnosis
from dialogs.library import ENGLISH, Library
from dialogs.naming import ticket_name
from dialogs.playbook import Playbook
from dialogs.replies import Ask, Choice, Field, Link
from dialogs.state import (
    Clarifying,
    Fixed,
    Forgetting,
    Guiding,
    Lapsed,
    Listening,
    Offering,
    Retrying,
    State,
)
from dialogs.turn import Turn
from dialogs.words import fill, fill_message

Question = Clarifying | Guiding | Listening | Offering | Retrying | Fixed | Forgetting | Lapsed
"""States in which something is asked; each has the token of its question."""

_BUILT = ("connections", "run", "error")
"""Pages whose address can come out of a message."""


def choices(state: State, book: Library, language: str) -> tuple[Choice, ...]:
    """Return the buttons of the question that `state` asks; none when it asks nothing."""
    names = _offered(state, book)
    return tuple(Choice(name, label_of(state, name, book, language)) for name in names)


def label_of(state: State, choice: str, book: Library, language: str) -> str:
    """Return what stands on the button `choice` of the question that `state` asks."""
    if isinstance(state, Clarifying) and choice in state.causes:
        return book.playbook(choice, language).title
    own = book.playbook(state.cause, language) if isinstance(state, Guiding) else None
    return book.label(choice, language, own)


def ask(turn: Turn, state: Question, *before: str) -> Ask:
    """Return the question of `state`, after the paragraphs `before`."""
    asides = (*before, *turn.asides())
    match state:
        case Guiding():
            return _step(turn, state, asides)
        case Clarifying():
            text: tuple[str, ...] = (turn.phrase("clarify"), turn.phrase("clarify-settle"))
            return question(turn, state, *asides, *text)
        case Listening():
            return question(turn, state, *asides, turn.phrase("listen"))
        case Offering():
            return _offer(turn, state, asides)
        case Retrying(ticket=waiting):
            said = turn.phrase("retry", ticket=ticket_name(waiting))
            return question(turn, state, *asides, said)
        case Fixed(ticket=number):
            text = (
                turn.phrase("fixed")
                if number is None
                else turn.phrase("resolved", ticket=ticket_name(number)),
            )
            return question(turn, state, *asides, *text)
        case Forgetting():
            return question(turn, state, *asides, turn.phrase("forget"))
        case Lapsed():
            return question(turn, state, *asides, turn.phrase("lapsed"))


def question(turn: Turn, state: Question, *text: str) -> Ask:
    """Return the question of `state` in the words `text`."""
    offered = choices(state, turn.book, turn.language)
    field = (
        _field(turn) if isinstance(state, Clarifying | Listening | Offering | Retrying) else None
    )
    return Ask(text=text, token=state.token, choices=offered, field=field)


def _field(turn: Turn) -> Field:
    return Field(label=turn.phrase("field"), button=turn.phrase("field-send"))


def first_answer(turn: Turn, state: Guiding, read: Diagnosis, *before: str) -> Ask:
    """Return verdict and first step in one; `read` is what this very message held."""
    known = state.case.diagnosis
    playbook = turn.book.playbook(state.cause, turn.language)
    own = playbook.steps[state.step].link
    asked = _step(turn, state, (*before, *turn.verdict(known), *turn.asides()))
    links = _links(turn, playbook, known, dict.fromkeys([*([own] if own else []), *_BUILT]))
    return with_facts(replace(asked, links=links), turn, read)


def with_facts(asked: Ask, turn: Turn, read: Diagnosis) -> Ask:
    """Return `asked` with what was read from the message."""
    facts = found.facts(read, turn.book, turn.language)
    return replace(asked, facts=facts, facts_title=turn.phrase("facts") if facts else "")


def _step(turn: Turn, state: Guiding, before: tuple[str, ...]) -> Ask:
    playbook = turn.book.playbook(state.cause, turn.language)
    step = playbook.steps[state.step]
    diagnosis = state.case.diagnosis
    said = fill(step.say, found.in_sentences(diagnosis, playbook))
    path = playbook.main_path()
    if state.step in path and len(path) > 1:
        place = path.index(state.step) + 1
        said = turn.phrase("numbered", step=place, steps=len(path), say=said)
    asked = question(turn, state, *before, said)
    return replace(
        asked,
        quote=fill_message(step.send, found.in_messages(diagnosis, playbook)) if step.send else "",
        links=_links(turn, playbook, diagnosis, [step.link] if step.link else []),
    )


def _offer(turn: Turn, state: Offering, before: tuple[str, ...]) -> Ask:
    diagnosis = state.case.diagnosis
    if diagnosis.auth_failure or diagnosis.kind is None:
        return question(turn, state, *before, turn.phrase("none"))
    other = turn.book.lookalike(diagnosis.kind, turn.language)
    asked = question(turn, state, *before, fill(other.says, found.in_sentences(diagnosis)))
    help_link = (Link(_link_label(turn, "help"), other.help),) if other.help else ()
    return replace(asked, links=help_link)


def _links(
    turn: Turn, playbook: Playbook, diagnosis: Diagnosis, kinds: Iterable[str]
) -> tuple[Link, ...]:
    built = {**diagnosis.links, "help": playbook.help}
    return tuple(Link(_link_label(turn, kind), built[kind]) for kind in kinds if kind in built)


def _link_label(turn: Turn, kind: str) -> str:
    return turn.book.words[turn.language].links[kind]


def _offered(state: State, book: Library) -> tuple[str, ...]:
    match state:
        case Guiding(cause=cause, step=step):
            own = book.playbook(cause, ENGLISH).steps[step].choices
            return ("done", "failing", *own, "person")
        case Clarifying(causes=causes):
            return (*causes, "none", "person")
        case Listening():
            return ("same", "person")
        case Offering():
            return ("person",)
        case Retrying():
            return ("fixed", "failing")
        case Fixed():
            return ("failing",)
        case Forgetting():
            return ("yes", "no")
        case Lapsed():
            return ("resume", "person")
        case _:
            return ()
