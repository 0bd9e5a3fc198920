"""What runs of letters mean, remembered: people use the same words again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_REMEMBERED = 50_000
"""Runs whose meaning is kept."""
_LONGEST = 60
"""Characters of a run that is kept; a longer one is hardly met again."""


class Memory(dict[str, T]):
    """The meaning of every run that was met, as one reader sees it."""

    __slots__ = ("_look_up",)

    def __init__(self, look_up: Callable[[str], T]) -> None:
        """Take what tells the meaning of a run."""
        super().__init__()
        self._look_up = look_up

    def __missing__(self, run: str) -> T:
        """Return the meaning of a run that is met for the first time."""
        meaning = self._look_up(run)
        if len(run) <= _LONGEST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[run] = meaning
        return meaning

    def of(self, runs: Iterable[str]) -> Iterator[T]:
        """Return the meanings of `runs`, in their order."""
        return map(self.__getitem__, runs)
