"""A text that no platform brought."""

from __future__ import annotations

from dialogs.diagnosis.model import Diagnosis
from dialogs.diagnosis.page import printable
from dialogs.length import at_most
from dialogs.library import Library


def read_text(text: str, book: Library) -> Diagnosis:
    """Return the verdict on `text`, of which no more is read than of a message."""
    return read_message(text, book)[0]


def read_message(text: str, book: Library) -> tuple[Diagnosis, bool]:
    """Return the verdict on `text`, and whether it was longer than is read."""
    kept, cut = at_most(printable(text))
    return book.diagnose(kept), cut  # which hides the secrets
