"""What we call a conversation here, and whose case a question is of.

Several people may talk in one place, and each has a case of their own, so a key names both. A press
comes with the token alone: the token names the requester, as whoever presses may be another one.
"""

from __future__ import annotations

import re

from dialogs.events import Origin

PLATFORM = "http"
TENANT = "local"
"""There is one bearer token, so everybody is of one tenant."""
_KEY = re.compile(rf"{PLATFORM}:{TENANT}:[^:]+:@(.+)", re.DOTALL)


def key(conversation: str, user: str) -> str:
    """Return the `Origin.conversation` of `user`'s case there; the next colon ends the place."""
    place = conversation.replace("%", "%25").replace(":", "%3A")
    return f"{PLATFORM}:{TENANT}:{place}:@{user}"


def told(token: str, origin: Origin) -> str:
    """Return `token` as the other side is told it in the conversation of `origin`.

    A desk's card is nobody's, and belongs to no case of a person.
    """
    requester = _KEY.fullmatch(origin.conversation) if origin.user else None
    return f"{token}.{requester[1]}" if requester else token


def heard(token: str) -> tuple[str, str]:
    """Return what `told` was given, and the requester; "" when it names none."""
    plain, _, requester = token.partition(".")
    return plain, requester
