"""The terminal: presses are typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.console.render import render
from dialogs.replies import Ask, Reply

_OF_US = {"id": "1", "time": "2026-11-22T09:20:00+00:00", "conversation": "c", "user": "ann"}


def said(text: str) -> dict[str, Any]:
    return {**_OF_US, "text": text}


def pressed(question: Ask, label: str) -> dict[str, Any]:
    """Type the number that stands before `label`."""
    (choices,) = (line for line in render(question) if line.kind == "choices")
    spans = [span.text.strip() for span in choices.spans]
    return said(spans[spans.index(label) - 1].strip("[]"))


def lines(reply: Reply) -> Iterator[str]:
    for line in render(reply):
        if line.kind == "link":
            label, url = line.spans
            yield f"{label.text} <{url.text.strip()}>"
        elif line.kind == "choices":
            labels = [span.text.strip() for span in line.spans if not span.strong]
            yield " ".join(f"[{label}]" for label in labels)
        elif line.kind != "settled":
            yield line.text
