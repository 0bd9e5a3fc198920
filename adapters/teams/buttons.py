"""What a button of a card carries, and what comes back when it is pressed.

The data of a button can be changed by whoever presses it. So it only says which card it was on;
who pressed, and where, is in the envelope, which Microsoft has signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from adapters.teams.activity import at
from adapters.teams.places import is_person

NAME = "flowmend"
"""Under which our part of a button's data stands."""
WORDS = "words"
"""The id of the text field; its content stands beside our part."""
_LONGEST = 200

Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of one of our questions."""

    token: str
    requester: str
    """Whose case the card belongs to; "" in a personal chat."""
    choice: str
    """"" when words were sent."""
    words: str


def data(token: str, requester: str, choice: str = "") -> Data:
    """Return what the button carries."""
    ours = {"token": token, "requester": requester, "choice": choice}
    return {NAME: {name: value for name, value in ours.items() if value}}


def pressed(value: Mapping[str, object]) -> Pressed | None:
    """Return what came back; None when it is no button of ours."""
    ours = value.get(NAME)
    token, choice = at(ours, "token"), at(ours, "choice") or ""
    requester, words = at(ours, "requester") or "", value.get(WORDS) or ""
    if not (_short(token) and token and _short(choice)):
        return None
    if not (is_person(requester) or requester == ""):
        return None
    said = words if isinstance(words, str) and not choice else ""
    return Pressed(token=token, requester=requester, choice=choice, words=said)


def _short(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= _LONGEST and value.isprintable()
