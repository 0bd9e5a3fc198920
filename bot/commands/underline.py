"""A text with some of its spans underlined, short enough to be looked at."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""Where it begins and ends, in code points, end exclusive."""

_WHOLE = 12
"""Texts of at most so many lines are shown whole; of longer ones the lines with a span."""
_WIDE = 120
"""Longer lines are cut around their spans."""
_AROUND = 40
"""Characters that stay on either side of a span in a line that is cut."""
_GAP = "…"


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    marked: bool


def underline(text: str, spans: Sequence[Span], *, ansi: bool) -> list[str]:
    """Return the lines to show, with escape codes when `ansi`, else with `^^^` lines below."""
    shown: list[str] = []
    lines = list(_lines(text, sorted(spans)))
    short = len(lines) <= _WHOLE
    gap = False
    for line, inside in lines:
        if inside or short:
            pieces = _pieces(line, inside)
            shown += [_ansi(pieces)] if ansi else _carets(pieces)
        elif not gap:
            shown.append(_GAP)
        gap = not (inside or short)
    return shown


def visible(text: str) -> str:
    """Return `text` with a space for each character that would steer the terminal."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)


def _lines(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, list[Span]]]:
    """Yield each line with the parts of the spans that stand in it, counted from its start."""
    start = first = 0
    for line in text.split("\n"):
        end = start + len(line)
        while first < len(spans) and spans[first][1] <= start:
            first += 1
        inside: list[Span] = []
        for a, b in spans[first:]:
            if a >= end:
                break
            if max(a, start) < min(b, end):
                inside.append((max(a, start) - start, min(b, end) - start))
        yield line, _merged(inside)
        start = end + 1


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(line: str, spans: Sequence[Span]) -> list[_Piece]:
    line = visible(line)
    pieces: list[_Piece] = []
    at = 0
    for start, end in spans:
        pieces += (_Piece(line[at:start], False), _Piece(line[start:end], True))
        at = end
    pieces.append(_Piece(line[at:], False))
    if len(line) <= _WIDE:
        return pieces
    return [_cut(piece, number, len(pieces)) for number, piece in enumerate(pieces)]


def _cut(piece: _Piece, number: int, of: int) -> _Piece:
    text = piece.text
    keep_start = _AROUND if number > 0 or of == 1 else 0
    keep_end = _AROUND if number < of - 1 else 0
    if len(text) <= keep_start + keep_end + 1:
        return piece
    return _Piece(text[:keep_start] + _GAP + text[len(text) - keep_end :], piece.marked)


def _ansi(pieces: Sequence[_Piece]) -> str:
    return "".join(f"\x1b[4m{it.text}\x1b[24m" if it.marked else it.text for it in pieces)


def _carets(pieces: Sequence[_Piece]) -> list[str]:
    below = "".join(("^" if it.marked else " ") * _cells(it.text) for it in pieces).rstrip()
    line = "".join(it.text for it in pieces)
    return [line, below] if below else [line]


def _cells(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
