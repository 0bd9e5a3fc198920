"""What somebody does in a desk's channel: a press, a form, a typed word, words for the requester.

Side talk is nothing: whoever writes below a card speaks to the requester only on purpose, after
the reply mark or to the bot itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from dialogs.events import Chose, Edited, Event, Said
from dialogs.library import ENGLISH, Library
from dialogs.naming import form_of, ticket_of
from dialogs.ticket.desks import desk_key
from dialogs.ticket.forms import CAUSE, DESK, EXPERT
from dialogs.ticket.requests import (
    Answer,
    AskFor,
    Assign,
    Claim,
    Release,
    Reopen,
    Resolve,
    Retry,
    Show,
    TicketRequest,
    Transfer,
)

_TYPED = ("claim", "reply", "retry", "resolve", "assign", "reopen", "take-over", "release")

_OF_DESKS = ("say-here", "say-off", "say-list")

Command = tuple[Literal["here", "off", "list"], str]
"""What an administrator says of desks, and the words behind it."""


def request_of(event: Event, book: Library) -> TicketRequest | None:
    """Return what `event`, in the channel of a ticket, asks of it; None when it is side talk."""
    origin = event.origin
    who: dict[str, Any] = {
        "by": origin.name or origin.user.rpartition(":")[2],
        "user": origin.user,
        "at": event.at,
        "desk": desk_key(origin.platform, origin.tenant, origin.channel),
    }
    match event:
        case Chose(choice=choice):
            return _pressed(choice, who)
        case Said(token=token, text=text) if form_of(token) == "assign":
            return Assign(to=text, **who)
        case Said(token=token, text=text) if ticket_of(token):
            return Answer(text=text, **who)
        case Said(text=text, addressed=addressed):
            return _typed(text, book, who, addressed=addressed)
        case Edited(text=text) if marked := _marked(text, book):
            return Answer(text=marked, corrected=True, **who)
        case _:
            return None


def command_of(text: str, book: Library) -> Command | None:
    """Return what `text` says of desks, in any language; None when it is about something else."""
    said = " ".join(text.split())
    for name, words in _spoken(book, "say-off", "say-list"):
        if said.casefold().rstrip(".!?") == words.casefold():
            return ("off" if name == "say-off" else "list"), ""
    for _, words in _spoken(book, "say-here"):
        if re.match(rf"{re.escape(words)}(?:\s|$)", said, re.IGNORECASE):
            return "here", said[len(words) :].strip()
    return None


def tongue_of(text: str, book: Library) -> str | None:
    """Return the language that `text` speaks of desks in; None for English, a lingua franca."""
    said = " ".join(text.split()).casefold()
    for language in (ENGLISH, *book.languages):
        words = (book.words[language].desk[it].casefold() for it in _OF_DESKS)
        if said.startswith(tuple(words)):
            return None if language == ENGLISH else language
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


def _typed(
    text: str, book: Library, who: Mapping[str, Any], *, addressed: bool
) -> TicketRequest | None:
    if marked := _marked(text, book):
        return Answer(text=marked, **who)
    if not addressed or not text.strip():
        return None
    for choice in _TYPED:
        if any(book.commands.says(text, book.label(choice, it)) for it in book.languages):
            return _pressed(choice, who)
    return Answer(text=text, **who)


def _marked(text: str, book: Library) -> str:
    """Return what stands behind the reply mark; "" when there is none."""
    said = text.strip()
    for _, mark in _spoken(book, "mark"):
        if said.casefold().startswith(mark.casefold()):
            return said[len(mark) :].strip()
    return ""


def _spoken(book: Library, *names: str) -> Iterator[tuple[str, str]]:
    for language in book.languages:
        yield from ((name, book.words[language].desk[name]) for name in names)
