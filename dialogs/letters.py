"""Letters, for everything that searches a text in any case."""

from __future__ import annotations

from collections.abc import Iterable


def lower(text: str) -> str:
    """Return `text` in lower case and of the same length, so that positions fit both."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


class Pieces:
    """Many pieces of text of which few are ever there: those that share a mark go by it first."""

    __slots__ = ("_marked", "_others")

    def __init__(self, pieces: Iterable[str], marks: Iterable[str]) -> None:
        """Sort `pieces` by the first of `marks` that is in each; those without one stay single."""
        left = list(dict.fromkeys(pieces))
        self._marked: list[tuple[str, list[str]]] = []
        for mark in marks:
            marked = [piece for piece in left if mark in piece]
            left = [piece for piece in left if mark not in piece]
            if marked:
                self._marked.append((mark, marked))
        self._others = left

    def of(self, text: str) -> list[str]:
        """Return those that are in `text`."""
        there = [piece for piece in self._others if piece in text]
        for mark, pieces in self._marked:
            if mark in text:
                there += [piece for piece in pieces if piece in text]
        return there
