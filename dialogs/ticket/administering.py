"""What an administrator says of desks: which channel is one, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogs.events import Event, Origin, Said
from dialogs.library import ENGLISH, Library
from dialogs.replies import Row, Say
from dialogs.ticket.desks import BadRoute, Desk, desk_key, routed, together
from dialogs.ticket.talk import Command

_LONGEST = 80
"""Characters of a word that cannot be read and is shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskStep:
    """What a command comes to: the answer, and the one desk that is made or ended."""

    said: Say
    put: Desk | None = None
    remove: str | None = None


def administer(made: Sequence[Desk], command: Command, event: Said, book: Library) -> DeskStep:
    """Decide what `command`, said by `event`, does to the desks that were `made` in channels."""
    origin = event.origin
    key = desk_key(origin.platform, origin.tenant, origin.channel)
    may = origin.user in book.policy.administrators and not origin.guest
    spoken = _answered_in(command[2], event, book)
    match command:
        case _ if not may:
            return DeskStep(said=_says("desk-admin", spoken, book))
        case "list", _, _:
            return DeskStep(said=_listed(made, spoken, book))
        case _ if not origin.channel:
            return DeskStep(said=_says("desk-in-channel", spoken, book))
        case "off", _, _:
            there = any(desk.key == key for desk in made)
            phrase = "desk-off" if there else "desk-was-off"
            return DeskStep(said=_says(phrase, spoken, book), remove=key)
        case _, words, _:
            return _here(words, origin, spoken, book)


def desk_says(phrase: str, event: Event, book: Library) -> Say:
    """Return one of the desk's phrases in the language of whoever `event` is of."""
    return _says(phrase, _language(event, book), book)


def _says(phrase: str, language: str, book: Library) -> Say:
    return Say(text=(book.desk_phrase(phrase, language),))


def _answered_in(said_in: str, event: Event, book: Library) -> str:
    """Return the language of the answer. English says little: it is what the manual has."""
    return _language(event, book) if said_in == ENGLISH else said_in


def _language(event: Event, book: Library) -> str:
    spoken = event.origin.language[:2].lower()
    return spoken if spoken in book.languages else book.policy.language


def _here(words: str, origin: Origin, spoken: str, book: Library) -> DeskStep:
    bare = Desk(
        platform=origin.platform,
        tenant=origin.tenant,
        channel=origin.channel,
        route=origin.route,
    )
    try:
        desk = routed(bare, words, book.causes, book.languages)
    except BadRoute as word:
        said = _says("desk-bad", spoken, book)
        return DeskStep(said=replace(said, facts=(str(word)[:_LONGEST],)))
    said = replace(_says("desk-on", spoken, book), rows=(_row(desk, spoken, book),))
    return DeskStep(said=said, put=desk)


def _listed(made: Sequence[Desk], language: str, book: Library) -> Say:
    desks = together(book.policy.desks, made)
    if not desks:
        return _says("desk-none", language, book)
    rows = tuple(_row(desk, language, book, fixed=desk not in made) for desk in desks)
    return replace(_says("desk-list", language, book), rows=rows)


def _row(desk: Desk, language: str, book: Library, *, fixed: bool = False) -> Row:
    spoken = book.words[desk.language].name if desk.language else ""
    causes = ", ".join(desk.causes)
    takes = book.desk_phrase("desk-causes", language, causes=causes) if causes else ""
    where = book.desk_phrase("desk-settings", language) if fixed else ""
    return Row(desk.name, " · ".join(filter(None, (desk.key, takes, spoken, where))))
