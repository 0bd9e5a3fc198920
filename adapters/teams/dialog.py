"""The dialog of the message action: what a message says, to whoever asked, and how to go on.

https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/action-commands/respond-to-task-module-submit
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adapters.teams.activity import at
from adapters.teams.elements import Element
from adapters.teams.render import render
from dialogs.replies import Say

CONTINUE = "continue"
"""The key of a dialog button's data; the value is one of `HERE` and `DIRECT`."""
HERE, DIRECT = "here", "direct"
CARD = "application/vnd.microsoft.card.adaptive"

Words = Callable[[str], str]
"""The adapter's phrases, by name, in the asker's language."""


def verdict(replies: Iterable[Say], words: Words, *, personal: bool, goes_on: bool) -> Element:
    """Return the dialog that shows `replies`; with `goes_on` it offers to go on."""
    places = {HERE: "go-on"} if personal else {HERE: "go-on-here", DIRECT: "go-on-direct"}
    card = render(_joined(list(replies)))
    if goes_on:
        card["actions"] = [
            {"type": "Action.Submit", "title": words(phrase), "data": {CONTINUE: place}}
            for place, phrase in places.items()
        ]
    return _showing(card, words("look-title"), "medium")


def closing(text: str, title: str) -> Element:
    """Return the last words of a dialog."""
    return _showing(render(Say(text=(text,))), title, "small")


def wanted_place(value: object) -> str:
    """Return where to go on, as it was pressed; "" when that is none of ours."""
    place = at(value, "data", CONTINUE)
    return place if isinstance(place, str) and place in (HERE, DIRECT) else ""


def _showing(card: Element, title: str, size: str) -> Element:
    shown = {"title": title, "height": size, "width": "medium"}
    value = {**shown, "card": {"contentType": CARD, "content": card}}
    return {"task": {"type": "continue", "value": value}}


def _joined(said: list[Say]) -> Say:
    if len(said) == 1:
        return said[0]
    return Say(text=tuple(text for reply in said for text in reply.text) or ("",))
