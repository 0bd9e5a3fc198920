"""HTTP statuses: numbers that stand where a status stands, and not where a count or a room does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dialogs.diagnosis.connectors import SPELLINGS
from dialogs.diagnosis.page import COVER, Page, fold

_NUMBER = re.compile(
    r"[45](?<![\d.,$€£¥#₩][45])(?:(?<=4)(?:0[01345678]|1[0359]|2[29])|(?<=5)0[0234])"
    r"(?![\d]|[.,:]\d|[$€£¥%₩]|k\b)"
)
_MARKS = r"[\s\"'`*_:=#()\[\]{},.<>/|\\-]{0,6}"
_IS = r"(?:(?:is|was|of|number|no|code|est|ist|es|é|은|는|가|이|が|は|为|是)[\s:\"']{1,3})?"
_END = r"|\s{0,3}[)\]}|\"'`;,!?\n]|\s{0,2}\.(?:\s|$)|\s*$"
_POINTING = frozenset("([:=>→.!?。")
_SIGN = r"|[#$€£¥₩+]\s?$|(?<![a-z\d])(?!365\s)\d{1,9}[\s.,:/-]$|[-/.]$"


class Status(NamedTuple):
    """A status in a text."""

    start: int
    end: int
    number: int
    strength: int
    """3: named as a status. 2: met as one. 1: only a number that may be one."""


@dataclass(frozen=True, slots=True)
class Statuses:
    """What stands around a status, and around a number that is none."""

    named_before: re.Pattern[str]
    named_after: re.Pattern[str]
    refused_after: re.Pattern[str]
    beside: re.Pattern[str]
    beside_after: re.Pattern[str]
    met_before: re.Pattern[str]
    met_after: re.Pattern[str]
    counted_after: re.Pattern[str]
    thing_before: re.Pattern[str]

    @classmethod
    def of(cls, words: Mapping[str, Sequence[str]]) -> Statuses:
        """Compile the surroundings, by the keys of the vocabulary's `statuses`."""
        named, met = words["named-before"], words["met-before"]
        names = _any((*SPELLINGS, *words["beside"]))
        return cls(
            named_before=re.compile(rf"(?<![a-z])(?:{_any(named)})(?:/\d(?:\.\d)?)?{_MARKS}{_IS}$"),
            named_after=re.compile(rf"{_MARKS}(?:{_any(words['named-after'])})"),
            refused_after=re.compile(rf"{_MARKS}(?:{_any(words['refused-after'])})"),
            beside=re.compile(rf"(?<![a-z\d])(?:{names})[\s\"'`*_:=()\[\]-]{{1,4}}$"),
            beside_after=re.compile(rf"[\s:,-]{{1,3}}(?:{names})(?:{_END})"),
            met_before=re.compile(
                rf"(?<![a-z])(?:{_any(met)}|->|=>|→)[\s\"'`*_:(\[{{<>=-]{{1,4}}$"
            ),
            met_after=re.compile(rf"(?:'?s\b|{_after(words['met-after'], 1)}{_END})"),
            counted_after=re.compile(rf"-?(?:{_after(words['counted-after'], 0)})"),
            thing_before=re.compile(
                rf"(?<![a-z])(?:{_any(words['thing-before'])})[\s#:.\"'(-]{{0,3}}$" + _SIGN
            ),
        )

    def find(self, page: Page) -> Iterator[Status]:
        """Yield the statuses of `page` with how sure each is one."""
        low = page.low
        for match in _NUMBER.finditer(low):
            start, end = match.span()
            before, after = low[max(0, start - 32) : start], low[end : end + 28]
            if COVER in (before[-1:], after[:1]):
                continue
            strength = self._strength(before, after)
            if strength:
                yield Status(start, end, int(match[0]), strength)

    def _strength(self, before: str, after: str) -> int:
        named = bool(self.named_before.search(before))
        if named or self.refused_after.match(after):
            return 3
        if self.beside.search(before) and self.met_after.match(after):
            return 2
        if self.counted_after.match(after) or self.thing_before.search(before):
            return 0
        if self.named_after.match(after):
            return 3
        if not before.strip():
            return 3 if self.met_after.match(after) or self.beside_after.match(after) else 1
        if before.rstrip()[-1:] in _POINTING:
            return 3 if before[-1:] == "(" and after[:1] == ")" else 2
        if not self.met_after.match(after):
            return 0
        # Letters of Asia need no verb before the number: a count or a place was told apart above.
        asian = not (before.rstrip()[-1:] + after[:2].strip()).isascii()
        return 2 if asian or self.met_before.search(before) else 1


def _any(words: Iterable[str]) -> str:
    """Return an expression for any of `words`; a space in one may be another mark, or none."""
    ordered = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[\s_-]?") for word in ordered)


def _after(words: Iterable[str], space: int) -> str:
    """Return an expression for a word that follows a number; letters of Asia need no space."""
    ordered = sorted({fold(word) for word in words})
    latin = "|".join(re.escape(word) for word in ordered if word.isascii())
    asian = "|".join(re.escape(word) for word in ordered if not word.isascii())
    return rf"\s{{{space},3}}(?:{latin})\b|\s{{0,2}}(?:{asian})"
