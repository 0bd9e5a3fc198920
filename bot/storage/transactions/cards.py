"""Questions as they are shown, so that their cards can be changed when they are answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from adapters.base import Receipt
from bot.storage import Outgoing, Shown
from bot.storage.codec import dump, load
from bot.storage.lanes import Item
from bot.storage.naming import card_of, thread_key
from bot.storage.schema import shown
from bot.storage.statements import Row, Statement, Step, together
from dialogs.events import Origin
from dialogs.replies import Ask, Settle

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_KEEP = Statement(
    sa.text(
        "INSERT INTO shown (conversation, token, message, asked, route, thread)"
        " VALUES (:where, :token, :message, :asked, :route, :thread)"
        " ON CONFLICT (conversation, token) DO UPDATE SET message = excluded.message,"
        " route = excluded.route, thread = excluded.thread"
    )
)
_THIS = shown.c.conversation == given("where"), shown.c.token == given("token")
_FIND = Statement(sa.select(*shown.c["message", "asked", "route"]).where(*_THIS))
_DROP = Statement(sa.delete(shown).where(*_THIS))


def finding(origin: Origin, item: Item) -> list[Step]:
    """Return what finds the card that `item` changes, if it changes one."""
    token = card_of(item)
    return [(_FIND, _key(origin, token))] if token else []


def found(rows: Sequence[Row]) -> Shown | None:
    """Return the card that was found; None when none was sent."""
    for message, asked, route in rows:
        return Shown(message=message, asked=load(asked), route=route or "")
    return None


def shown_for(db: sa.Connection, origin: Origin, item: Item) -> Shown | None:
    """Return the card that `item` changes; None when there is none, or none was sent."""
    return next(map(found, together(db, *finding(origin, item))), None)


def keeping(outgoing: Outgoing, receipt: Receipt | None) -> Iterator[Step]:
    """Yield what keeps the card of a question just shown, or forgets that of one just settled.

    Of a card that stays, what it says is not kept: it is never shown again as it was.
    """
    origin = outgoing.origin
    match outgoing.item:
        case Ask(token=token) as asked if receipt and receipt.message:
            bare = Ask(text=(), token=token, choices=(), stays=True) if asked.stays else asked
            card = {
                "message": receipt.message,
                "asked": dump(bare),
                "route": json.dumps(dict(receipt.route)) if receipt.route else None,
                "thread": thread_key(origin, receipt.message) if asked.stays else None,
            }
            was = outgoing.shown.message if outgoing.shown else ""
            if not (asked.stays and was == receipt.message):  # else it is where it was
                yield _KEEP, _key(origin, token) | card
        case Settle(token=token):
            yield _DROP, _key(origin, token)


def _key(origin: Origin, token: str) -> dict[str, str | None]:
    return {"where": origin.conversation, "token": token}
