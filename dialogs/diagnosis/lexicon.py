"""The notation in which signs are written, and how a page is searched for all of them at once.

    password rejected        these words, one after the other
    reject*                  any word that begins so
    sign in|log in           either; alternatives may have several words
    <refuse>                 any word or phrase of that class of `vocabulary.toml`
    password ~ <refuse>      in this order, at most 60 characters apart, in one sentence
    new + code|link          new, and at once either of the others
    <refuse> & password      in one sentence, in any order
    ^ add                    at the beginning of a sentence
    !<not>                   the sentence holds none of these

Chinese, Japanese and Korean words are found inside longer runs of letters; all others are whole
words. Accents, case, width and quotes never matter. `ConnectionFailed` is also read in its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dialogs.diagnosis.matching import Found, Index, Link, Pattern, Span
from dialogs.diagnosis.page import Page, fold

Classes = Mapping[str, Sequence[str]]
"""The vocabulary: class -> its words and phrases, in all languages."""

_OPERATORS = frozenset("~&+^")
_TOKEN = re.compile(
    r"[a-z\u00df-\u024f]+(?:'(?:t|s|re|ve|ll|d|m)(?![a-z]))?|\d+|[\uac00-\ud7a3]+"
    r"|[\u3005\u3040-\u30ff\u3400-\u9fff]+|[?:]"
)
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ASIAN = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_MOST = 1000
"""Places of one word that are looked at; a text that repeats it more often says nothing new."""
_LONGEST = 40
"""Longer runs of letters are no words; they are read but not remembered."""


class BadPatternError(ValueError):
    """A sign is not written in the notation; the message quotes it and says why."""


@dataclass(slots=True)
class Lexicon:
    """All words of all patterns; reads a page in one pass.

    An *element* is what a pattern names ("reject*", "a|b", "<refuse>"); a *word* is one spelling of
    it, a phrase included. Both have numbers; a word may belong to many elements.
    """

    elements: dict[str, int] = field(default_factory=dict)
    members: list[list[int]] = field(default_factory=list)
    """The words of each element."""
    words: dict[str, int] = field(default_factory=dict)
    of: list[set[int]] = field(default_factory=list)
    """The elements of each word."""
    whole: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=dict)
    phrases: list[tuple[Pattern, int]] = field(default_factory=list)
    _index: Index[int] | None = None
    _named: dict[str, Sequence[int]] = field(default_factory=dict)
    _known: dict[str, tuple[tuple[int, int, int], ...]] = field(default_factory=dict)

    def number(self, element: str, classes: Classes) -> int:
        """Return the number of `element`, learning it if it is new."""
        if element in self.elements:
            return self.elements[element]
        number = self.elements[element] = len(self.elements)
        self.members.append([])  # its place, before the words of a phrase take theirs
        words = {word for piece in element.split("|") for word in self._words(piece, classes)}
        self.members[number] = sorted(words)
        for word in words:
            self.of[word].add(number)
        return number

    def _words(self, piece: str, classes: Classes) -> Sequence[int]:
        """Return the numbers of what `piece` names, a class or one word."""
        if piece not in self._named:
            if piece.startswith("<") and piece.endswith(">"):
                if piece[1:-1] not in classes:
                    raise BadPatternError(f"no class {piece} in the vocabulary")
                self._named[piece] = [
                    word for member in classes[piece[1:-1]] for word in self._words(member, classes)
                ]
            else:
                self._named[piece] = [self._file(fold(piece))]
        return self._named[piece]

    def _file(self, word: str) -> int:
        """Return the number of `word`, putting a new one where the reader looks for its like."""
        if word in self.words:
            return self.words[word]
        number = self.words[word] = len(self.words)
        self.of.append(set())
        if " " in word or len(_pieces(word)) > 1:
            self.phrases.append((parse(word, self, {}), number))
        elif _ASIAN.search(word):
            self.inside[word] = number
        elif word.endswith("*"):
            self.stems[word[:-1]] = number
        else:
            self.whole[word] = number
        return number

    def read(self, page: Page) -> Found:
        """Return where the elements stand on `page`."""
        places: dict[int, list[Span]] = {}
        plain, known = page.plain, self._known
        for token in _TOKEN.finditer(page.low):
            start, end = token.span()
            word = plain[start:end]
            hits = known.get(word)
            if hits is None:
                hits = self._look_up(word, token[0])
            for first, last, number in hits:
                spans = places.get(number)
                if spans is None:
                    places[number] = [(start + first, start + last)]
                elif len(spans) < _MOST:
                    spans.append((start + first, start + last))
        found = Found(places, self.of, self.members)
        for spans, number in list(self._phrases().search_all(found, page)):
            found.add(number, spans[:_MOST], self.of[number])
        return found

    def _phrases(self) -> Index[int]:
        if self._index is None:
            self._index = Index.of(self.phrases)
        return self._index

    def _look_up(self, word: str, low: str) -> tuple[tuple[int, int, int], ...]:
        if _ASIAN.match(low):
            hits = tuple(self._parts(low))
        else:
            numbers = self._numbers_of(low)
            hits = tuple((0, len(low), number) for number in sorted(numbers))
            if not word.islower() and not word.isupper() and not word[1:].islower():
                for hump in _HUMP.finditer(word):
                    first, last = hump.span()
                    hits += tuple((first, last, n) for n in self._numbers_of(low[first:last]))
        if len(word) <= _LONGEST:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[word] = hits
        return hits

    def _numbers_of(self, word: str) -> set[int]:
        numbers = {self.whole[word]} if word in self.whole else set()
        for length in range(2, min(len(word), _LONGEST) + 1):
            if word[:length] in self.stems:
                numbers.add(self.stems[word[:length]])
        return numbers

    def _parts(self, run: str) -> Iterator[tuple[int, int, int]]:
        longest = max(map(len, self.inside), default=0)
        for first in range(len(run)):
            for last in range(first + 1, min(first + longest, len(run)) + 1):
                number = self.inside.get(run[first:last])
                if number is not None:
                    yield first, last, number


def parse(text: str, lexicon: Lexicon, classes: Classes) -> Pattern:
    """Return the pattern written as `text`. Raises `BadPatternError`."""
    chains: list[list[Link]] = [[]]
    never: list[int] = []
    near, at_start = True, False
    for part in _parts(text):
        if part == "^":
            at_start = True
        elif part == "~":
            near = False
        elif part == "&":
            chains.append([])
            near = True
        elif part.startswith("!"):
            never.append(lexicon.number(part[1:], classes))
        elif part and part != "+":
            for word in _pieces(part):
                chains[-1].append(Link(lexicon.number(word, classes), near))
                near = True
    if not all(chains) or not near:
        raise BadPatternError(f"'{text}': a word is missing")
    return Pattern(tuple(map(tuple, chains)), tuple(never), at_start)


def _parts(text: str) -> list[str]:
    """Cut a pattern at its operators; the words between two of them stay together."""
    parts = [""]
    for piece in text.split():
        if piece in _OPERATORS or piece.startswith("!"):
            parts += [piece, ""]
        else:
            parts[-1] += f" {piece}"
    return [part.strip() for part in parts]


def _pieces(part: str) -> list[str]:
    """Cut words as the reader cuts a text: "sign-in" is two; alternatives stay together."""
    if "|" in part:
        return [part]
    words: list[str] = []
    for piece in part.split():
        if piece.startswith("<") or piece in {"?", ":"}:
            words.append(piece)
            continue
        found = _TOKEN.findall(fold(piece))
        if not found:
            raise BadPatternError(f"'{part}': '{piece}' holds no word")
        words += [*found[:-1], found[-1] + ("*" if piece.endswith("*") else "")]
    return words
