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

Changed = Mapping[str, Shown]
"""What is shown and is changed, by its token; without that which was never sent."""

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


def tokens_of(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the tokens of all that `items` change."""
    named = (token for item in items for token in (card_of(item), line_of(item)) if token)
    return tuple(dict.fromkeys(named))


def finding(origin: Origin, tokens: Iterable[str]) -> list[Step]:
    """Return what finds that which is shown by each of `tokens`."""
    return [(_FIND, _key(origin, token)) for token in tokens]


def by_token(tokens: Sequence[str], found: Sequence[Sequence[Row]]) -> Changed:
    """Return what `finding` has found."""
    return {
        token: Shown(message=message, asked=load(asked), route=route or "")
        for token, rows in zip(tokens, found, strict=True)
        for message, asked, route in rows
    }


def shown_for(db: sa.Connection, origin: Origin, item: Item) -> Changed:
    """Return what `item` changes."""
    tokens = tokens_of((item,))
    return by_token(tokens, together(db, *finding(origin, tokens)))


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
