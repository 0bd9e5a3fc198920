"""Slack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.slack.keys import Spot
from adapters.slack.render import render
from dialogs.replies import Ask, Reply, Settle
from tests.slack import bodies
from tests.slack.web_api import BOT, TEAM
from tests.slack.workspace import button

_SPOT = Spot(TEAM, "D1", "1764000000.000100", "U1")
_RECEIVED = {"id": "1", "at": "2026-11-22T09:20:00+00:00"}


def said(text: str) -> dict[str, Any]:
    said = bodies.message("U1", "D1", text, "1764000009.000100", thread_ts=_SPOT.root)
    return {**bodies.envelope(said), "received": _RECEIVED}


def pressed(question: Ask, label: str) -> dict[str, Any]:
    card = {"ts": "1764000005.000100", "user": BOT, "thread_ts": _SPOT.root}
    shown = {**card, **render(question, _SPOT)}
    body = bodies.press("U1", "D1", shown, button(shown, label), "https://hooks.slack.com/")
    return {**body, "received": _RECEIVED}


def lines(reply: Reply) -> Iterator[str]:
    if not isinstance(reply, Settle):
        for block in render(reply, _SPOT)["blocks"]:
            yield from _block(block)


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "rich_text":
            for part in block["elements"]:
                yield "".join(run["text"] for run in part["elements"])
        case "section":
            title = f"{block['text']['text']}: " if "text" in block else ""
            yield title + " · ".join(field["text"] for field in block["fields"])
        case "actions":
            buttons = block["elements"]
            yield from (f"{it['text']['text']} <{it['url']}>" for it in buttons if "url" in it)
            yield " ".join(f"[{it['text']['text']}]" for it in buttons if "value" in it)
        case kind:
            raise AssertionError(f"nobody reads a block of type {kind}")
