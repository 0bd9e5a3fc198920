"""Which source and which screen fit the terminal, or the pipe, that this process has."""

from __future__ import annotations

import sys

from adapters.console.adapter import Source
from adapters.console.lines import Lines
from adapters.console.screens import Plain, Screen


def terminal(*, plain: bool) -> tuple[Source, Screen]:
    """Return where messages come from and where replies go."""
    source = sys.stdin.fileno() if sys.stdin is not None else None
    if plain:
        return Lines(source), Plain(sys.stdout)
    from adapters.console.rich_screen import Rich

    if source is not None and sys.stdin.isatty() and sys.stdout.isatty():
        from adapters.console.prompt import Prompt

        return Prompt(), Rich()
    return Lines(source), Rich()
