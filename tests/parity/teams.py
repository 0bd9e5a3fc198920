"""Teams, in a personal chat: messages come as HTML, presses with the data of the button."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from adapters.teams.render import render
from dialogs.replies import Ask, Reply, Settle
from tests.adapters.teams import bodies


def said(text: str) -> dict[str, Any]:
    """Write `text` as Teams' editor does: a line break is a tag, more than one space are hard."""
    html = escape(text).replace("\n", "<br>").replace("  ", "&nbsp; ")
    return bodies.message(text, attachments=[{"contentType": "text/html", "content": html}])


def pressed(question: Ask, label: str) -> dict[str, Any]:
    buttons = [button for row in _of_type("ActionSet", question) for button in row["actions"]]
    button = next(it for it in buttons if it["title"] == label)
    return bodies.press({name: button[name] for name in ("type", "title", "verb", "data")})


def lines(reply: Reply) -> Iterator[str]:
    if not isinstance(reply, Settle):
        choices: list[str] = []
        for element in _body(reply):
            yield from _lines(element, choices)
        yield " ".join(choices)


def _lines(element: dict[str, Any], choices: list[str]) -> Iterator[str]:
    """Yield what `element` says; buttons that answer, which may take several rows, are added."""
    match element["type"]:
        case "RichTextBlock":
            yield "".join(run["text"] for run in element["inlines"])
        case "Container":
            for item in element["items"]:
                yield from _lines(item, choices)
        case "ActionSet":
            for button in element["actions"]:
                if "url" in button:
                    yield f"{button['title'].removesuffix(' ↗')} <{button['url']}>"
                else:
                    choices.append(f"[{button['title']}]")
        case kind:
            raise AssertionError(f"nobody reads an element of type {kind}")


def _body(reply: Reply) -> list[dict[str, Any]]:
    card: dict[str, Any] = render(reply)
    body: list[dict[str, Any]] = card["body"]
    return body


def _of_type(kind: str, reply: Reply) -> Iterator[dict[str, Any]]:
    return (element for element in _body(reply) if element["type"] == kind)
