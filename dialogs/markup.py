"""The only markup of our own words: `**bold**`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BOLD = re.compile(r"\*\*(.+?)\*\*")


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of `text` in order, and whether they are bold. Lone stars are words."""
    return ((words, n % 2 == 1) for n, words in enumerate(_BOLD.split(text)) if words)


def unmarked(text: str) -> str:
    """Return `text` without the markup."""
    return _BOLD.sub(r"\1", text)
