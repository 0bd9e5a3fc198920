"""A reply as lines of text, each with what it is; the screens decide how that looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from dialogs.markup import runs
from dialogs.replies import Ask, Choice, Link, Reply, Say, Settle

Kind = Literal["text", "quote", "facts", "link", "choices", "settled"]

_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, screen
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: title, hyperlink, clipboard
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # DCS and its like
    r"|\x1b[ -/]*[0-~]?"
)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one weight."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end."""

    kind: Kind
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """Return its words alone."""
        return "".join(span.text for span in self.spans)


def render(reply: Reply) -> tuple[Line, ...]:
    """Return the lines of `reply`, in reading order; choices stand last."""
    match reply:
        case Ask():
            return (*_body(reply), *_choices(reply.choices))
        case Say():
            return tuple(_body(reply))
        case Settle():
            return (Line("settled", (Span(f"✓ {_in_one_line(reply.answer)}"),)),)
        case _:
            assert_never(reply)


def printable(text: str) -> str:
    """Return `text` without whatever would steer a terminal; line breaks stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return _CONTROL.sub("", _ESCAPE.sub("", text))


def _in_one_line(text: str) -> str:
    return printable(text).replace("\n", " ")


def _body(reply: Say) -> Iterator[Line]:
    for paragraph in reply.text:
        for line in printable(paragraph).split("\n"):
            yield Line("text", _weights(line))
    if reply.quote:
        for line in printable(reply.quote).strip("\n").split("\n"):
            yield Line("quote", (Span(line),))
    for row in reply.rows:
        for n, line in enumerate(printable(row.value).split("\n")):
            heading = f"{_in_one_line(row.heading)}: " if n == 0 else "  "
            yield Line("facts", (Span(f"{heading}{line}"),))
    if reply.facts:
        facts = " · ".join(map(_in_one_line, reply.facts))
        title = f"{reply.facts_title}: " if reply.facts_title else ""
        yield Line("facts", (Span(f"{title}{facts}"),))
    for link in reply.links:
        yield _link(link)


def _weights(line: str) -> tuple[Span, ...]:
    """Split at `**bold**`; lone stars stay what they are."""
    return tuple(Span(words, strong=strong) for words, strong in runs(line))


def _link(link: Link) -> Line:
    label, address = _in_one_line(link.label), _in_one_line(link.url)
    return Line("link", (Span(label, strong=True), Span(f" {address}")))


def _choices(choices: tuple[Choice, ...]) -> Iterator[Line]:
    if choices:
        spans: list[Span] = []
        for number, choice in enumerate(choices, 1):
            gap = " " if number > 1 else ""
            spans += (Span(f"{gap}[{number}]", strong=True), Span(f" {_in_one_line(choice.label)}"))
        yield Line("choices", tuple(spans))
