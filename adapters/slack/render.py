"""A reply as blocks, with the plain text that notifications show.

What we say is `rich_text`, whose words Slack never interprets: a person's text cannot become a
mention or a link, and Korean particles may follow bold words. Limits are those in `@slack/types`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, assert_never

from adapters.slack.keys import Pressed, Spot
from adapters.slack.text import escape
from dialogs.markup import runs, unmarked
from dialogs.replies import Ask, Choice, Link, Reply, Row, Say, Settle

Payload = dict[str, Any]

_USER = re.compile(r"slack:(\w+)")
_BLOCKS, _BUTTONS, _FIELDS = 50, 25, 10
_LABEL, _FIELD, _URL, _WORDS, _TEXT = 75, 2000, 3000, 10_000, 3900
_PLACEHOLDER = 150


def render(reply: Reply, spot: Spot | None = None) -> Payload:
    """Return `{"text", "blocks"}`; `spot` is where the buttons' presses belong."""
    match reply:
        case Ask():
            return _shown(reply, [*_person(reply), *_choices(reply, spot)])
        case Say():
            return _shown(reply)
        case Settle(asked=asked, answer=answer, by=by):
            said = asked or Say(text=())
            return _shown(said, [_settled(answer, by)], f"✓ {answer}")
        case _:
            assert_never(reply)


def _shown(reply: Say, last: Sequence[Payload] = (), *more: str) -> Payload:
    """`last` is kept when there is too much to show."""
    blocks = [*_words(reply), *_links(reply.links)][: _BLOCKS - len(last)]
    return {"text": _text(reply, more), "blocks": [*blocks, *last] or [_paragraph(" ")]}


def _text(reply: Say, more: Iterable[str]) -> str:
    paragraphs = [unmarked(paragraph) for paragraph in reply.text]
    paragraphs += [f"{row.heading}: {row.value}" for row in reply.rows[:1]]
    paragraphs += [reply.quote, _facts_line(reply), *more]
    whole = escape("\n".join(filter(None, paragraphs)))
    return _cut(whole, _TEXT) or " "


def _facts_line(reply: Say) -> str:
    title = f"{reply.facts_title}: " if reply.facts_title and reply.facts else ""
    return f"{title}{' · '.join(reply.facts)}"


def _words(reply: Say) -> Iterator[Payload]:
    for paragraph in reply.text:
        if paragraph:
            yield _paragraph(paragraph)
    if reply.rows:
        yield _table(reply)
    if reply.quote:
        quoted = [{"type": "text", "text": _cut(reply.quote, _WORDS)}]
        yield {
            "type": "rich_text",
            "elements": [{"type": "rich_text_preformatted", "elements": quoted}],
        }
    if reply.facts:
        yield _facts(reply)


def _table(reply: Say) -> Payload:
    """Return what is known, a line each; nobody's words are interpreted."""
    sections = [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": f"{_cut(row.heading, _LABEL)}: ", "style": {"bold": True}},
                _value(row),
            ],
        }
        for row in reply.rows
    ]
    return {"type": "rich_text", "elements": sections}


def _value(row: Row) -> Payload:
    if found := _USER.fullmatch(row.calls):
        return {"type": "user", "user_id": found[1]}
    return {"type": "text", "text": _cut(row.value, _FIELD) or " "}


def _paragraph(text: str) -> Payload:
    elements = list(_runs(_cut(text, _WORDS)))
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "elements": [section]}


def _runs(text: str) -> Iterator[Payload]:
    for words, bold in runs(text):
        yield {"type": "text", "text": words, **({"style": {"bold": True}} if bold else {})}


def _facts(reply: Say) -> Payload:
    """Return what was read as fields side by side; what does not fit shares the last one."""
    facts = [fact for fact in reply.facts if fact] or [" "]
    shown = [*facts[: _FIELDS - 1], " · ".join(facts[_FIELDS - 1 :])]
    fields = [plain_text(fact, _FIELD) for fact in shown if fact]
    title = {"text": plain_text(reply.facts_title, _FIELD)} if reply.facts_title else {}
    return {"type": "section", **title, "fields": fields}


def _links(links: Sequence[Link]) -> Iterator[Payload]:
    buttons = [
        {
            "type": "button",
            "action_id": f"link:{n}",
            "text": plain_text(link.label, _LABEL),
            "url": link.url,
        }
        for n, link in enumerate(links)
        if len(link.url) <= _URL
    ]
    yield from _rows(buttons)


def _choices(asked: Ask, spot: Spot | None) -> list[Payload]:
    whose = (spot.user, spot.root) if spot else ("", "")
    buttons = [
        _button(n, choice, Pressed(asked.token, choice.id, *whose))
        for n, choice in enumerate(asked.choices)
    ]
    return list(_rows(buttons))


def _person(asked: Ask) -> Iterator[Payload]:
    """Yield Slack's own list of people, where somebody is to be named.

    What is picked from it comes with the id of its block, and no value.
    """
    if asked.field and asked.field.person:
        select = {
            "type": "users_select",
            "action_id": "person",
            "placeholder": plain_text(asked.field.label, _PLACEHOLDER),
        }
        block = Pressed(asked.token, "person").value
        yield {"type": "actions", "block_id": block, "elements": [select]}


def _button(number: int, choice: Choice, pressed: Pressed) -> Payload:
    style = {"style": "primary"} if choice.id == "done" else {}
    return {
        "type": "button",
        "action_id": f"choice:{number}",
        "text": plain_text(choice.label, _LABEL),
        "value": pressed.value,
        **style,
    }


def _rows(buttons: Sequence[Payload]) -> Iterator[Payload]:
    for start in range(0, len(buttons), _BUTTONS):
        yield {"type": "actions", "elements": list(buttons[start : start + _BUTTONS])}


def _settled(answer: str, by: str) -> Payload:
    elements = [plain_text(f"✓ {answer}", _FIELD)]
    if found := _USER.fullmatch(by):
        elements.append({"type": "mrkdwn", "text": f"<@{found[1]}>"})
    return {"type": "context", "elements": elements}


def plain_text(text: str, longest: int) -> Payload:
    """Return words that Slack does not interpret."""
    return {"type": "plain_text", "text": _cut(text, longest) or " ", "emoji": False}


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
