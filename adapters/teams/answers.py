"""What an invoke is answered with: Teams shows it to whoever pressed, and to nobody else.

https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from adapters.teams import buttons
from adapters.teams.activity import Activity, at
from adapters.teams.dialog import CARD
from adapters.teams.elements import Element, plain
from adapters.teams.render import Frame, render
from dialogs.replies import Ask, Reply, Say, Settle

_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"


def pressed_token(activity: Activity) -> str:
    """Return the token of the question that was pressed; "" when it is none of ours."""
    data = at(activity.value, "action", "data")
    pressed = buttons.pressed(data) if isinstance(data, dict) else None
    return pressed.token if pressed else ""


def to_press(replies: Iterable[Reply], token: str, frame: Frame) -> Element | None:
    """Return what stands in the place of the card `token` from now on.

    The same card without its buttons, when the press answered it; what else there is to say
    comes as messages of its own. A word for the presser alone leaves the card as it is. None
    when `replies` say nothing of this press: it was a second one.
    """
    said = [reply for reply in replies if isinstance(reply, Say)]
    settles = [reply for reply in replies if isinstance(reply, Settle)]
    for reply in said:
        if isinstance(reply, Ask) and (reply.to == "presser" or reply.stays):
            return card(render(reply, frame))  # a form, or a desk's card as it is now
        if reply.to == "presser":
            return message(*reply.text, *(row.value for row in reply.rows))
    for settle in settles:
        if settle.token == token:
            return card(render(settle, frame)) if settle.asked else message(f"✓ {settle.answer}")
    if settles or not any(isinstance(reply, Ask) for reply in said):
        return message(*said[0].text[:1]) if said else None
    return None


def card(content: Element) -> Element:
    """Return an answer that puts a card in the place of the one that was pressed."""
    return {"statusCode": HTTPStatus.OK.value, "type": CARD, "value": content}


def message(*text: str) -> Element:
    """Return an answer that shows words beside the card."""
    value = " ".join(map(plain, text))
    return {"statusCode": HTTPStatus.OK.value, "type": _MESSAGE, "value": value}


def not_ours() -> Element:
    """Return the answer to a button that we never made."""
    value = {"code": "BadRequest", "message": "This button is not known."}
    return {"statusCode": HTTPStatus.BAD_REQUEST.value, "type": _ERROR, "value": value}
