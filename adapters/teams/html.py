"""The words of a message that came as HTML: line breaks, code and the addresses of links survive.

Teams sends every message as plain text and as `text/html`; only the latter keeps code blocks and
what was pasted with its layout.
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages

The standard library's parser takes minutes for 200 kB of unclosed comments; this one is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

_BLOCKS = frozenset(
    {
        *("p", "div", "pre", "codeblock", "blockquote", "ul", "ol", "li", "table", "tr", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "section", "article"),
    }
)
_VERBATIM = frozenset({"pre", "codeblock"})
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style", "head", "title", "attachment"})
_ALONE = frozenset({"br", "img", "hr", "emoji", "input", "meta", "link", "col", "wbr"})
"""Tags that hold nothing and are never closed."""
_DEEPEST = 200
"""Tags inside one another; nobody writes more, and looking for the right one takes time."""
_MENTION = "schema.skype.com/mention"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'<>]++))""")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_GAPS = re.compile(r"[ \t]*+\n[ \t\n]*")
_CODE = re.compile(r"\x00(\d+)\x00")

Ours = Callable[[int], bool]
"""Tells whether the n-th mention is of the bot itself."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a message said."""

    text: str
    pictures: int


def read(html: str, ours: Ours) -> Words:
    """Return the words in `html`, without the mentions of which `ours` says they are the bot's."""
    reader, at = _Reader(ours), 0
    html = "".join(_without_comments(html.replace("\x00", "")))
    for tag in _TAG.finditer(html):
        reader.words(unescape(html[at : tag.start()]))
        name, attributes = tag[2].lower(), tag[3]
        if tag[1]:
            reader.end(name)
        else:
            reader.begin(name, attributes)
        at = tag.end()
    reader.words(unescape(html[at:]))
    return Words(reader.text(), reader.pictures)


def _without_comments(html: str) -> Iterator[str]:
    at = 0
    while (begins := html.find("<!--", at)) >= 0:
        yield html[at:begins]
        ends = html.find("-->", begins)
        if ends < 0:
            return
        at = ends + 3
    yield html[at:]


@dataclass(slots=True)
class _Open:
    """A tag that is not closed yet, and where its words begin."""

    tag: str
    begins: int
    mention: int | None
    link: str


@dataclass(slots=True)
class _Reader:
    ours: Ours
    pictures: int = 0
    parts: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    """Words that stand as they are; in `parts` there is their number."""
    opened: list[_Open] = field(default_factory=list)
    verbatim: int = 0
    unseen: int = 0

    def text(self) -> str:
        """Return everything that was read: one line break between blocks."""
        flowing = _GAPS.sub("\n", "".join(self.parts)).strip()
        return _CODE.sub(lambda found: self.code[int(found[1])], flowing)

    def words(self, text: str) -> None:
        """Take what stands between two tags."""
        if self.unseen or not text:
            return
        if self.verbatim:
            self.code.append(text.replace("\xa0", " "))
            self.parts.append(f"\x00{len(self.code) - 1}\x00")
        else:
            self.parts.append(_SPACES.sub(" ", text))

    def begin(self, tag: str, attributes: str) -> None:
        """Take an opening tag."""
        if tag in ("img", "emoji"):
            self._picture(tag, _attributes(attributes))
        elif tag == "br":
            self._put("\n")
        else:
            self._break(tag)
        if tag in _ALONE or len(self.opened) >= _DEEPEST:
            return
        self.verbatim += tag in _VERBATIM
        self.unseen += tag in _UNSEEN
        named = _attributes(attributes) if tag in ("a", "at", "span") else {}
        link = named.get("href", "") if tag == "a" else ""
        self.opened.append(_Open(tag, len(self.parts), _mention(tag, named), link))

    def end(self, tag: str) -> None:
        """Take a closing tag, with all that was left open inside."""
        at = len(self.opened) - 1
        while at >= 0 and self.opened[at].tag != tag:
            at -= 1
        while at >= 0 and len(self.opened) > at:
            self._close(self.opened.pop())

    def _close(self, opened: _Open) -> None:
        self.verbatim -= opened.tag in _VERBATIM
        self.unseen -= opened.tag in _UNSEEN
        if opened.mention is not None and self.ours(opened.mention):
            del self.parts[opened.begins :]
        elif opened.link:
            self._link(opened.link, "".join(self.parts[opened.begins :]))
        if opened.tag in _BLOCKS:
            self._put("\n")

    def _link(self, link: str, label: str) -> None:
        if link not in label:
            self._put(f" {link} " if label.strip() else link)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._put("\n")
        elif tag in _CELLS:
            self._put(" ")

    def _put(self, text: str) -> None:
        if self.verbatim:
            self.words(text)
        elif not self.unseen:
            self.parts.append(text)

    def _picture(self, tag: str, named: Mapping[str, str]) -> None:
        """A picture is counted; an emoji is the sign that it stands for."""
        if tag == "emoji" or "emo" in named.get("itemtype", "").lower():
            self._put(named.get("alt", ""))
        else:
            self.pictures += 1


def _attributes(text: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(text)
    return {it[1].lower(): unescape(it[2] or it[3] or it[4] or "") for it in found}


def _mention(tag: str, named: Mapping[str, str]) -> int | None:
    """Return which mention this is: Teams numbers them as in the activity's entities."""
    if tag == "at":
        number = named.get("id", "")
    elif tag == "span" and _MENTION in named.get("itemtype", "").lower():
        number = named.get("itemid", "")
    else:
        return None
    return int(number) if number.isdecimal() and len(number) < 4 else 0
