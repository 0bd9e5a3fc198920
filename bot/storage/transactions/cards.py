"""Where questions and passed-on words are shown, so that they can be changed there."""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from adapters.base import Receipt
from bot.storage import Outgoing, Shown
from bot.storage.codec import dump, load
from bot.storage.naming import card_of, line_of, thread_key
from bot.storage.schema import shown
from dialogs.events import Event, Origin
from dialogs.replies import Ask, Effect, Reply, Say, Settle

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_KEEP = sa.text(
    "INSERT INTO shown (conversation, token, message, asked, route, thread)"
    " VALUES (:where, :token, :message, :asked, :route, :thread)"
    " ON CONFLICT (conversation, token) DO UPDATE SET message = excluded.message,"
    " route = excluded.route, thread = excluded.thread"
)
_THIS = shown.c.conversation == given("where"), shown.c.token == given("token")
_FIND = sa.select(*shown.c["message", "asked", "route"]).where(*_THIS)
_DROP = sa.delete(shown).where(*_THIS)


def shown_for(db: sa.Connection, origin: Origin, item: Reply | Effect | Event) -> Shown | None:
    """Return the card that `item` changes; None when there is none, or none was sent."""
    return _found(db, origin, card_of(item))


def before(db: sa.Connection, origin: Origin, item: Reply | Effect | Event) -> Shown | None:
    """Return what was said where `item` takes its place; None when that is nowhere."""
    return _found(db, origin, line_of(item))


def _found(db: sa.Connection, origin: Origin, token: str) -> Shown | None:
    if not token:
        return None
    row = db.execute(_FIND, _key(origin, token)).first()
    if row is None:
        return None
    return Shown(message=row.message, asked=load(row.asked), route=row.route or "")


def keep(db: sa.Connection, outgoing: Outgoing, receipt: Receipt | None) -> None:
    """Keep the card of a question that was just shown; forget that of one just settled.

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
                db.execute(_KEEP, _key(origin, token) | card)
        case Say(line=str(token)) if token and receipt and receipt.message:
            bare = Ask(text=(), token=token, choices=())
            said = {"message": receipt.message, "asked": dump(bare), "route": None, "thread": None}
            db.execute(_KEEP, _key(origin, token) | said)
        case Settle(token=token):
            db.execute(_DROP, _key(origin, token))


def _key(origin: Origin, token: str) -> dict[str, str]:
    return {"where": origin.conversation, "token": token}
