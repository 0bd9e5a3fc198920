"""What somebody does in a desk's channel: a press, a form, a typed word, words for the requester.

Side talk is nothing: whoever writes below a card speaks to the requester only on purpose, after
the reply mark or to the bot itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from dialogs.events import Chose, Deleted, Edited, Event, Picked, Said, Words
from dialogs.library import Library
from dialogs.naming import form_of, ticket_of
from dialogs.ticket.desks import desk_key
from dialogs.ticket.forms import CAUSE, DESK, EXPERT
from dialogs.ticket.requests import (
    Answer,
    AskFor,
    Assign,
    Claim,
    Correct,
    Release,
    Reopen,
    Resolve,
    Retry,
    Show,
    TicketRequest,
    Transfer,
    Unsay,
)

_TYPED = ("claim", "reply", "retry", "resolve", "assign", "reopen", "take-over", "release")

Command = tuple[Literal["here", "off", "list"], str, str]
"""What an administrator says of desks, the words behind it, and the language it was said in."""


def request_of(event: Event, book: Library) -> TicketRequest | None:
    """Return what `event`, in the channel of a ticket, asks of it; None when it is side talk."""
    who = _who(event)
    match event:
        case Chose(choice=choice):
            return _pressed(choice, who)
        case Picked(token=token) if form_of(token) == "assign":
            return Assign(to=event.user, name=event.name, belongs=event.belongs, **who)
        case Said(token=token, text=text) if form_of(token) == "assign":
            return Assign(to=text, **who)
        case Said(token=token, text=text) if ticket_of(token):
            return Answer(text=text, **who)
        case Said():
            return _typed(event, book, who)
        case Edited(text=text) if marked := _marked(text, book):
            return Answer(text=marked, of=event.of, **who)
        case _:
            return None


def change_of(event: Edited | Deleted, book: Library) -> Correct | Unsay:
    """Return what `event`, of words that the requester was told, asks of the ticket."""
    who = _who(event)
    if isinstance(event, Deleted):
        return Unsay(of=event.of, **who)
    return Correct(text=_marked(event.text, book) or event.text, of=event.of, **who)


def _who(event: Event) -> dict[str, Any]:
    origin = event.origin
    return {
        "by": origin.name or origin.user.rpartition(":")[2],
        "user": origin.user,
        "at": event.at,
        "desk": desk_key(origin.platform, origin.tenant, origin.channel),
        "secrets": event.secrets if isinstance(event, Words) else (),
    }


def command_of(text: str, book: Library) -> Command | None:
    """Return what `text` says of desks, in any language; None when it is about something else."""
    said = " ".join(text.split())
    for language in book.languages:
        here, off, desks = (
            book.words[language].desk[f"say-{it}"] for it in ("here", "off", "list")
        )
        bare = said.casefold().rstrip(".!?")
        if bare in (off.casefold(), desks.casefold()):
            return ("off" if bare == off.casefold() else "list"), "", language
        if re.match(rf"{re.escape(here)}(?:\s|$)", said, re.IGNORECASE):
            return "here", said[len(here) :].strip(), language
    return None


def _pressed(choice: str, who: Mapping[str, Any]) -> TicketRequest:
    match choice:
        case "claim" | "take-over":
            return Claim(over=choice == "take-over", **who)
        case "reply" | "resolve" | "assign":
            return AskFor(what=choice, **who)
        case "retry":
            return Retry(**who)
        case "reopen":
            return Reopen(**who)
        case "release":
            return Release(**who)
        case "other-cause":
            return Resolve(**who)
    for prefix in (EXPERT, DESK, CAUSE):
        if choice.startswith(prefix):
            return _named(prefix, choice.removeprefix(prefix), who)
    return Show(**who)


def _named(prefix: str, value: str, who: Mapping[str, Any]) -> TicketRequest:
    if prefix == EXPERT:
        return Assign(to=value, **who)
    return Transfer(to=value, **who) if prefix == DESK else Resolve(cause=value, **who)


def _typed(said: Said, book: Library, who: Mapping[str, Any]) -> TicketRequest | None:
    text, files = said.text, said.files
    marked = _marked(text, book)
    if marked or (marked is not None and files):
        return Answer(text=marked, files=files, of=said.id, **who)
    if not said.addressed or not (text.strip() or files):
        return None
    for choice in _TYPED:
        if any(book.commands.says(text, book.label(choice, it)) for it in book.languages):
            return _pressed(choice, who)
    return Answer(text=text, files=files, of=said.id, **who)


def _marked(text: str, book: Library) -> str | None:
    """Return what stands behind the reply mark; None when there is none."""
    said = text.strip()
    for mark in (book.words[language].desk["mark"] for language in book.languages):
        if said.casefold().startswith(mark.casefold()):
            return said[len(mark) :].strip()
    return None
