"""What an administrator says of desks: which channel is one, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogs.events import Event, Said
from dialogs.library import Library
from dialogs.replies import Row, Say
from dialogs.ticket.desks import BadRoute, Desk, desk_key, routed, together
from dialogs.ticket.talk import Command, tongue_of

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
    match command:
        case _ if not may:
            return DeskStep(said=desk_says("desk-admin", event, book))
        case "list", _:
            return DeskStep(said=_listed(made, event, book))
        case _ if not origin.channel:
            return DeskStep(said=desk_says("desk-in-channel", event, book))
        case "off", _:
            there = any(desk.key == key for desk in made)
            phrase = "desk-off" if there else "desk-was-off"
            return DeskStep(said=desk_says(phrase, event, book), remove=key)
        case _, words:
            return _here(words, event, book)


def desk_says(phrase: str, event: Event, book: Library) -> Say:
    """Return one of the desk's phrases in the language of whoever `event` is of."""
    return Say(text=(book.desk_phrase(phrase, _language(event, book)),))


def _language(event: Event, book: Library) -> str:
    """The person's own words decide first, as everywhere."""
    own = tongue_of(event.text, book) if isinstance(event, Said) else None
    spoken = own or event.origin.language[:2].lower()
    return spoken if spoken in book.languages else book.policy.language


def _here(words: str, event: Said, book: Library) -> DeskStep:
    origin = event.origin
    bare = Desk(
        platform=origin.platform,
        tenant=origin.tenant,
        channel=origin.channel,
        route=origin.route,
    )
    try:
        desk = routed(bare, words, book.causes, book.languages)
    except BadRoute as word:
        said = desk_says("desk-bad", event, book)
        return DeskStep(said=replace(said, facts=(str(word)[:_LONGEST],)))
    said = replace(desk_says("desk-on", event, book), rows=(_row(desk, event, book),))
    return DeskStep(said=said, put=desk)


def _listed(made: Sequence[Desk], event: Said, book: Library) -> Say:
    desks = together(book.policy.desks, made)
    if not desks:
        return desk_says("desk-none", event, book)
    rows = tuple(_row(desk, event, book, fixed=desk not in made) for desk in desks)
    return replace(desk_says("desk-list", event, book), rows=rows)


def _row(desk: Desk, event: Said, book: Library, *, fixed: bool = False) -> Row:
    language = _language(event, book)
    spoken = book.words[desk.language].name if desk.language else ""
    causes = ", ".join(desk.causes)
    takes = book.desk_phrase("desk-causes", language, causes=causes) if causes else ""
    where = book.desk_phrase("desk-settings", language) if fixed else ""
    return Row(desk.name, " · ".join(filter(None, (desk.key, takes, spoken, where))))
