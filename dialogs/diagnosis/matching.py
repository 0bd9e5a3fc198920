"""Where a pattern stands on a page. `lexicon.py` reads the words and the notation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain as joined
from typing import Generic, NamedTuple, TypeVar

from dialogs.diagnosis.page import Page
from dialogs.diagnosis.spans import Span

T = TypeVar("T")

_REACH = 60
"""Characters that `~` may skip."""
_NEAR = 8
"""Marks and spaces that may stand between words that follow at once."""
_ALL = -1


Element = int
"""What a pattern asks for: a word, by its number; or a choice of words, by one below zero."""


class Found(dict[Element, Sequence[Span]]):
    """Where each word stands on a page, in order; and each choice, once it was asked for."""

    __slots__ = ("choices", "members")

    def __init__(self, words: Mapping[int, Sequence[Span]], members: Sequence[Set[int]]) -> None:
        """Take the places of `words`; `members` are the words of each choice, of -1 first."""
        super().__init__(words)
        self.members = members
        self.choices = 0
        """A bit for each choice that stands on the page."""

    def __missing__(self, element: Element) -> Sequence[Span]:
        """Return the places of a choice; none for a word that is not there."""
        if element >= 0:
            return ()
        words = self.members[~element] & self.keys()
        if len(words) == 1:
            places = self[words.pop()]
        else:
            places = sorted(set(joined.from_iterable(map(self.__getitem__, words))))
        self[element] = places
        return places


Link = tuple[Element, bool]
"""One element of a chain; the second is true when it must follow at once."""


class Pattern(NamedTuple):
    """Chains that must all stand in one sentence, in any order."""

    chains: tuple[tuple[Link, ...], ...]
    never: tuple[Element, ...] = ()
    at_start: bool = False
    alone: bool = False
    """True when the first chain is all there is to find."""

    @property
    def elements(self) -> frozenset[Element]:
        """Return all elements that it cannot do without."""
        return frozenset([element for chain in self.chains for element, _ in chain])


def find_all(pattern: Pattern, found: Found, page: Page, most: int = _ALL) -> list[Span]:
    """Return the places where `pattern` stands on `page`, in order, and at most so many."""
    chain, alone = pattern.chains[0], pattern.alone
    places: list[Span] = []
    known = -1
    rest: Span | None = None
    for start, end in found[chain[0][0]]:
        last = end if len(chain) == 1 else _follow(chain, 1, end, found, page)
        if last is None:
            continue
        if not alone:
            if start >= known:  # asked once for each sentence, however many places it has
                bounds = page.bounds(start)
                rest, known = _rest(pattern, start, found, page, bounds), bounds[1]
            if rest is None:
                continue
            start, last = min(start, rest[0]), max(last, rest[1])
        places.append((start, last))
        if len(places) == most:
            break
    return places


def _rest(pattern: Pattern, first: int, found: Found, page: Page, bounds: Span) -> Span | None:
    """Return how far the other chains of `pattern` reach in the sentence with these `bounds`.

    None when one is missing, when something is there that must not be, or when words stand before
    the first chain, at `first`, that must not: for its later places all that is no different.
    """
    if pattern.at_start and any(map(str.isalnum, page.low[bounds[0] : first])):
        return None
    for element in pattern.never:
        if _within(((element, True),), found, page, bounds) is not None:
            return None
    start, end = bounds[1], 0
    for chain in pattern.chains[1:]:
        partner = _within(chain, found, page, bounds)
        if partner is None:
            return None
        start, end = min(start, partner[0]), max(end, partner[1])
    return start, end


def _within(chain: Sequence[Link], found: Found, page: Page, bounds: Span) -> Span | None:
    """Return the first place of `chain` that begins in the sentence with these `bounds`."""
    places = found[chain[0][0]]
    for at in range(bisect_left(places, (bounds[0], 0)), len(places)):
        start, end = places[at]
        if start >= bounds[1]:
            return None
        last = end if len(chain) == 1 else _follow(chain, 1, end, found, page)
        if last is not None:
            return start, last
    return None


def _follow(chain: Sequence[Link], at: int, end: int, found: Found, page: Page) -> int | None:
    """Return where the rest of the chain, from `at` on, ends when it begins after `end`."""
    element, near = chain[at]
    places = found[element]
    if not places or places[-1][0] < end:
        return None
    first = bisect_left(places, (end, 0)) if places[0][0] < end else 0
    for start, last in places[first : first + 4]:
        if not (_touch(page.low, end, start) if near else _in_reach(page, end, start)):
            return None  # what keeps this one away keeps all that come later
        if at + 1 == len(chain):
            return last
        whole = _follow(chain, at + 1, last, found, page)
        if whole is not None:
            return whole
    return None


def _touch(low: str, end: int, start: int) -> bool:
    """Tell whether nothing that is read stands between `end` and `start`."""
    if start - end < 2:
        return start == end or not low[end].isalnum()
    return start - end <= _NEAR and not any(map(str.isalnum, low[end:start]))


def _in_reach(page: Page, end: int, start: int) -> bool:
    """Tell whether `start` is near enough for `~`, in the sentence that goes on at `end`."""
    if start - end > _REACH:
        return False
    breaks = page.breaks
    return not breaks or bisect_right(breaks, end - 1) == bisect_right(breaks, start)


Meant = tuple[Pattern, T]
"""A pattern with what it means."""


_Wanting = tuple[int, int, frozenset[int], Meant[T]]
"""A pattern by its number, the choices (as bits) and the further words that it needs."""
_Shelf = tuple[int, Sequence[Meant[T]], Sequence[_Wanting[T]]]
"""The patterns that need this second word: first those that need nothing else."""


def _shelf(
    ready: Mapping[int, Mapping[int, Sequence[Meant[T]]]],
    wanting: Mapping[int, Mapping[int, Sequence[_Wanting[T]]]],
    word: int,
) -> Sequence[_Shelf[T]]:
    """Return the patterns whose first word is `word`, by their second one."""
    now, later = ready.get(word, {}), wanting.get(word, {})
    return tuple((it, tuple(now.get(it, ())), tuple(later.get(it, ()))) for it in {**now, **later})


@dataclass(frozen=True, slots=True)
class Index(Generic[T]):
    """Patterns with what they mean; a page is only held against those it may hold."""

    shelves: Mapping[int, Sequence[_Shelf[T]]]
    """By the rarest word of each pattern, then by its next; of choices each word has its turn."""

    @classmethod
    def of(
        cls,
        patterns: Iterable[Meant[T]],
        members: Sequence[Set[int]],
        spellings: Sequence[str],
    ) -> Index[T]:
        """Lay out `patterns`, whose choices have these `members`."""
        every = [(meant[0].elements, meant) for meant in patterns]
        common = Counter(element for elements, _ in every for element in elements)

        def often(element: Element) -> tuple[bool, float, Element]:
            """Rank elements roughly by how often they are met: many and short words, often."""
            if element < 0:
                return True, len(members[~element]) * common[element], element
            return False, common[element] / len(spellings[element]) ** 2, element

        rank = {element: often(element) for element in common}
        # By the first and the second word: what needs no more, and what does.
        ready: dict[int, dict[int, list[Meant[T]]]] = {}
        wanting: dict[int, dict[int, list[_Wanting[T]]]] = {}
        for number, (elements, meant) in enumerate(every):
            first, *others = sorted(elements, key=rank.__getitem__)
            words = [it for it in others if it >= 0]
            if first >= 0 and len(words) == len(others) < 2:
                second = words[0] if words else first
                ready.setdefault(first, {}).setdefault(second, []).append(meant)
                continue
            choices = sum([1 << ~it for it in others if it < 0])
            wants = number, choices, frozenset(words[1:]), meant
            for word in (first,) if first >= 0 else members[~first]:
                second = words[0] if words else word
                wanting.setdefault(word, {}).setdefault(second, []).append(wants)
        return cls({word: _shelf(ready, wanting, word) for word in {**ready, **wanting}})

    def search(self, found: Found, page: Page) -> Iterator[tuple[Span, T]]:
        """Yield the first place of every pattern that stands in `page`, with its meaning."""
        for pattern, meaning in self._may_stand(found):
            if pattern.alone and len(pattern.chains[0]) == 1:
                yield found[pattern.chains[0][0][0]][0], meaning
                continue
            spans = find_all(pattern, found, page, 1)
            if spans:
                yield spans[0], meaning

    def search_all(self, found: Found, page: Page) -> Iterator[tuple[list[Span], T]]:
        """Yield all places of every pattern that stands in `page`, with its meaning."""
        for pattern, meaning in self._may_stand(found):
            spans = find_all(pattern, found, page)
            if spans:
                yield spans, meaning

    def _may_stand(self, found: Found) -> list[Meant[T]]:
        """Return the patterns all of whose elements are on the page."""
        shelves, words, there = self.shelves, found.keys(), found.choices
        ready: list[Meant[T]] = []
        wanting: list[_Wanting[T]] = []
        for word in words & shelves.keys():
            for second, patterns, others in shelves[word]:
                if second in words:
                    ready += patterns
                    wanting += others
        there_too = {
            number: meant  # once: of a choice, several words may be there
            for number, choices, more, meant in wanting
            if choices & there == choices and (not more or words >= more)
        }
        ready += there_too.values()
        return ready
