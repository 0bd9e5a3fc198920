"""Where lines are shown; here the way for programs, in `rich_screen.py` the one for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TextIO

from adapters.console.render import Line


class Screen(Protocol):
    """Shows what the bot says. Either method raises `BrokenPipeError` when nobody looks."""

    def show(self, lines: Sequence[Line]) -> None:
        """Show one reply."""
        ...

    def end_turn(self) -> None:
        """Show that the bot has said everything for now."""
        ...


class Plain:
    """Every line begins `bot: `; an empty one ends a turn."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def show(self, lines: Sequence[Line]) -> None:
        """See `Screen.show`."""
        for line in lines:
            if line.kind != "settled":
                print(f"bot: {line.text}", file=self._out, flush=True)

    def end_turn(self) -> None:
        """See `Screen.end_turn`."""
        print(file=self._out, flush=True)
