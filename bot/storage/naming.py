"""How cards in channels, and the threads below them, are told apart."""

from __future__ import annotations

import json

from dialogs.events import Event, Origin
from dialogs.replies import Ask, Effect, Reply, Say, Settle


def thread_key(origin: Origin, message: str) -> str:
    """Return what is kept of the thread that hangs on `message`."""
    return json.dumps([origin.platform, origin.tenant, origin.channel, message])


def line_of(item: Reply | Effect | Event) -> str:
    """Return the token of what was said and is changed by `item`; "" when it changes nothing."""
    return item.line if isinstance(item, Say) and item.change else ""


def card_of(item: Reply | Effect | Event) -> str:
    """Return the token of the card that `item` changes or is said below; "" when there is none."""
    match item:
        case Settle(token=token) | Ask(stays=True, token=token):
            return token
        case Say(under=token):
            return token
        case _:
            return ""
