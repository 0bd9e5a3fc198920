"""Places in a text, and which lie inside which: told fast, however many there are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

Span = tuple[int, int]
"""Where something begins and where it has ended, in characters."""


class Spans:
    """Some places, asked what lies inside one of them: sorted once, then found by halving."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        """Take the places, in any order."""
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [-1, *accumulate((end for _, end in ordered), max)]
        """How far the first so many of them reach."""

    def hold(self, part: Span) -> bool:
        """Tell whether `part` is one of the places or lies inside one."""
        return self._ends[bisect_right(self._starts, part[0])] >= part[1]

    def surround(self, part: Span) -> bool:
        """Tell whether `part` lies inside a place that is larger."""
        earlier = self._ends[bisect_left(self._starts, part[0])]
        return earlier >= part[1] or self._ends[bisect_right(self._starts, part[0])] > part[1]
