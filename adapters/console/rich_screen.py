"""Lines for a person at a terminal: colours, weights, widths."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from adapters.console.render import Kind, Line

_WIDTH = 92
"""Longer lines are hard to read, however wide the window."""
_INDENT = "  "
_STYLES: dict[Kind, tuple[str, str]] = {
    "text": ("", "bold"),
    "quote": ("cyan", "cyan"),
    "facts": ("dim", "dim"),
    "link": ("blue", "bold"),
    "choices": ("", "bold cyan"),
    "settled": ("dim green", "dim green"),
}
"""How a kind of line looks, and how its strong words do."""
_UNWRAPPED = frozenset({"quote", "link"})
"""Made to be copied: the terminal may wrap them, we never do."""


class Rich:
    """Colours and widths as the terminal has them, none when it is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, markup=False, emoji=False)

    def show(self, lines: Sequence[Line]) -> None:
        """See `Screen.show`."""
        before: Kind | None = None
        for line in lines:
            if line.kind != before or line.kind == "text":
                self._console.print()
            self._line(line)
            before = line.kind

    def end_turn(self) -> None:
        """See `Screen.end_turn`."""
        self._console.print()

    def _line(self, line: Line) -> None:
        style, strong = _STYLES[line.kind]
        text = Text()
        for span in line.spans:
            text.append(span.text, strong if span.strong else style)
        if line.kind in _UNWRAPPED:
            self._console.print(Text(_INDENT) + text, soft_wrap=True)
            return
        width = min(_WIDTH, self._console.width) - len(_INDENT)
        for part in text.wrap(self._console, max(width, 1)):
            self._console.print(Text(_INDENT) + part, soft_wrap=True)
