"""Which language is spoken: the person's own words decide first."""

from __future__ import annotations

from dialogs.events import Event
from dialogs.library import ENGLISH, Library
from dialogs.meaning import Doubtful, Meaning, Reported, Unrelated
from dialogs.state import State


def spoken(state: State, meaning: Meaning, event: Event, book: Library) -> str:
    """Return the language to answer in: the person's own words decide first."""
    wanted = (
        own(meaning, book),
        state.language,
        event.origin.language[:2].lower(),
        book.policy.language,
    )
    return next((language for language in wanted if language in book.languages), ENGLISH)


def own(meaning: Meaning, book: Library) -> str | None:
    """Return the language of the words that were read, where the library has it."""
    if isinstance(meaning, Reported | Doubtful | Unrelated):
        own = meaning.diagnosis.language
        return own if own in book.languages else None
    return None
