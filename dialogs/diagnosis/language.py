"""Which language the person writes, told from their own words and not from what they pasted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, repeat

from dialogs.diagnosis.page import COVER, Page, fold
from dialogs.memory import Memory

_AADSTS = re.compile(
    r"aadsts\d+(?:(?:\s{0,2}[,.;?!)]|\s(?:in|on|for|my|our|your|when|since|after|again|and|but|error|errors|i|we"
    r"|what|how|why|please|help|is|fehler|im|bei|en|dans|no|em|na)\b)"
    r"|[^\n\uac00-\ud7a3\u3041-\u30ff\u3400-\u9fff]{0,2000})"
)
"""A code and its message, unless the person goes on, also in another script."""
_PASTED = (
    ("{", re.compile(r"\{[^{}]{0,4000}\}?")),
    ("aadsts", _AADSTS),
    ('"', re.compile(r"\"[^\"\n]{0,2000}\"")),
    ("'", re.compile(r"(?<![a-z])'[^'\n]{2,400}'(?![a-z])")),
    ("`", re.compile(r"`[^`]{0,4000}`")),
    ("「", re.compile(r"「[^」\n]{0,400}」")),
    ("«", re.compile(r"«[^»\n]{0,400}»")),
    ("„", re.compile(r"„[^\"“”\n]{0,400}[\"“”]")),
    ("\n>", re.compile(r"\n>[^\n]{0,1000}")),
    (" at ", re.compile(r"\n\s+at [^\n]{0,400}")),
    ("<", re.compile(r"<[a-z!/][^<>]{0,400}>")),
)
"""Shapes of pasted text, each with a piece that must be there for the search to start."""

_HANGUL = re.compile("[\uac00-\ud7a3]+")
_EAST = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z\u00df-\u024f']+")
_ENOUGH = 2
"""Telling words that settle a language."""
_FAR = 2000
"""Characters that are looked at; people say who they are early."""

_BITS = 16
_FIGURE = (1 << _BITS) - 1
"""So far a language may be told: by 6 of each word, and there are fewer than `_FAR` of them."""

_ACCENTS = str.maketrans("äöüßàâçèéêëîïôùûáíóúñãõ", "aousaaceeeeiiouuaiounao")


@dataclass(slots=True)
class Languages:
    """The small words that tell a Latin-script language."""

    tellers: Mapping[str, int]
    """Word -> how much it tells of each language: a word that several share tells little.

    The figures of all languages are one number, each in its own `_BITS`, so that adding up numbers
    adds up all of them at once.
    """
    names: Sequence[str]
    """The languages in the order of those figures: English, then the others by name."""
    person: frozenset[str]
    """English words that a machine does not use of itself."""
    _memory: Memory[Sequence[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._memory = Memory(self._telling)

    @classmethod
    def of(cls, words: Mapping[str, Sequence[str]]) -> Languages:
        """Lay out `{language: words}`; under "person" stand the machine-free English ones."""
        found: dict[str, set[str]] = {}
        for language, every in words.items():
            for word in every if language != "person" else ():
                found.setdefault(word.translate(_ACCENTS), set()).add(language)
        names = sorted(set(words) - {"person"}, key=lambda name: (name != "en", name))
        figure = {name: 1 << place * _BITS for place, name in enumerate(names)}
        tellers = {word: sum(6 // len(of) * figure[it] for it in of) for word, of in found.items()}
        return cls(tellers, names, frozenset(words["person"]))

    def find(self, page: Page) -> str | None:
        """Return the language of the person's words on `page`; None when there are too few."""
        own = page.low
        for needle, shape in _PASTED:
            if needle in own:
                own = shape.sub(" ", own)
        if own is page.low and len(own) <= _FAR:
            words = set(chain.from_iterable(self._memory.of(page.runs)))
        else:
            words = set(_WORD.findall(own.replace(COVER, " ")[:_FAR]))
        # A person who writes English around a foreign label writes English.
        foreign = None if len(words & self.person) > _ENOUGH else _asian(own)
        return foreign or self._latin(words)

    def _telling(self, run: str) -> Sequence[str]:
        """Return the words of `run` that tell a language."""
        words = _WORD.findall(fold(run))
        return tuple(word for word in words if word in self.tellers or word in self.person)

    def _latin(self, words: Set[str]) -> str | None:
        told = sum(map(self.tellers.get, words, repeat(0)))
        english, others = told & _FIGURE, told >> _BITS
        if others:
            counts = [others >> place * _BITS & _FIGURE for place in range(len(self.names) - 1)]
            most = max(counts)
            if most >= 6 * _ENOUGH and 2 * most >= english:
                return self.names[1 + counts.index(most)]
        return "en" if english > 6 * _ENOUGH or words & self.person else None


def _asian(text: str) -> str | None:
    if text.isascii():
        return None
    hangul = sum(map(len, _HANGUL.findall(text)))
    if not _EAST.search(text):
        return "ko" if hangul >= _ENOUGH else None
    kana = len(_KANA.findall(text))
    han = len(_HAN.findall(text))
    if hangul >= _ENOUGH and hangul >= kana + han:
        return "ko"
    if kana and kana + han >= _ENOUGH:
        return "ja"
    return "zh" if han >= _ENOUGH else None
