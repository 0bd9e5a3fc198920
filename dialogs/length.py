"""How much of a message is read."""

from __future__ import annotations

MOST = 262_144
"""Bytes of UTF-8 that are read of one message."""
_WORD = 4096
"""Characters at the cut that are given up to end between words: half a secret is one, too."""


def at_most(text: str) -> tuple[str, bool]:
    """Return as much of `text` as is read, and whether anything was cut off."""
    if len(text) <= MOST // 4 or len(raw := text.encode("utf-8")) <= MOST:
        return text, False
    kept = raw[:MOST].decode("utf-8", "ignore")
    end = max(kept.rfind(" ", -_WORD), kept.rfind("\n", -_WORD))
    return kept if end < len(kept) - _WORD else kept[:end], True
