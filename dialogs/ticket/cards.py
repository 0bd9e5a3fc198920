"""The card of a ticket in its desk's channel: what is known, who has it, what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from dialogs.diagnosis.model import Diagnosis
from dialogs.library import Library
from dialogs.naming import ticket_name
from dialogs.pack import pack
from dialogs.replies import Ask, Choice, Field, Link, Row
from dialogs.ticket.desks import Desk
from dialogs.ticket.state import (
    Claimed,
    Closed,
    Erased,
    Open,
    Reopened,
    Resolved,
    TicketState,
    Waiting,
    name_of,
)
from dialogs.ticket.step import Sheet

_AT_WORK = ("reply", "retry", "resolve", "assign")
_MOST_CAUSES = 4


def spoken(desk: Desk | None, book: Library) -> str:
    """Return the language of `desk`."""
    wanted = desk.language if desk else ""
    return wanted if wanted in book.languages else book.policy.language


def card(sheet: Sheet, state: TicketState, desk: Desk, book: Library) -> Ask:
    """Return the card of the ticket at `state`, in the language of `desk`."""
    language = spoken(desk, book)
    over = not choices(state)[1:]
    field = Field(
        book.desk_phrase("reply-field", language, ticket=sheet.name), book.label("reply", language)
    )
    return Ask(
        text=(_headline(sheet, book, language), *_hint(over, desk, book, language)),
        rows=tuple(_rows(sheet, state, book, language)),
        links=tuple(_links(sheet, book, language)),
        token=sheet.name,
        choices=tuple(Choice(it, book.label(it, language)) for it in choices(state)),
        field=None if over else field,
        stays=True,
    )


def moved(sheet: Sheet, to: Desk | None, book: Library) -> Ask:
    """Return what is left of the card in a channel that the ticket has left."""
    language = spoken(sheet.desk, book)
    row = Row(book.desk_phrase("row-desk", language), to.name if to else "")
    said = book.desk_phrase("moved", language, ticket=sheet.name)
    return Ask(text=(said,), rows=(row,), token=sheet.name, choices=(), stays=True)


def choices(state: TicketState) -> tuple[str, ...]:
    """Return what can be pressed on the card."""
    match state:
        case Open() | Reopened():
            return ("claim", *_AT_WORK)
        case Claimed() | Waiting():
            return _AT_WORK
        case Resolved() | Closed():
            return ("reopen",)
        case Erased():
            return ()
        case _:
            assert_never(state)


def likely_causes(sheet: Sheet, book: Library) -> tuple[str, ...]:
    """Return what the ticket may be about, the likeliest first."""
    if sheet.wanted is None:
        return ()
    read, before = sheet.wanted.case.diagnosis, sheet.wanted.case.earlier
    related = book.playbook(read.cause, "en").related if read.cause in book.causes else ()
    named = dict.fromkeys((read.cause or "", *read.also, *reversed(before), *related))
    return tuple(cause for cause in named if cause in book.causes)[:_MOST_CAUSES]


def status(state: TicketState, book: Library, language: str) -> str:
    """Return where it stands, in plain words; names are as their owners wrote them."""
    match state:
        case Claimed(by=by) | Waiting(by=by):
            return f"{book.desk_phrase(f'is-{name_of(state)}', language)} · {by.shown}".rstrip(" ·")
        case Resolved(by=by, cause=cause):
            title = book.playbook(cause, language).title if cause in book.causes else ""
            said = book.desk_phrase("is-resolved", language)
            return " · ".join(part for part in (said, by, title) if part)
        case Closed(why=why):
            return book.desk_phrase(f"is-{why}", language)
        case Open() | Reopened() | Erased():
            return book.desk_phrase(f"is-{name_of(state)}", language)
        case _:
            assert_never(state)


def _headline(sheet: Sheet, book: Library, language: str) -> str:
    title = _title(sheet.wanted.case.diagnosis, book, language) if sheet.wanted else ""
    return f"**{sheet.name}** · {title}" if title else f"**{sheet.name}**"


def _title(read: Diagnosis, book: Library, language: str) -> str:
    if read.cause in book.causes:
        return book.playbook(read.cause, language).title
    if read.kind in book.kinds and not book.lookalike(read.kind, language).about:
        return book.lookalike(read.kind, language).title
    return book.phrase("subject", language)


def _hint(over: bool, desk: Desk, book: Library, language: str) -> tuple[str, ...]:
    """A platform that does not hear all that is said below the card has words of its own."""
    own = f"card-hint-{desk.platform}"
    phrase = own if own in book.words[language].desk else "card-hint"
    return () if over else (book.desk_phrase(phrase, language),)


def _rows(sheet: Sheet, state: TicketState, book: Library, language: str) -> Iterator[Row]:
    yield Row(book.desk_phrase("row-status", language), status(state, book, language))
    if sheet.origin is None or sheet.wanted is None:
        return
    asker = sheet.origin.name or sheet.origin.user.rpartition(":")[2]
    where = f"{asker} ({sheet.origin.platform})"
    yield Row(book.desk_phrase("row-requester", language), where)
    yield from pack(sheet.wanted.case, book, language).all_rows()
    if sheet.earlier:
        names = ", ".join(ticket_name(number) for number in sheet.earlier)
        yield Row(book.desk_phrase("row-earlier", language), names)


def _links(sheet: Sheet, book: Library, language: str) -> Iterator[Link]:
    if sheet.wanted is None:
        return
    built = sheet.wanted.case.diagnosis.links
    labels = book.words[language].links
    yield from (
        Link(labels[kind], built[kind]) for kind in ("run", "connections", "error") if kind in built
    )
