"""Who is known, a page at a time: whoever looks for one person must not hold up the others."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from bot.storage.schema import (
    audit,
    conversation,
    dead_letter,
    outbox,
    participant,
    ticket,
    ticket_entry,
)

_PAGE = 1000
_PLACES = (
    conversation.c.requester,
    participant.c.person,
    ticket.c.requester,
    ticket_entry.c.person,
    audit.c.who,
    outbox.c.person,
    dead_letter.c.person,
)
PLACES = tuple(
    sa.select(column).distinct().where(column > given("after")).order_by(column).limit(_PAGE)
    for column in _PLACES
)
"""Where people are named. All but the last two, which are short, have an index for this."""


def some(db: sa.Connection, place: int, after: str) -> Sequence[str]:
    """Return the next keys of people in a place, after the key `after`; none is the end."""
    return db.execute(PLACES[place], {"after": after}).scalars().all()
