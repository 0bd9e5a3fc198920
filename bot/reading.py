"""A text that no platform brought, read as if somebody had said it."""

from __future__ import annotations

from datetime import UTC, datetime

from dialogs.diagnosis.model import Diagnosis
from dialogs.diagnosis.page import printable
from dialogs.events import Origin, Said
from dialogs.intake import at_most
from dialogs.library import Library

_NOBODY = Origin(platform="cli", conversation="cli", user="cli")
_NEVER = datetime.fromtimestamp(0, UTC)


def read_text(text: str, book: Library) -> Diagnosis:
    """Return the verdict on `text`, of which no more is read than of a message."""
    return read_message(text, book)[0]


def read_message(text: str, book: Library) -> tuple[Diagnosis, bool]:
    """Return the verdict on `text`, and whether it was longer than is read."""
    kept, cut = at_most(printable(text))
    return book.diagnose(kept), cut  # which hides the secrets


def said(text: str, secrets: tuple[str, ...] = (), *, cut: bool = False) -> Said:
    """Return the message that `text` would be: something for an answer to be about."""
    return Said(id="cli", at=_NEVER, origin=_NOBODY, text=text, secrets=secrets, cut=cut)
