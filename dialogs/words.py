"""Sentences with places for what was found: filled in, or closed up where nothing was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Values = Mapping[str, str]
"""What fills the placeholders; a value that was not found is not in it."""

IN_SENTENCES = frozenset({"connector", "code"})
"""What our own sentences may name: values that were checked against known forms."""

IN_MESSAGES = IN_SENTENCES | {
    "account",
    "connections",
    "correlation",
    "environment",
    "flow",
    "run",
    "tenant",
    "time",
    "trace",
}
"""What a message to send on may name: also what came out of the person's own text."""

_PLACE = re.compile(r" ?\{([^{}|]*)(?:\|([^{}]*))?\} ?")
_NAME = re.compile(r"\{([^{}|]*)(?:\|[^{}]*)?\}")
_NEEDED = re.compile(r"\{([^{}|]*)\}")
_SENTENCE_END = re.compile(r"(?<=[.?!])( +|\n+)|(\n+)")
_CLAUSE_END = re.compile(r"( [-/] )")
_BRACKET = re.compile(r" ?\((?:[\s,;]*\{[^{}|]*\}[\s,;]*)+\)")
_NAMED_VALUE = re.compile(r"[^:{}.]{1,40}: \{[^{}|]*\}[.]?")

Line = Annotated[str, StringConstraints(min_length=1, max_length=1200)]
Lines = dict[str, Line]


class Words(BaseModel):
    """The bot's own words in one language, as `_words.toml` has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    """The language's own name for itself: "한국어"."""
    phrases: Lines = {}
    labels: Lines = {}
    """Buttons: choice -> what stands on it."""
    links: Lines = {}
    """Buttons that open a page: kind of link -> what stands on it."""
    secrets: Lines = {}
    """Kind of secret -> its name inside a sentence."""
    pack: Lines = {}
    """Headings of the evidence that goes with a ticket."""
    desk: Lines = {}
    """What experts read in a desk's channel, and the words that they begin with there."""
    months: Annotated[list[Line], Field(min_length=12, max_length=12)]
    ordinals: list[Line] = []
    """What the first choice is called in words, the second, and so on: "first"."""
    fillers: list[Line] = []
    """Words that may stand around a typed answer and change nothing: "please"."""
    doubts: list[Line] = []
    """Words with which "it works" ends nothing: "but", "only sometimes"."""
    typed: dict[str, list[Line]] = {}
    """Answer or command -> how people type it; `commands.py` explains the notation."""
    languages: dict[str, list[Line]] = {}
    """Language -> what it is called."""


def names(text: str) -> frozenset[str]:
    """Return the names of all placeholders in `text`."""
    return frozenset(_NAME.findall(text))


def stray(text: str) -> bool:
    """Tell whether a brace in `text` belongs to no placeholder."""
    return not {"{", "}"}.isdisjoint(_NAME.sub("", text))


def fill(text: str, values: Values) -> str:
    """Return `text` with its placeholders filled.

    A missing `{name}` vanishes with one space beside it, or with the brackets around it;
    `{name|other words}` becomes the other words.
    """

    text = _drop_brackets(text, values)

    def place(found: re.Match[str]) -> str:
        whole, (name, fallback) = found[0], found.groups()
        value = values.get(name) or fallback
        before, after = whole.startswith(" "), whole.endswith(" ")
        if value:
            return " " * before + value + " " * after
        return " " if before and after else ""

    return _PLACE.sub(place, text)


def fill_message(text: str, values: Values) -> str:
    """Return the message `text` filled; clauses that would stand empty are dropped.

    A clause stands between " - " or " / " (a sentence with neither is closed up as in `fill`), or
    is a whole "Name: {value}".
    """
    text = _drop_brackets(text, values)
    parts = [part for part in _SENTENCE_END.split(text) if part]
    kept = "".join(part if part.isspace() else _sentence(part, values) for part in parts)
    return re.sub(r"[ \t]*\n(?:[ \t]*\n)*", "\n", kept).strip()


def _drop_brackets(text: str, values: Values) -> str:
    def keep(found: re.Match[str]) -> str:
        return found[0] if any(map(values.get, names(found[0]))) else ""

    return _BRACKET.sub(keep, text)


def _sentence(text: str, values: Values) -> str:
    pieces = _CLAUSE_END.split(text)
    if len(pieces) == 1 and not _NAMED_VALUE.fullmatch(text):
        return fill(text, values)
    clauses, joints = pieces[::2], pieces[1::2]
    whole = [clause for clause in clauses if all(map(values.get, _NEEDED.findall(clause)))]
    return (joints[0] if joints else "").join(fill(clause, values) for clause in whole)
