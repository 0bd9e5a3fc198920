"""The first thing that happens to a message: made readable, cut to size, its secrets hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from dialogs.diagnosis.page import printable
from dialogs.events import Words
from dialogs.redaction import redact

W = TypeVar("W", bound=Words)

MOST = 262_144
"""Bytes of UTF-8 that are read of one message."""
_WORD = 4096
"""Characters at the cut that are given up to end between words: half a secret is one, too."""


def clean(event: W) -> W:
    """Return `event` as it may be kept: nothing invisible, at most `MOST` bytes, no secrets."""
    text, cut = at_most(printable(event.text))
    redacted = redact(text)
    return replace(
        event,
        text=redacted.text,
        secrets=tuple(dict.fromkeys((*event.secrets, *redacted.secrets))),
        cut=event.cut or cut,
    )


def clean_text(text: str) -> str:
    """Return `text` as `clean` would leave it."""
    return redact(at_most(printable(text))[0]).text


def at_most(text: str) -> tuple[str, bool]:
    """Return as much of `text` as is read, and whether anything was cut off."""
    if len(text) <= MOST // 4 or len(raw := text.encode("utf-8")) <= MOST:
        return text, False
    kept = raw[:MOST].decode("utf-8", "ignore")
    end = max(kept.rfind(" ", -_WORD), kept.rfind("\n", -_WORD))
    return kept if end < len(kept) - _WORD else kept[:end], True
