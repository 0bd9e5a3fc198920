"""As much of a long text as a message to the other side of a ticket has room for."""

from __future__ import annotations

_LONGEST, _MOST_LINES = 4000, 60
"""Characters and lines: a card of Teams' holds about 25 kB, and each line of it takes some."""


def excerpt(text: str) -> tuple[str, bool]:
    """Return the beginning of `text`, and whether anything was left out."""
    lines = text[:_LONGEST].split("\n")[:_MOST_LINES]
    shown = "\n".join(lines)
    return shown, len(shown) < len(text)
