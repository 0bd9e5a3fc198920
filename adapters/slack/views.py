"""The App Home and the window in which a message is diagnosed. Both are pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adapters.pages import OpenCase
from adapters.slack.keys import Form
from adapters.slack.render import Payload, plain_text, render
from dialogs.replies import Ask, Field, Link, Say

_TITLE, _HEADER, _LABEL = 24, 150, 2000
WORDS = "words"
"""The id of the field in a form."""
CASES = 15
"""More would not fit into the hundred blocks of a view."""

Phrase = Callable[[str], str]


def home(cases: Sequence[OpenCase], links: Mapping[str, str], phrase: Phrase) -> Payload:
    """Return the App Home of whoever has `cases`; `links` lead to their threads."""
    head = Say(text=(phrase("home"), phrase("help")))
    blocks = [*render(head)["blocks"], {"type": "divider"}, _header(phrase("home-cases"))]
    for case in cases[:CASES]:
        where = links.get(case.conversation)
        to = (Link(phrase("home-thread"), where),) if where else ()
        blocks += render(Say(text=(f"**{case.title}**", case.stands), links=to))["blocks"]
    if not cases:
        blocks += render(Say(text=(phrase("status-idle"),)))["blocks"]
    return {"type": "home", "blocks": blocks}


def listed(cases: Sequence[OpenCase], phrase: Phrase) -> Say:
    """Return the answer to `/flowmend status`."""
    if not cases:
        return Say(text=(phrase("status-idle"), phrase("send")))
    lines = (f"**{case.title}** — {case.stands}" for case in cases[:CASES])
    return Say(text=(phrase("home-cases"), *lines))


def window(said: Sequence[Say], phrase: Phrase) -> Payload:
    """Return the modal in which a message is diagnosed."""
    blocks: list[Payload] = [block for one in said for block in render(one)["blocks"]]
    return {
        "type": "modal",
        "title": plain_text(phrase("look-title"), _TITLE),
        "close": plain_text(phrase("close"), _TITLE),
        "blocks": blocks[:100],
    }


def form(asked: Ask, field: Field, card: Form, phrase: Phrase) -> Payload:
    """Return the window in which `asked` is answered in one's own words."""
    words = {
        "type": "input",
        "block_id": WORDS,
        "label": plain_text(field.label, _LABEL),
        "element": {
            "type": "plain_text_input",
            "action_id": WORDS,
            "multiline": True,
            "max_length": 3000,
        },
    }
    return {
        "type": "modal",
        "title": plain_text(asked.token.partition("/")[0], _TITLE),
        "submit": plain_text(field.button, _TITLE),
        "close": plain_text(phrase("close"), _TITLE),
        "private_metadata": card.metadata,
        "blocks": [*render(Say(text=asked.text))["blocks"], words],
    }


def prompts(phrase: Phrase) -> list[dict[str, str]]:
    """Return what somebody who opens the chat may say first."""
    words = (phrase(f"prompt-{n}") for n in (1, 2, 3))
    return [{"title": one, "message": one} for one in words]


def _header(text: str) -> Payload:
    return {"type": "header", "text": plain_text(text, _HEADER)}
