"""What the runs of a page mean to a reader, remembered: people use the same words again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, cast

from dialogs.diagnosis.page import Page

T = TypeVar("T")

_REMEMBERED = 50_000
"""Runs whose meaning is kept."""
_LONGEST = 100
"""Characters of a run that is kept; a longer one is hardly met again."""


class Memory(Generic[T]):
    """The meaning of every run that was met, as one reader sees it."""

    __slots__ = ("_known", "_look_up")

    def __init__(self, look_up: Callable[[str, str], T]) -> None:
        """Take what tells the meaning of a run from its plain and its folded spelling."""
        self._look_up = look_up
        self._known: dict[str, T] = {}

    def of(self, page: Page) -> list[T]:
        """Return the meanings of the runs of `page`, in their order."""
        meanings = list(map(self._known.get, page.runs))
        return self._learned(page) if None in meanings else cast(list[T], meanings)

    def _learned(self, page: Page) -> list[T]:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        meanings: list[T] = []
        for run, start in zip(page.runs, page.starts, strict=False):
            meaning = self._known.get(run)
            if meaning is None:
                meaning = self._look_up(run, page.low[start : start + len(run)])
                if len(run) <= _LONGEST:
                    self._known[run] = meaning
            meanings.append(meaning)
        return meanings
