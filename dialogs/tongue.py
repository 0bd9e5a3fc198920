"""Which language is spoken: the person's own words decide first."""

from __future__ import annotations

from dialogs.events import Event, Words
from dialogs.library import ENGLISH, Library
from dialogs.meaning import Commanded, Doubtful, Meaning, Reported, Unrelated
from dialogs.state import State


def spoken(state: State, meaning: Meaning, event: Event, book: Library) -> str:
    """Return the language to answer in: the person's own words decide first."""
    wanted = (
        own(state, meaning, event, book),
        state.language,
        event.origin.language[:2].lower(),
        book.policy.language,
    )
    return next((language for language in wanted if language in book.languages), ENGLISH)


def own(state: State, meaning: Meaning, event: Event, book: Library) -> str | None:
    """Return the language of the words that were read, where the library has it.

    Commands are a word or two: they tell it only where nothing has told it before, and "help" is
    said in every language.
    """
    match meaning:
        case Reported() | Doubtful() | Unrelated():
            language = meaning.diagnosis.language
        case Commanded() if isinstance(event, Words) and not state.language:
            said = book.language_of(event.text)
            language = None if said == ENGLISH else said
        case _:
            language = None
    return language if language in book.languages else None
