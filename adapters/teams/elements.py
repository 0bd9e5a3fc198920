"""The few Adaptive Card elements that are used here, as JSON.

Words are shown by `RichTextBlock`, which knows no markdown: whatever came from a person is shown
as it is. https://adaptivecards.io/explorer/RichTextBlock.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dialogs.markup import runs, unmarked

Element = dict[str, object]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """Return `text` without our markup and without what steers a screen."""
    return _CONTROL.sub("", unmarked(text))


def shown(text: str) -> str:
    """Return `text`, which may be anybody's, without what steers a screen."""
    return _CONTROL.sub("", text)


def paragraphs(text: str) -> Iterator[Element]:
    """Yield a block for each line of `text`, our own words; `**bold**` is their only markup."""
    for line in shown(text).split("\n"):
        if inlines := [run(words, strong=strong) for words, strong in runs(line)]:
            yield block(inlines)


def run(text: str, *, strong: bool = False, quiet: bool = False) -> Element:
    """Return words of one look."""
    look: Element = {}
    if strong:
        look["weight"] = "Bolder"
    if quiet:
        look |= {"isSubtle": True, "size": "Small"}
    return {"type": "TextRun", "text": text, **look}


def block(inlines: Iterable[Element], spacing: str = "") -> Element:
    """Return one block of words."""
    return {
        "type": "RichTextBlock",
        "inlines": list(inlines),
        **({"spacing": spacing} if spacing else {}),
    }


def quote(text: str) -> Element:
    """Return words to copy, set apart."""
    lines = shown(text).strip("\n").split("\n")
    blocks = [
        block([run(line or " ")], spacing="None" if number else "")
        for number, line in enumerate(lines)
    ]
    return {"type": "Container", "style": "emphasis", "items": blocks}


def execute(title: str, verb: str, data: Element, *, with_inputs: bool = False) -> Element:
    """Return a button that answers, for old clients (`Action.Submit`) as well."""
    shared = {"title": title, "data": data}
    inputs = {} if with_inputs else {"associatedInputs": "none"}
    return {
        "type": "Action.Execute",
        "verb": verb,
        **shared,
        **inputs,
        "fallback": {"type": "Action.Submit", **shared, **inputs},
    }


def open_url(title: str, url: str) -> Element:
    """Return a button that opens a page."""
    return {"type": "Action.OpenUrl", "title": title, "url": url}


def actions(buttons: Iterable[Element]) -> Element:
    """Return a row of buttons."""
    return {"type": "ActionSet", "actions": list(buttons)}


def field(id: str, label: str) -> Element:
    """Return a place to write several lines in."""
    return {"type": "Input.Text", "id": id, "label": label, "isMultiline": True, "maxLength": 20000}
