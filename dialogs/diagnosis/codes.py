"""Named codes: AADSTS numbers, identifiers such as `DlpViolation`, hexadecimal and SQL numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from dialogs.diagnosis.page import Page, fold
from dialogs.memory import Memory

_AADSTS = re.compile(
    r"aad?\s?sts[\s:_#-]{0,3}([0-9olI](?:[\s=>-]{0,3}[0-9]|[ol](?![a-km-np-z])){3,7})(?![0-9])"
)
"""With `o` and `l` for digits where no word goes on: "AADSTS5o173", but not "AADSTS50173 on"."""
_BARE = re.compile(
    r"(?:error|err|code|codes|sts|fehler|erreur|codigo|erro|오류|에러|코드|エラー|コード|错误|代码|錯誤)"
    r"[\s\"'_a-z:=#([{>|은는이가-]{0,20}(?<!\d)([1-9]\d{4,6})(?!\d)"
    r"|(?:\(|^\W{0,3})([1-9]\d{4,6})(?=\W{0,3}(?:$|[:)]))",
    re.MULTILINE,
)
"""A number of AADSTS without its prefix: after a word for error, in brackets, alone on a line."""
_DATABASE = re.compile(
    r"sql|oracle|ora-|database|datenbank|base de d|데이터베이스|데이터 베이스|데이터 원본"
    r"|データベース|数据库|資料庫|login|로그인|severity|\(\d{4,5},|\berror\W{1,3}\d|^\W*\d+\W*$"
)
"""What makes a bare number one of a database's: without it, it is that of a line or a room."""
_TOKEN = re.compile(r"-?[A-Za-z0-9]+(?:(?:__?|-)[A-Za-z0-9]+)*")
_DIGITS = re.compile(r"[0-9]{5}")
_LONG = "00000"
"""Stands for a number that may be one of AADSTS."""
_SPLIT = re.compile(r"[\s=>-]")
_LOOK = str.maketrans({"o": "0", "l": "1", "I": "1"})


class Code(NamedTuple):
    """A named code in a text."""

    start: int
    end: int
    name: str
    """As it is quoted: "AADSTS50173"."""
    source: str | None
    """The cause or look-alike that claims it; None for an AADSTS number nobody knows."""


@dataclass(slots=True)
class CodeBook:
    """Every named code and whose it is."""

    aadsts: Mapping[str, str]
    """Number -> source."""
    words: Mapping[str, tuple[str, str]]
    """Every accepted spelling -> the code and its source."""
    _memory: Memory[Sequence[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._memory = Memory(self._held)

    @classmethod
    def of(cls, codes: Mapping[str, Sequence[str]]) -> CodeBook:
        """Lay out the codes of each source, `{source: codes}`."""
        aadsts: dict[str, str] = {}
        words: dict[str, tuple[str, str]] = {}
        for source, names in codes.items():
            for name in names:
                if name.startswith("AADSTS"):
                    aadsts[name.removeprefix("AADSTS")] = source
                else:
                    words.update(dict.fromkeys(_spellings(name), (name, source)))
        return cls(aadsts, words)

    def find(self, page: Page) -> Iterator[Code]:
        """Yield the codes of `page`; ids and addresses are covered there."""
        low = page.low
        if "sts" in low:
            yield from self._prefixed(low)
        held = dict.fromkeys(chain.from_iterable(self._memory.of(page.runs)))
        if _LONG in held:
            for bare in _BARE.finditer(low):
                number = bare[1] or bare[2]
                if number in self.aadsts:
                    span = bare.span(1 if bare[1] else 2)
                    yield Code(*span, f"AADSTS{number}", self.aadsts[number])
        for word in filter(self.words.__contains__, held):
            if word.isdecimal() and not _DATABASE.search(low):
                continue
            start = page.plain.index(word)
            yield Code(start, start + len(word), *self.words[word])

    def _held(self, run: str) -> Sequence[str]:
        """Return the named codes in `run`, and `_LONG` when it holds a number that may be one."""
        names = list(filter(self.words.__contains__, _TOKEN.findall(run)))
        return [*names, _LONG] if _DIGITS.search(fold(run)) else names

    def _prefixed(self, low: str) -> Iterator[Code]:
        for match in _AADSTS.finditer(low):
            digits = _SPLIT.sub("", match[1]).translate(_LOOK)
            number = next((digits[:n] for n in (7, 6, 5) if digits[:n] in self.aadsts), digits[:7])
            yield Code(*match.span(), f"AADSTS{number}", self.aadsts.get(number))


def _spellings(name: str) -> set[str]:
    """Return how a code may be written; `forbidden` in a sentence is no code.

    A page has two underscores where Markdown has escaped one.
    """
    forms = {name, name.upper()} if name.isalpha() else {name, name.upper(), name.lower()}
    return forms | {form.replace("_", "__") for form in forms}
