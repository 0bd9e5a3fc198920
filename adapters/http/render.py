"""A reply as JSON: plain text, choices and links apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from dialogs.markup import unmarked
from dialogs.replies import Ask, Reply, Say, Settle

Payload = dict[str, object]


def render(reply: Reply) -> Payload:
    """Return `{"text", "choices", "links"}`, with `token` when something is asked."""
    match reply:
        case Ask():
            choices = [{"id": choice.id, "label": choice.label} for choice in reply.choices]
            asked = {**_said(reply), "choices": choices, "token": reply.token}
            if (reply.field and reply.stays) or (reply.field and reply.to == "presser"):
                asked["field"] = {"label": reply.field.label, "button": reply.field.button}
            return asked
        case Say():
            return _said(reply)
        case Settle(asked=asked, answer=answer):
            said = _said(asked) if asked else {"text": "", "choices": [], "links": []}
            return {**said, "text": f"{said['text']}\n\n✓ {answer}".lstrip()}
        case _:
            assert_never(reply)


def _said(reply: Say) -> Payload:
    links = [{"label": link.label, "url": link.url} for link in reply.links]
    return {"text": "\n\n".join(_paragraphs(reply)), "choices": [], "links": links}


def _paragraphs(reply: Say) -> Iterator[str]:
    for paragraph in reply.text:
        yield unmarked(paragraph)
    yield from (f"{row.heading}: {row.value}" for row in reply.rows)
    if reply.quote:
        yield reply.quote
    if reply.facts:
        title = f"{reply.facts_title}: " if reply.facts_title else ""
        yield f"{title}{' · '.join(reply.facts)}"
