"""Secrets out of a text before anything else sees it.

Only secrets go: GUIDs, trace, correlation and run ids, addresses and sentences about passwords
stay. What a secret looks like is in `redaction_table`, what is none in `redaction_values`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from dialogs.letters import lower
from dialogs.redaction_gates import candidates
from dialogs.redaction_table import (
    ANNOUNCED,
    FLAG,
    FLAGGED,
    FORMS,
    NAMES,
    SHAPES,
    SPOKEN,
    Form,
    Name,
    Shape,
    compiled,
)
from dialogs.redaction_values import is_made_up

KINDS = tuple(dict.fromkeys(row.kind for row in (*SHAPES, *NAMES)))
"""Every kind of secret that is known."""

MARK = re.compile(r"\[hidden: ([a-z ]{3,30})\]")
"""What stands in a text for a secret of the kind in it."""
_PASSES = 6
"""Hiding one secret may uncover the edge of another; real texts are stable after one."""
_TAIL = ".,;:)]}"
"""What belongs to the sentence when it ends a word."""

_Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its secrets."""

    text: str
    secrets: tuple[str, ...]
    """The kinds that were hidden, each once, in the order of the text; see `KINDS`."""


def redact(text: str) -> Redacted:
    """Return `text` with every secret replaced by a mark like `[hidden: access token]`.

    Redacting the result again changes nothing and finds nothing.
    """
    kinds: dict[str, None] = {}
    for _ in range(_PASSES):
        found = list(_secrets(text))
        spans = _uncovered(text, _joined(found)) if found else []
        if not spans:
            break
        kinds |= dict.fromkeys(kind for _, _, kind in spans)
        text = _hide(text, spans)
    return Redacted(text, tuple(kinds))


def _secrets(text: str) -> Iterator[_Span]:
    """Yield the secrets of `text`, those of the surest rows first; they may overlap."""
    low = lower(text)
    for row in candidates(text, low):
        if isinstance(row, Shape):
            yield from _shaped(row, low if row.folded else text, text)
        else:
            yield from _named(row, text, low)


def _shaped(shape: Shape, where: str, text: str) -> Iterator[_Span]:
    for match in compiled(shape.pattern).finditer(where):
        start, end = match.span(match.lastindex or 0)
        if shape.check(text[start:end]):
            yield start, end, shape.kind


def _named(name: Name, text: str, low: str) -> Iterator[_Span]:
    at = 0
    pattern = compiled(name.pattern)
    while found := pattern.search(low, at):
        at = found.end()
        value = _value(name, text, low, found.start(), at)
        if value:
            yield *value, name.kind
            at = value[1]


def _value(name: Name, text: str, low: str, start: int, at: int) -> tuple[int, int] | None:
    """Return where the value is of the name between `start` and `at`; None when it has none."""
    for pattern, place in _forms(low, start, at):
        match = compiled(pattern).match(low, at)
        if match:
            first, last = match.span(1)
            value = text[first:last]
            if _accepts(name, place, value):
                return first, first + (len(value.rstrip(_TAIL)) or len(value))
    return None


def _forms(low: str, start: int, at: int) -> tuple[Form, ...]:
    """Return the ways in which a value may follow there, the surest first."""
    if compiled(ANNOUNCED).match(low, at) or low.startswith(">", at):
        return (*FORMS, *SPOKEN)
    before = low[max(start - 24, 0) : start]
    return (*FLAGGED, *SPOKEN) if "-" in before and compiled(FLAG).search(before) else SPOKEN


def _accepts(name: Name, place: str, value: str) -> bool:
    if place == "in a sentence":
        return name.spoken(value)
    if place == "of a password":
        return name.kind == "password" and name.given(value)
    return name.given(value) and (place == "set off" or is_made_up(value))


def _joined(spans: Sequence[_Span]) -> list[_Span]:
    """Join spans that overlap; the one found first, so by the surest row, names the whole."""
    ranked = sorted((start, place, end) for place, (start, end, _) in enumerate(spans))
    joined: list[tuple[int, int, int]] = []
    for start, place, end in ranked:
        if joined and start < joined[-1][1]:
            first, last, best = joined[-1]
            joined[-1] = first, max(last, end), min(best, place)
        else:
            joined.append((start, end, place))
    return [(start, end, spans[place][2]) for start, end, place in joined]


def _uncovered(text: str, spans: list[_Span]) -> list[_Span]:
    """Cut out of `spans` what a mark has replaced before."""
    if "[hidden: " not in text:
        return spans
    marks = [mark.span() for mark in MARK.finditer(text)]
    pieces: list[_Span] = []
    first = 0
    for start, end, kind in spans:
        while first < len(marks) and marks[first][1] <= start:
            first += 1
        at = start
        for mark_start, mark_end in islice(marks, first, None):
            if mark_start >= end:
                break
            pieces.append((at, mark_start, kind))
            at = mark_end
        pieces.append((at, end, kind))
    return [piece for piece in pieces if any(c.isalnum() for c in text[piece[0] : piece[1]])]


def _hide(text: str, spans: list[_Span]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, kind in spans:
        parts += text[at:start], f"[hidden: {kind.replace('-', ' ')}]"
        at = end
    return "".join((*parts, text[at:]))
