"""Questions as they are shown, so that their cards can be changed when they are answered."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from adapters.base import Receipt
from bot.storage import Outgoing, Shown
from bot.storage.codec import dump, load
from bot.storage.schema import shown
from dialogs.events import Event, Origin
from dialogs.replies import Ask, Effect, Reply, Settle

# As text, because "on conflict" is one thing on both databases and two in SQLAlchemy.
_KEEP = sa.text(
    "INSERT INTO shown (conversation, token, message, asked)"
    " VALUES (:where, :token, :message, :asked)"
    " ON CONFLICT (conversation, token) DO UPDATE SET message = excluded.message"
)
_THIS = shown.c.conversation == given("where"), shown.c.token == given("token")
_FIND = sa.select(shown.c.message, shown.c.asked).where(*_THIS)
_DROP = sa.delete(shown).where(*_THIS)


def shown_for(db: sa.Connection, origin: Origin, item: Reply | Effect | Event) -> Shown | None:
    """Return the card that `item` changes; None when there is none, or none was sent."""
    if not isinstance(item, Settle):
        return None
    row = db.execute(_FIND, _key(origin, item.token)).first()
    return Shown(message=row.message, asked=load(row.asked)) if row else None


def keep(db: sa.Connection, outgoing: Outgoing, receipt: Receipt | None) -> None:
    """Keep the card of a question that was just shown; forget that of one just settled."""
    match outgoing.item:
        case Ask(token=token) as asked if receipt and receipt.message:
            card = {"message": receipt.message, "asked": dump(asked)}
            db.execute(_KEEP, _key(outgoing.origin, token) | card)
        case Settle(token=token):
            db.execute(_DROP, _key(outgoing.origin, token))


def _key(origin: Origin, token: str) -> dict[str, str]:
    return {"where": origin.conversation, "token": token}
