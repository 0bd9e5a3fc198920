"""What a ticket is called, by people and in the tokens of its card and its forms."""

from __future__ import annotations

import re
from hashlib import blake2b

_TOKEN = re.compile(r"FM-([1-9]\d{0,8})(?:/([a-z-]+))?")


def ticket_name(number: int) -> str:
    """Return the name of a ticket as people see it, which is also its card's token: "FM-12"."""
    return f"FM-{number}"


def ticket_of(token: str) -> int | None:
    """Return the ticket whose card or form has this token; None when it is no ticket's."""
    found = _TOKEN.fullmatch(token)
    return int(found[1]) if found else None


def form_token(number: int, form: str) -> str:
    """Return the token of one of a ticket's forms."""
    return f"{ticket_name(number)}/{form}"


def line_token(number: int, event_id: str) -> str:
    """Return the token of what was passed on of the event `event_id`, to be changed with it."""
    if not event_id:
        return ""
    digest = blake2b(event_id.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"{lines_of(number)}{digest}"


def lines_of(number: int) -> str:
    """Return what the tokens of all that was passed on of a ticket begin with."""
    return f"{ticket_name(number)}:"


def form_of(token: str) -> str:
    """Return which form has this token; "" when it is none, but a card perhaps."""
    found = _TOKEN.fullmatch(token)
    return (found[2] or "") if found else ""
