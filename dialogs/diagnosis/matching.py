"""Where a pattern stands on a page. `lexicon.py` reads the words and the notation."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from dialogs.diagnosis.page import Page

Span = tuple[int, int]
T = TypeVar("T")

_REACH = 60
"""Characters that `~` may skip."""
_NEAR = 8
"""Marks and spaces that may stand between words that follow at once."""


Run = str
"""An unbroken run of letters or digits, as it stands on a page."""


@dataclass(slots=True)
class Meanings:
    """What each run of letters that was ever met means."""

    elements: dict[Run, frozenset[int]] = field(default_factory=dict)
    """Run -> what it means; empty when it means nothing."""
    inside: dict[Run, Mapping[int, Sequence[Span]]] = field(default_factory=dict)
    """Run -> where in it each element stands."""


@dataclass(slots=True)
class Found:
    """Which elements stand on a page, and where; places are put in order when asked for."""

    runs: Mapping[Run, Sequence[int]]
    """Where each run that means something begins."""
    meanings: Meanings
    present: set[int]
    """All elements on the page."""
    phrases: list[tuple[Set[int], Sequence[Span]]] = field(default_factory=list)
    _sorted: dict[int, Sequence[Span]] = field(default_factory=dict)

    def add(self, elements: Set[int], spans: Sequence[Span]) -> None:
        """Add the places of a phrase that belongs to `elements`."""
        self.phrases.append((elements, spans))
        self.present |= elements

    def get(self, element: int) -> Sequence[Span]:
        """Return where `element` stands, in order; empty when it does not."""
        if element not in self._sorted:
            self.locate({element})
        return self._sorted[element]

    def locate(self, elements: Set[int]) -> None:
        """Find the places of all `elements` in one go."""
        wanted = elements - self._sorted.keys()
        places: dict[int, list[Span]] = {element: [] for element in wanted}
        of, inside = self.meanings.elements, self.meanings.inside
        for run, starts in self.runs.items():
            for element in of[run] & wanted:
                for first, last in inside[run][element]:
                    if len(starts) == 1:
                        places[element].append((starts[0] + first, starts[0] + last))
                    else:
                        places[element] += [(start + first, start + last) for start in starts]
        for belongs, spans in self.phrases:
            for element in belongs & wanted:
                places[element] += spans
        for element, spans in places.items():
            self._sorted[element] = sorted(set(spans)) if len(spans) > 1 else spans


@dataclass(frozen=True, slots=True)
class Link:
    """One word of a chain, by its number; `near` when it must follow at once."""

    word: int
    near: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """Chains that must all stand in one sentence, in any order."""

    chains: tuple[tuple[Link, ...], ...]
    never: tuple[int, ...] = ()
    at_start: bool = False
    alone: bool = False
    """True when the first chain is all there is to find."""

    @property
    def words(self) -> frozenset[int]:
        """Return the numbers of all words it cannot do without."""
        return frozenset(link.word for chain in self.chains for link in chain)


def find(pattern: Pattern, found: Found, page: Page) -> Span | None:
    """Return the first place where `pattern` stands on `page`; None when it does not."""
    chain = pattern.chains[0]
    for start, end in found.get(chain[0].word):
        last = end if len(chain) == 1 else _follow(chain, 1, end, found, page)
        if last is not None:
            span = _completed(pattern, start, last, found, page)
            if span is not None:
                return span
    return None


def find_all(pattern: Pattern, found: Found, page: Page) -> Iterator[Span]:
    """Yield the places where `pattern` stands on `page`, in order."""
    chain = pattern.chains[0]
    for start, end in found.get(chain[0].word):
        last = end if len(chain) == 1 else _follow(chain, 1, end, found, page)
        if last is not None:
            span = _completed(pattern, start, last, found, page)
            if span is not None:
                yield span


def _completed(pattern: Pattern, start: int, end: int, found: Found, page: Page) -> Span | None:
    """Return the whole place whose first chain is at `start`, if its sentence holds the rest."""
    if pattern.alone:
        return start, end
    bounds = page.bounds(start)
    if pattern.at_start and any(c.isalnum() for c in page.low[bounds[0] : start]):
        return None
    for word in pattern.never:
        if _within((Link(word, near=True),), found, page, bounds) is not None:
            return None
    for chain in pattern.chains[1:]:
        partner = _within(chain, found, page, bounds)
        if partner is None:
            return None
        start, end = min(start, partner[0]), max(end, partner[1])
    return start, end


def _within(chain: Sequence[Link], found: Found, page: Page, bounds: Span) -> Span | None:
    """Return the first place of `chain` that begins in the sentence with these `bounds`."""
    places = found.get(chain[0].word)
    for at in range(bisect_left(places, (bounds[0], 0)), len(places)):
        start, end = places[at]
        if start >= bounds[1]:
            return None
        last = end if len(chain) == 1 else _follow(chain, 1, end, found, page)
        if last is not None:
            return start, last
    return None


def _follow(chain: Sequence[Link], at: int, end: int, found: Found, page: Page) -> int | None:
    """Return where the rest of the chain ends when it begins after `end`."""
    if at == len(chain):
        return end
    link = chain[at]
    places = found.get(link.word)
    first = bisect_left(places, (end, 0))
    for place in places[first : first + 4]:
        if link.near:
            if not _touch(page.low, end, place[0]):
                continue
        elif place[0] - end > _REACH or page.sentence(end - 1) != page.sentence(place[0]):
            return None
        last = _follow(chain, at + 1, place[1], found, page)
        if last is not None:
            return last
    return None


def _touch(low: str, end: int, start: int) -> bool:
    """Tell whether nothing that is read stands between `end` and `start`."""
    if start - end < 2:
        return start == end or not low[end].isalnum()
    return start - end <= _NEAR and not any(c.isalnum() for c in low[end:start])


@dataclass(frozen=True, slots=True)
class Index(Generic[T]):
    """Patterns with what they mean, found by their rarest word."""

    by_word: Mapping[int, Sequence[tuple[frozenset[int], Pattern, T]]]
    keys: frozenset[int]

    @classmethod
    def of(cls, patterns: Iterable[tuple[Pattern, T]], weight: Callable[[int], float]) -> Index[T]:
        """Lay out `patterns` so that a page is only held against those it may hold.

        `weight` tells how common an element is in texts, roughly.
        """
        every = list(patterns)
        needed = [pattern.words for pattern, _ in every]
        common = Counter(word for words in needed for word in words)
        rank = {word: (weight(word), count, word) for word, count in common.items()}
        by_word: dict[int, list[tuple[frozenset[int], Pattern, T]]] = {}
        for words, (pattern, meaning) in zip(needed, every, strict=True):
            rarest = min(words, key=rank.__getitem__)
            by_word.setdefault(rarest, []).append((words, pattern, meaning))
        return cls(by_word, frozenset(by_word))

    def search(self, found: Found, page: Page) -> Iterator[tuple[Span, T]]:
        """Yield the first place of every pattern that stands in `page`, with its meaning."""
        for pattern, meaning in self._may_stand(found):
            span = find(pattern, found, page)
            if span is not None:
                yield span, meaning

    def search_all(self, found: Found, page: Page) -> Iterator[tuple[list[Span], T]]:
        """Yield all places of every pattern that stands in `page`, with its meaning."""
        for pattern, meaning in self._may_stand(found):
            spans = list(find_all(pattern, found, page))
            if spans:
                yield spans, meaning

    def _may_stand(self, found: Found) -> list[tuple[Pattern, T]]:
        """Return the patterns all of whose words are on the page, and find those words."""
        present = found.present
        candidates = [
            (words, pattern, meaning)
            for word in present & self.keys
            for words, pattern, meaning in self.by_word[word]
            if words <= present
        ]
        found.locate(frozenset().union(*[words for words, _, _ in candidates]))
        return [(pattern, meaning) for _, pattern, meaning in candidates]
