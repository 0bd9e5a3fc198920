"""Letters, for everything that searches a text in any case."""

from __future__ import annotations


def lower(text: str) -> str:
    """Return `text` in lower case and of the same length, so that positions fit both."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
