"""Which rows of the tables may have something to find in a text: a cheap look before the search.

An ordinary message has none of the pieces that secrets are known by, and costs no more than looking
for them. Most pieces hold a character that prose has seldom; that one is looked for first.
"""

from __future__ import annotations

from collections.abc import Iterable

from dialogs.redaction_table import NAMES, SHAPES, Name, Shape

_ROWS: tuple[Shape | Name, ...] = (*SHAPES, *NAMES)


class _Gates:
    """Some gates, sorted by their rarest character."""

    def __init__(self, places: Iterable[tuple[str, int]]) -> None:
        self.places: dict[str, list[int]] = {}
        for gate, place in places:
            self.places.setdefault(gate, []).append(place)
        marked: dict[str, list[str]] = {}
        for gate in self.places:
            marked.setdefault(_mark(gate), []).append(gate)
        self.words = tuple(marked.pop("", ()))
        self.marked = tuple((mark, tuple(gates)) for mark, gates in marked.items())

    def open(self, text: str) -> list[int]:
        """Return the places of the rows that have a gate in `text`."""
        found = list(filter(text.__contains__, self.words))
        for mark, gates in self.marked:
            if mark in text:
                found += filter(text.__contains__, gates)
        return [place for gate in found for place in self.places[gate]]


def _mark(gate: str) -> str:
    """Return the first character of `gate` that is neither a letter nor a digit."""
    return next((c for c in gate if not c.isalnum() and c != " "), "")


def _is_cased(row: Shape | Name) -> bool:
    return isinstance(row, Shape) and not row.folded


_ALL = tuple((gate, place) for place, row in enumerate(_ROWS) for gate in row.gates)
_CASED = _Gates(entry for entry in _ALL if _is_cased(_ROWS[entry[1]]))
_FOLDED = _Gates(entry for entry in _ALL if entry[0].isascii() and not _is_cased(_ROWS[entry[1]]))
_ELSEWHERE = _Gates(entry for entry in _ALL if not entry[0].isascii())


def candidates(text: str, low: str) -> list[Shape | Name]:
    """Return the rows worth a search, in the order of the tables: shapes, then names.

    `low` is `text` in lower case and of the same length.
    """
    places = _FOLDED.open(low)
    places += _CASED.open(text)
    if not low.isascii():
        places += _ELSEWHERE.open(low)
    return [_ROWS[place] for place in sorted(set(places))] if places else []
