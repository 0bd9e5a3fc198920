"""The first thing that happens to a message: made readable, cut to size, its secrets hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from dialogs.diagnosis.page import printable
from dialogs.events import Said, Words
from dialogs.length import at_most
from dialogs.redaction import redact

W = TypeVar("W", bound=Words)
S = TypeVar("S", bound=Said)

_MOST_OF_A_NAME, _LONGEST_NAME = 1000, 120
"""Characters of a file's name that are read, and that are shown."""


def clean(event: W) -> W:
    """Return `event` as it may be kept: nothing invisible, at most `MOST` bytes, no secrets."""
    text, cut = at_most(printable(event.text))
    redacted = redact(text)
    cleaned = replace(
        event,
        text=redacted.text,
        secrets=tuple(dict.fromkeys((*event.secrets, *redacted.secrets))),
        cut=event.cut or cut,
    )
    return _named(cleaned) if isinstance(cleaned, Said) and cleaned.files else cleaned


def _named(event: S) -> S:
    """Return `event` with names of files that are of one line, not too long, without secrets."""
    files, secrets = [], [*event.secrets]
    for file in event.files:
        name = redact(" ".join(printable(file.name[:_MOST_OF_A_NAME]).split()))
        files.append(replace(file, name=name.text[:_LONGEST_NAME] or "?"))
        secrets += name.secrets
    return replace(event, files=tuple(files), secrets=tuple(dict.fromkeys(secrets)))


def clean_text(text: str) -> str:
    """Return `text` as `clean` would leave it."""
    return redact(at_most(printable(text))[0]).text
