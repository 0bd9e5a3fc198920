"""Where questions and passed-on words are shown, so that they can be changed there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from adapters.base import Receipt
from bot.storage import Outgoing, Shown
from bot.storage.codec import dump, load
from bot.storage.lanes import Item
from bot.storage.naming import card_of, line_of, thread_key
from bot.storage.schema import shown
from bot.storage.statements import Row, Statement, Step, together
from dialogs.events import Origin
from dialogs.replies import Ask, Say, Settle

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


def tokens(items: Iterable[Item]) -> list[str]:
    """Return, each once, the cards that `items` change and the lines whose place they take."""
    each = (token for item in items for token in (card_of(item), line_of(item)))
    return list(dict.fromkeys(filter(None, each)))


def finding(origin: Origin, token: str) -> Step:
    """Return what finds where `token` is shown."""
    return _FIND, _key(origin, token)


def found(rows: Sequence[Row]) -> Shown | None:
    """Return what was found; None when it was never shown."""
    for message, asked, route in rows:
        return Shown(message=message, asked=load(asked), route=route or "")
    return None


def shown_for(db: sa.Connection, origin: Origin, item: Item) -> Mapping[str, Shown | None]:
    """Return what `item` changes or takes the place of, by its token."""
    names = tokens([item])
    rows = together(db, *(finding(origin, token) for token in names))
    return dict(zip(names, map(found, rows), strict=True))


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
        case Say(line=str(token)) if token and receipt and receipt.message:
            bare = Ask(text=(), token=token, choices=())
            said = {"message": receipt.message, "asked": dump(bare), "route": None, "thread": None}
            yield _KEEP, _key(origin, token) | said
        case Settle(token=token):
            yield _DROP, _key(origin, token)


def _key(origin: Origin, token: str) -> dict[str, str | None]:
    return {"where": origin.conversation, "token": token}
