"""What a ticket is called, by people and in the tokens of its card and its forms."""

from __future__ import annotations

import re

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


def form_of(token: str) -> str:
    """Return which form has this token; "" when it is none, but a card perhaps."""
    found = _TOKEN.fullmatch(token)
    return (found[2] or "") if found else ""
