"""The notation in which signs are written, and how a page is searched for all of them at once.

    password rejected        these words, one after the other
    reject*                  any word that begins so
    sign in|log in           either; alternatives may have several words
    <refuse>                 any word or phrase of that class of `vocabulary.toml`
    password ~ <refuse>      in this order, at most 60 characters apart, in one sentence
    new + code|link          new, and at once either of the others
    <refuse> & password      in one sentence, in any order
    ^ add                    at the beginning of a sentence
    !<not>                   the sentence holds none of these; several words are a phrase
    ? : [x] (#               these marks count as words; [x] is also an empty box

Chinese, Japanese and Korean words are found inside longer runs of letters; all others are whole
words. Accents, case, width and quotes never matter. `ConnectionFailed` is also read in its parts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from dialogs.diagnosis.matching import Element, Found, Index, Link, Pattern
from dialogs.diagnosis.page import Page, fold
from dialogs.diagnosis.spans import Span
from dialogs.memory import Memory

Classes = Mapping[str, Sequence[str]]
"""The vocabulary: class -> its words and phrases, in all languages."""

_OPERATORS = frozenset("~&+^")
_TOKEN = re.compile(
    r"[a-z\u00df-\u024f]+(?:'(?:t|s|re|ve|ll|d|m)(?![a-z]))?|\d+|[\uac00-\ud7a3]+"
    r"|[\u3005\u3040-\u30ff\u3400-\u9fff]+|[?:]|\[[ x]\]|\(#"
)
_BOX = "[x]"
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ASIAN = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_MOST = 1000
"""Places of one word that are looked at; a text that repeats it more often says nothing new."""
_CAREFUL = 8
"""Words of so many letters are known with one letter missing, doubled, changed or misplaced."""
_LONGEST = 40
"""Letters of a run that are held against the known words; longer runs are no words."""
_RUN = 400
"""Letters of a run in which words are looked for."""


class BadPatternError(ValueError):
    """A sign is not written in the notation; the message quotes it and says why."""


_Meaning = Sequence[tuple[int, int, int]]
"""What a run means: where in it each word begins and ends."""


@dataclass(slots=True)
class Lexicon:
    """All words of all patterns; reads a page in one pass.

    A *word* is one spelling, a phrase included ("reject*", "sign in"); a *choice* is several of
    them, of which any will do ("a|b", "<refuse>"). A pattern is made of these elements.
    """

    words: dict[str, int] = field(default_factory=dict)
    choices: list[int] = field(default_factory=list)
    """A bit for each choice that a word belongs to."""
    members: list[Set[int]] = field(default_factory=list)
    """The words of each choice."""
    whole: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=dict)
    phrases: list[tuple[Pattern, int]] = field(default_factory=list)
    _longest: int = 0
    """Letters of the longest word of `inside`."""
    _elements: dict[str, Element] = field(default_factory=dict)
    _named: dict[str, Sequence[int]] = field(default_factory=dict)
    _memory: Memory[_Meaning] = field(init=False)
    _index: Index[int] | None = None
    _near: dict[str, tuple[str, ...]] | None = None

    def __post_init__(self) -> None:
        self._memory = Memory(self._meaning)

    def element(self, name: str, classes: Classes) -> Element:
        """Return the number of the element `name`, learning it if it is new."""
        known = self._elements.get(name)
        if known is None:
            words = {word for piece in name.split("|") for word in self._words(piece, classes)}
            known = words.pop() if len(words) == 1 else self._choice(words)
            self._elements[name] = known
        return known

    def bit(self, name: str, classes: Classes) -> int:
        """Return the bit of the class `name` in `Found.choices`."""
        words = set(self._words(f"<{name}>", classes))
        return 1 << ~self._choice(words)

    def _choice(self, words: Set[int]) -> Element:
        bit = 1 << len(self.members)
        for word in words:
            self.choices[word] |= bit
        self.members.append(frozenset(words))  # a copy has no room for more: there are many
        return -len(self.members)

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
        """Return the number of `word`, putting a new one where the reader looks for its like.

        Raises `BadPatternError`.
        """
        if word in self.words:
            return self.words[word]
        if "|" in word:
            raise BadPatternError(f"'{word}': the members of a class are written one by one")
        number = self.words[word] = len(self.words)
        self.choices.append(0)
        if word.isascii() and word.isalpha():
            self.whole[word] = number
        elif " " in word or len(_pieces(word)) > 1:
            self.phrases.append((parse(word, self, {}), number))
        elif _ASIAN.search(word):
            self.inside[word] = number
            self._longest = max(self._longest, len(word))
        elif word.endswith("*"):
            self.stems[word[:-1]] = number
        else:
            self.whole[word] = number
        return number

    def read(self, page: Page) -> Found:
        """Return what stands on `page`."""
        places: defaultdict[int, list[Span]] = defaultdict(list)
        for start, meaning in zip(page.starts, self._memory.of(page.runs), strict=False):
            for first, last, word in meaning:
                places[word].append((start + first, start + last))
        if len(page.low) > _MOST:
            for every in places.values():
                del every[_MOST:]
        found = Found(places, self.members)
        for every, word in self._phrases().search_all(found, page):
            found[word] = sorted({*every[:_MOST]})
        found.choices = reduce(or_, map(self.choices.__getitem__, found), 0)
        return found

    def _phrases(self) -> Index[int]:
        if self._index is None:
            self._index = Index.of(self.phrases, self.members, list(self.words))
        return self._index

    def _meaning(self, run: str) -> _Meaning:
        """Return which words stand where in `run`."""
        known: dict[str, _Meaning] = {}  # a run without spaces may be one mark ten thousand times
        places: list[tuple[int, int, int]] = []
        for token in _TOKEN.finditer(fold(run)):
            start, end = token.span()
            word = run[start:end]
            if word not in known:
                known[word] = sorted(set(self._look_up(word, token[0])))
            places += [(start + first, start + last, number) for first, last, number in known[word]]
        return tuple(places)

    def _look_up(self, word: str, low: str) -> Iterator[tuple[int, int, int]]:
        """Yield the words in one run of letters: it may be several, or hold several."""
        low = _BOX if low[0] == "[" else low
        if _ASIAN.match(low):
            yield from self._parts(low[:_RUN])
            return
        for number in self._numbers_of(low):
            yield 0, len(low), number
        if (
            low not in self.whole
            and len(word) <= _RUN
            and not word.islower()
            and not word[1:].islower()
        ):
            for hump in _HUMP.finditer(word) if not word.isupper() else ():
                first, last = hump.span()
                for number in self._numbers_of(low[first:last]):
                    yield first, last, number

    def _numbers_of(self, word: str) -> set[int]:
        """Return the words that `word` is, or is meant to be when one letter went wrong."""
        numbers = self._exact(word)
        if not numbers and _CAREFUL <= len(word) <= _LONGEST and word.isalpha():
            for short in _shorter(word):
                for meant in self._shortened().get(short, ()):
                    if meant[0] == word[0]:
                        numbers |= self._exact(meant)
        return numbers

    def _shortened(self) -> Mapping[str, Sequence[str]]:
        """Every long word and each of its forms with one letter gone -> the words meant."""
        if self._near is None:
            near: dict[str, tuple[str, ...]] = {}
            for word in dict.fromkeys((*self.whole, *self.stems)):
                if len(word) >= _CAREFUL and word.isalpha() and word.isascii():
                    for short in {*_shorter(word)}:
                        near[short] = (*near.get(short, ()), word)
            self._near = near
        return self._near

    def _exact(self, word: str) -> set[int]:
        numbers = {self.whole[word]} if word in self.whole else set()
        for length in range(2, min(len(word), _LONGEST) + 1):
            if word[:length] in self.stems:
                numbers.add(self.stems[word[:length]])
        return numbers

    def _parts(self, run: str) -> Iterator[tuple[int, int, int]]:
        for first in range(len(run)):
            for last in range(first + 1, min(first + self._longest, len(run)) + 1):
                number = self.inside.get(run[first:last])
                if number is not None:
                    yield first, last, number


def parse(text: str, lexicon: Lexicon, classes: Classes) -> Pattern:
    """Return the pattern written as `text`. Raises `BadPatternError`."""
    if text.isascii() and text.replace(" ", "").isalpha():  # most are some words and nothing else
        chain = tuple([(lexicon.element(word, classes), True) for word in text.lower().split()])
        return Pattern((chain,), alone=True)
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
            never.append(lexicon.element(part[1:], classes))
        elif part and part != "+":
            for word in _pieces(part):
                chains[-1].append((lexicon.element(word, classes), near))
                near = True
    if not all(chains) or not near:
        raise BadPatternError(f"'{text}': a word is missing")
    alone = len(chains) == 1 and not never and not at_start
    return Pattern(tuple(map(tuple, chains)), tuple(never), at_start, alone)


def _parts(text: str) -> list[str]:
    """Cut a pattern at its operators; the words between two of them stay together."""
    pieces = text.split()
    if _OPERATORS.isdisjoint(pieces) and "!" not in text:
        return [" ".join(pieces)]
    parts = [""]
    for piece in pieces:
        if piece in _OPERATORS:
            parts += [piece, ""]
        elif piece.startswith("!"):
            parts.append(piece)
        else:
            parts[-1] += f" {piece}"
    return [part.strip() for part in parts]


def _pieces(part: str) -> list[str]:
    """Cut words as the reader cuts a text: "sign-in" is two; alternatives stay together."""
    if "|" in part:
        return [part]
    if part.isascii() and part.replace(" ", "").isalpha():
        return part.lower().split()
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


def _shorter(word: str) -> Iterator[str]:
    """Yield `word` and its forms with one letter gone; misspellings meet there."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
