"""The JSON platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.http.render import render
from dialogs.replies import Ask, Reply, Settle

_OF_US = {
    "id": "1",
    "time": "2026-11-22T09:20:00+00:00",
    "conversation": "c",
    "user": "ann",
}


def said(text: str) -> dict[str, Any]:
    return {**_OF_US, "text": text}


def pressed(question: Ask, label: str) -> dict[str, Any]:
    shown: dict[str, Any] = render(question)
    choice = next(it["id"] for it in shown["choices"] if it["label"] == label)
    return {**_OF_US, "token": shown["token"], "choice": choice}


def lines(reply: Reply) -> Iterator[str]:
    if isinstance(reply, Settle):
        return
    shown: dict[str, Any] = render(reply)
    yield from shown["text"].split("\n")
    yield from (f"{link['label']} <{link['url']}>" for link in shown["links"])
    yield " ".join(f"[{choice['label']}]" for choice in shown["choices"])
