"""A text made ready to be read: folded to one spelling, its ids covered, cut into sentences.

Folding never changes a length, so every position in a page is a position in the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, count
from operator import add

COVER = "\x01"
"""Stands for every character of an id or address: nothing is read there."""

_ESCAPE = re.compile(r"\\+u[0-9a-fA-F]{4}|\\+[nrt\"'/]|\\+")
_ENTITY = re.compile(r"&(?:amp;)?(?:quot|apos|lt|gt|nbsp|amp|#\d{1,4}|#x[0-9a-fA-F]{1,4});")
_TAG = re.compile(r"</?[a-zA-Z][\w:.-]{0,40}(?:\s(?!\s*[\[({\d])[^<>]{0,300})?/?>")
"""A tag has attributes, if anything, inside: `<Response [401]>` is what a program prints."""
_BLOCK_TAG = re.compile(r"</?(?:p|br|div|li|tr|td|th|h\d|ul|ol|table|title|body|pre)\b", re.I)
_HOST = r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}"
_TAIL = r"[a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,5}"
_DIGIT_FIRST = re.compile(
    r"""[0-9](?<![0-9a-z.][0-9])(?:
      (?<=0)8\d{18,30}cu\d{2,4}(?![a-z0-9])                            # a run
    | \d{0,2}(?:\.\d{1,3}){3}(?![\d.])(?::\d{1,5})?                   # an IP address
    | \d{3}-\d\d?-\d\d?(?:[t\ ]\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?z?)?(?!\d)
    | \d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?!\d)                       # a time of day
    )""",
    re.VERBOSE,
)
_IDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (needle, re.compile(pattern))
    for needle, pattern in (
        ("[hidden: ", r"\[hidden: [a-z ]{1,30}\]"),  # what redaction leaves
        # What a form asks, and what it has ticked: nobody said that. "Feature" tells what form.
        ("## ", r"(?m)^#{2,6} (?![^\n]{0,200}feature)[^\n]{1,200}\?[ \t\r]{0,9}$"),
        ("[x] i", r"(?m)^[-*] \[x\] i(?: |'ve )[^\n]{1,300}"),
        ("://", r"(?:https?|wss?|ftp)://[^\s\"'<>\x01]{1,2000}"),
        ("requestid", r"[a-z](?<![a-z]{2})[a-z]{0,20}requestid(?![a-z])"),  # the key of an id
        ("%3a%2f%2f", r"https?%3a%2f%2f[^\s\"'<>\x01]{1,2000}"),
        ("@", r"[a-z0-9._%+-](?<![a-z0-9._%+-]{2})[a-z0-9._%+-]{0,63}@" + _HOST),
        *(
            (
                end,
                rf"[a-z0-9](?<![a-z0-9.-]{{2}}){_TAIL}\{end}(?![a-z0-9])(?:/[^\s\"'<>\x01]{{0,500}})?",
            )
            for end in (".com", ".net", ".org", ".io", ".us", ".cn")
        ),
    )
)
"""What nothing is read inside, each with a piece that must be there for the search to start.

Each begins with a class of characters and looks back only then: the search skips to those.
"""
_GUID = re.compile(
    r"[0-9a-f](?<![0-9a-z]{2})[0-9a-f]{7}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])"
)
_CALLED = "paths/invoke"
"""How the address of an HTTP trigger ends: that it is called is all that is read of it."""
_HYPHENS = 4
_HEX = re.compile(r"[0-9a-f](?<![0-9a-z]{2})(?=[a-f]{0,31}\d|(?<=\d))[0-9a-f]{31,63}(?![0-9a-z])")
_HEX_RUN = re.compile("[0-9a-f]{8}")
"""Of 32 such digits in a row, every fourth makes eight in a row."""

_BREAK = re.compile(
    r"[.!?…。！？；;|•\n}\]](?:"
    r"(?<=[.!?…])(?=[\s\"')\]*_]|$)|(?<=[。！？；;|•])"
    r"|(?<=\n)(?=[ \t\r]{0,40}(?:\n|[-*•#>|]|\d{1,2}[.)]\s|[^a-z\s]))"
    r"|(?<=[}\]])(?=\s*[,}\]]))"
)
_BETWEEN = '\t\n\r\x01!"$%&)*+,./;<=>@\\^`{|}~、。「」『』“”„«»…\xa0'
"""What stands between runs beside spaces: no word, code or box has any of it inside."""
_TO_SPACES = str.maketrans(_BETWEEN, " " * len(_BETWEEN))
_BOX = "[ ]"
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _spelling() -> dict[int, str]:
    """Map one character to the one it is read as: accents and widths gone, quotes straight."""
    table: dict[int, str] = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " "}
    table |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
    for code in [*range(0xC0, 0x180), *range(0xFF01, 0xFF5F), 0x3000]:
        plain = unicodedata.normalize("NFKD", chr(code))[0].lower()
        table[code] = plain if plain.isascii() else chr(code).lower()[0]
    return table


_SPELLING = _spelling()
_SPELT = re.compile(f"[{''.join(map(chr, _SPELLING))}]+")


def printable(text: str) -> str:
    """Return `text` without the characters that nobody sees; half characters become U+FFFD."""
    if text.isascii() and "\x00" not in text:
        return text
    return _SURROGATE.sub("\ufffd", _HIDDEN.sub("", text))


def fold(text: str) -> str:
    """Return `text` in lower case and one spelling, of the same length."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low if low.isascii() else _SPELT.sub(lambda odd: odd[0].translate(_SPELLING), low)


def _blank(match: re.Match[str]) -> str:
    """Keep what separates: an escaped line break still breaks the line."""
    text = match[0]
    if text[0] == "<":
        return ("\n" if _BLOCK_TAG.match(text) else " ") + " " * (len(text) - 1)
    if text[0] == "\\" and text[-1] == "n" and len(text) > 1:
        return " " * (len(text) - 1) + "\n"
    return " " * (len(text) - 1) + ("'" if text.endswith(("27", "39;")) else " ")


def unwrap(text: str) -> str:
    """Return `text` with JSON escapes, HTML entities and tags blanked, of the same length."""
    if "\\" in text:
        # Markdown escapes what stands in many codes: "invalid\\_grant".
        text = _ESCAPE.sub(_blank, text.replace("\\_", "__"))
    if "&" in text:
        text = _ENTITY.sub(_blank, text)
    if "<" in text:
        text = _TAG.sub(_blank, text)
    return text


@dataclass(slots=True)
class Page:
    """`plain` keeps the case, `low` is folded; ids are covered in both. `breaks` ends sentences."""

    plain: str
    low: str
    breaks: Sequence[int]
    starts: Sequence[int]
    """Where the runs begin: whatever is read as a word, a code, a box stands inside one of them."""
    runs: Sequence[str]
    """The runs, as they are spelt in `plain`; what stands between two of them is one character."""

    def sentence(self, at: int) -> int:
        """Return the number of the sentence that position `at` stands in."""
        return bisect_right(self.breaks, at)

    def bounds(self, at: int) -> tuple[int, int]:
        """Return where the sentence around `at` begins and ends."""
        number = self.sentence(at)
        start = self.breaks[number - 1] + 1 if number else 0
        return start, self.breaks[number] if number < len(self.breaks) else len(self.low)


def lay_out(text: str) -> Page:
    """Return the page of `text`; positions in it are positions in `text`."""
    plain = unwrap(text)
    low = fold(plain)
    holes: list[tuple[int, int]] = []

    def cover(hole: re.Match[str]) -> str:
        start, end = hole.span()
        at = low.find(_CALLED, start, end)
        if at < 0:
            holes.append((start, end))
            return COVER * (end - start)
        last = at + len(_CALLED)
        holes.extend(((start, at), (last, end)))
        return COVER * (at - start) + _CALLED + COVER * (end - last)

    for needle, pattern in _IDS:
        if needle in low:
            low = pattern.sub(cover, low)
    if low.count("-") >= _HYPHENS:
        low = _GUID.sub(cover, low)
    if _HEX_RUN.search(low[::4]):
        low = _HEX.sub(cover, low)
    low = _DIGIT_FIRST.sub(cover, low)
    plain = _without(plain, holes)
    runs = _spaced(plain).split(" ")
    starts = list(map(add, accumulate(map(len, runs), initial=0), count()))
    return Page(plain, low, [found.start() for found in _BREAK.finditer(low)], starts, runs)


def _spaced(plain: str) -> str:
    """Return `plain` with a space for all that stands between runs."""
    if _BOX in plain:
        plain = plain.replace(_BOX, "[x]")
    if plain.isascii():
        return plain.translate(_TO_SPACES)
    for sign in filter(plain.__contains__, _BETWEEN):  # faster than translating other letters
        plain = plain.replace(sign, " ")
    return plain


def _without(text: str, holes: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    last = 0
    for start, end in sorted(holes):
        pieces += (text[last:start], COVER * (end - start))
        last = end
    return "".join((*pieces, text[last:])) if pieces else text
