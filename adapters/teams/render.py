"""A reply as an Adaptive Card 1.5. Pure: the same reply is always the same card.

Teams shows bots' cards up to version 1.5:
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from adapters.teams import buttons
from adapters.teams.elements import (
    Element,
    actions,
    block,
    execute,
    field,
    open_url,
    paragraphs,
    plain,
    quote,
    run,
    shown,
)
from dialogs.replies import Ask, Choice, Reply, Say, Settle

VERSION = "1.5"
CHOOSE, SAY = f"{buttons.NAME}.choose", f"{buttons.NAME}.say"
"""The verbs of our buttons."""
BACK = "back"
"""A choice that is none of the desk's: whoever makes it is shown the card again."""
_ROW = 46
"""Characters that a row of buttons has room for on a phone, a Korean one counted double: some
clients cut off what does not fit."""
_EDGES = 4
"""Characters that a button takes besides its label."""
_SUMMARY = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """What a card needs to know of the place that it is shown at."""

    requester: str = ""
    """Whose case it is, as in a button's data; "" where nobody else can be."""
    hint: str = ""
    """What stands below words that ask nothing: here only what mentions the bot is heard."""
    by: str = ""
    """The name of whoever answered, for a `Settle`."""
    back: str = ""
    """What leads back from a form to the card that it stands in place of."""


_NOWHERE = Frame()


def render(reply: Reply, frame: Frame = _NOWHERE) -> Element:
    """Return the card that shows `reply`."""
    match reply:
        case Ask():
            asked = [*_said(reply), *_answers(reply, frame)]
            return _card(reply, asked)
        case Say():
            hint = [block([run(frame.hint, quiet=True)])] if frame.hint else []
            return _card(reply, [*_said(reply), *hint])
        case Settle(asked=asked, answer=answer):
            answered = _answered(answer, frame.by)
            return _card(asked, [*(_said(asked) if asked else ()), answered], f"✓ {answer}")
        case _:
            assert_never(reply)


def summary(reply: Reply) -> str:
    """Return what a notification says of `reply`."""
    words = (reply.answer,) if isinstance(reply, Settle) else reply.text
    text = " ".join(" ".join(map(plain, words)).split())
    return text if len(text) <= _SUMMARY else f"{text[: _SUMMARY - 1].rstrip()}…"


def _card(reply: Say | None, body: list[Element], more: str = "") -> Element:
    spoken = " ".join([*map(plain, reply.text if reply else ()), *([more] if more else [])])
    said = {"speak": spoken, "fallbackText": spoken} if spoken.strip() else {}
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        **said,
        "body": body or [block([run(" ")])],
    }


def _said(reply: Say) -> Iterator[Element]:
    for paragraph in reply.text:
        yield from paragraphs(paragraph)
    for number, row in enumerate(reply.rows):
        lines = shown(row.value).split("\n")
        said = [run(f"{plain(row.heading)}: ", strong=True), run(lines[0] or " ")]
        yield block(said, spacing="Small" if number else "")
        for line in lines[1:]:
            yield block([run(line or " ")], spacing="None")
    if reply.quote:
        yield quote(reply.quote)
    if reply.facts:
        title = f"{plain(reply.facts_title)}: " if reply.facts_title else ""
        facts = " · ".join(shown(fact).replace("\n", " ") for fact in reply.facts)
        yield block([run(f"{title}{facts}", quiet=True)])
    if reply.links:
        yield actions(open_url(f"{plain(link.label)} ↗", link.url) for link in reply.links)


def _answers(reply: Ask, frame: Frame) -> Iterator[Element]:
    """Yield the text field, then the buttons.

    Where nobody else can be, every message reaches the bot, and no field is needed. Where there is
    one, no button has to open it.
    """
    choices = [*reply.choices]
    if reply.field and (frame.requester or reply.stays or reply.to == "presser"):
        yield field(buttons.WORDS, plain(reply.field.label))
        data = buttons.data(reply.token, frame.requester)
        yield actions([execute(plain(reply.field.button), SAY, data, with_inputs=True)])
        choices = [it for it in choices if it.label != reply.field.button]
    if frame.back and reply.to == "presser":
        choices.append(Choice(BACK, frame.back))
    for row in _rows(choices):
        yield actions(_choice(choice, reply.token, frame) for choice in row)


def _rows(choices: Iterable[Choice]) -> list[list[Choice]]:
    """Return `choices` in rows that fit."""
    rows: list[list[Choice]] = []
    room = 0
    for choice in choices:
        width = _EDGES + sum(1 if sign < "\u1100" else 2 for sign in choice.label)
        if width > room:
            rows.append([])
            room = _ROW
        rows[-1].append(choice)
        room -= width
    return rows


def _choice(choice: Choice, token: str, frame: Frame) -> Element:
    return execute(plain(choice.label), CHOOSE, buttons.data(token, frame.requester, choice.id))


def _answered(answer: str, by: str) -> Element:
    who = [run(f" · {shown(by)}", quiet=True)] if by else []
    return block([run(f"✓ {plain(answer)}", strong=True), *who])
