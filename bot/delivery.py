"""What was decided gets done: in order, again if need be, and put aside when it never can be."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter
from typing import Literal, TypeVar

from adapters.base import Adapter, Gone, Place, Receipt, TryLater, Unshown
from bot.chance import new_id
from bot.clock import in_milliseconds, milliseconds
from bot.desk import Desk, Refused
from bot.effects import Effects
from bot.enclosures import Enclosures, spoken
from bot.logs import about
from bot.pace import Pace, in_time
from bot.storage import Outgoing, Scope, Shown, Store, Unavailable
from bot.storage.naming import card_of
from bot.turn import Turns
from bot.watch import Unwatched, Watch
from dialogs.events import Attached, Event
from dialogs.replies import Ask, Effect, Fetch, Pictured, Reply, Say, Settle
from dialogs.ticket.requests import Side

T = TypeVar("T")

_PAUSE = 0.5
"""Seconds until what was done is recorded once more, when the store could not be reached."""

log = logging.getLogger(__name__)


class Later(Exception):
    """This row was put off, and with it all that comes after it in its lane."""


class Deliveries:
    """Does what waits in the outbox. Every method may raise `Unavailable`."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        adapters: Mapping[str, Adapter],
        turns: Turns,
        now: Callable[[], datetime],
        pace: Pace,
        watch: Watch | None = None,
    ) -> None:
        """`adapters` by the name of their platform: whose replies can be sent from here."""
        self._store = store
        self._adapters = adapters
        self._turns = turns
        self._now = now
        self._pace = pace
        self._watch = watch or Unwatched()
        self._enclosures = Enclosures(adapters, pace.timeout / 2)
        self._effects = Effects(
            store=store,
            desk=desk,
            adapters=adapters,
            turns=turns,
            enclosures=self._enclosures,
            now=now,
            patience=pace.timeout,
        )
        self._in_hand: set[int] = set()

    async def sweep(self, conversation: str | None = None) -> None:
        """Do all that is due, everywhere or in one conversation, one after the other."""
        while rows := await self.claim(1, conversation):
            await self.finish(rows)

    async def claim(
        self,
        limit: int,
        conversation: str | None = None,
        platforms: frozenset[str] | None = None,
    ) -> Sequence[Outgoing]:
        """Lease what is due and first in its lane, at most `limit` of it; of replies only those to
        `platforms`, if these are named.
        """
        until = milliseconds(self._now() + self._pace.lease)
        scope = self._scope(conversation)
        if platforms is not None:
            scope = replace(scope, platforms=platforms)
        return await self._store.claim(scope, self._ms(), until, limit)

    async def resume(self, conversation: str | None = None) -> None:
        """Free what an earlier process of this one's name has left half done."""
        await self._store.release(self._scope(conversation), self._ms())

    async def finish(self, rows: Sequence[Outgoing]) -> bool:
        """Do `rows`, leased to us, in order; tell whether something further waits behind them.

        What cannot be done in the time of its lease is given back: another worker may have it.
        What is in hand already, and came again because its lease ran out, is left alone.
        """
        more, cards = False, dict[str, Shown]()
        for at, row in enumerate(rows):
            if self._ms() + in_milliseconds(self._needed(row)) > row.leased_until:
                await self._store.give_back(rows[at:], self._ms())
                return True
            try:
                more = await self._once(row, cards)
            except Later:
                await self._store.give_back(rows[at + 1 :], self._ms())
                return False
        return more

    def _needed(self, row: Outgoing) -> timedelta:
        """Return how long `row` may take: a file is fetched before it is passed on."""
        fetches = getattr(row.item, "file", None) is not None and not isinstance(row.item, Fetch)
        return self._pace.timeout * (1.5 if fetches else 1)

    async def _once(self, row: Outgoing, cards: dict[str, Shown]) -> bool:
        if row.id in self._in_hand:
            raise Later
        self._in_hand.add(row.id)
        try:
            return await self._finish(row, cards)
        finally:
            self._in_hand.discard(row.id)

    async def _finish(self, row: Outgoing, cards: dict[str, Shown]) -> bool:
        if row.attempts > self._pace.attempts:  # each of them ended in a crash or a bug of ours
            return await self._drop(row, "no attempt has come to an end")
        started = perf_counter()
        try:
            receipt, event = await self._perform(row, cards)
        except TryLater as later:
            return await self._postpone(row, later)
        except (Gone, Refused) as error:
            return await self._drop(row, str(error))
        except Unavailable:
            raise
        except Exception:
            log.exception("a delivery failed (%s)", id := new_id(), extra=about(row.origin))
            await self._turns.confess(row.origin, id)
            return await self._drop(row, f"{id} in the log")
        self._watch.delivered(row, seconds := perf_counter() - started)
        spent = round(seconds * 1000, 1)
        log.info("delivered", extra=about(row.origin, delivery=row.key, milliseconds=spent))
        if event is not None:
            return await self._happened(event, row)
        _remember(row.item, receipt, cards)
        try:
            return await self._record(lambda: self._store.done(row, receipt))
        except Exception:
            # It was sent: without its receipt its card stays as it is, but nobody reads it again.
            log.exception("a receipt was not kept (%s)", new_id(), extra=about(row.origin))
            return await self._record(lambda: self._store.done(row))

    async def _perform(
        self, row: Outgoing, cards: Mapping[str, Shown]
    ) -> tuple[Receipt | None, Event | None]:
        """Do it; return what the platform said, or what the conversation must hear of it."""
        match row.item:
            case item if isinstance(item, Effect):
                return None, await self._effects.do(row, item)
            case item if isinstance(item, Event):
                return None, await self._effects.heard(row, item)
            case reply:
                return await self._send(row, reply, cards), None

    async def _send(self, row: Outgoing, reply: Reply, cards: Mapping[str, Shown]) -> Receipt:
        shown = cards.get(card_of(reply), row.shown)
        if isinstance(reply, Settle):
            reply = replace(reply, asked=shown.asked if shown else None)
        elif reply.change:
            return await self._change(row, reply, shown, cards.get(reply.line, row.before))
        elif reply.file:
            return await self._send_file(row, _place(row, reply, shown), reply, reply.file)
        try:
            return await self._at(_place(row, reply, shown), reply)
        except Gone:
            if not (shown and isinstance(reply, Ask)):
                raise
            # Its message was deleted: a card that stays is posted anew.
            return await self._at(_place(row, reply, None), reply)

    async def _change(
        self, row: Outgoing, reply: Say, shown: Shown | None, before: Shown | None
    ) -> Receipt:
        """Say something in the place of what was said; an edit is said anew if that is nowhere."""
        if before is not None:
            place = replace(_place(row, reply, shown), shown=before.message)
            try:
                return await self._at(place, reply)
            except Gone:
                log.info("what was said is no longer there", extra=about(row.origin))
        if reply.change == "unsay":
            return Receipt()
        return await self._at(_place(row, reply, shown), reply)

    async def _send_file(
        self, row: Outgoing, place: Place, reply: Say, attached: Attached
    ) -> Receipt:
        """Show a file with its words, or words in its place; then whoever sent it hears so."""
        onto = self._adapters[place.origin.platform]
        ready = await self._enclosures.ready(reply, attached, onto, row.attempts)
        try:
            receipt = await self._at(place, ready)
        except Unshown as error:
            log.warning("a picture is not taken: %s", error, extra=about(row.origin))
            ready = spoken(reply)
            receipt = await self._at(place, ready)
        if not isinstance(ready, Pictured) and attached.file.kind == "picture":
            sender: Side = "requester" if reply.under else "desk"
            await self._record(lambda: self._effects.tell_unpassed(row, attached, sender))
        return receipt

    async def _at(self, place: Place, reply: Reply) -> Receipt:
        sending = self._adapters[place.origin.platform].send(place, reply)
        return await in_time(sending, self._pace.timeout)

    async def _happened(self, event: Event, row: Outgoing) -> bool:
        """Let the conversation hear of `event`, and do what comes of it at once."""
        taken = await self._record(lambda: self._turns.take(event, row))
        if taken.outgoing:
            await self.finish(taken.outgoing)
        return True

    @staticmethod
    async def _record(work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`, again and again for as long as the store cannot be reached.

        The world has changed already: forgetting that would change it twice. It may last longer
        than the lease, because a lost one does not matter to what was done.
        """
        waits = False
        while True:
            try:
                return await work()
            except Unavailable as error:
                if not waits:
                    log.warning("what was done waits to be recorded: %s", error)
                waits = True
            await asyncio.sleep(_PAUSE)

    async def _postpone(self, row: Outgoing, later: TryLater) -> bool:
        if row.attempts >= self._pace.attempts:
            return await self._drop(row, str(later))
        doubled = min(self._pace.backoff * 2 ** (row.attempts - 1), self._pace.longest)
        pause = max(doubled * self._pace.spread(), timedelta(seconds=later.seconds))
        due = milliseconds(self._now() + pause)
        log.info("tried in vain: %s", later, extra=about(row.origin, delivery=row.key))
        self._watch.postponed(row)
        await self._record(lambda: self._store.postpone(row, due, str(later)))
        await self._record(lambda: self._turns.lost(row))
        raise Later

    async def _drop(self, row: Outgoing, why: str) -> bool:
        """Give `row` up; a conversation that waits for what comes of it hears of that."""
        log.warning("given up: %s", why, extra=about(row.origin, delivery=row.key))
        self._watch.given_up(row)
        if (lost := self._effects.given_up(row)) is not None:
            return await self._happened(lost, row)
        await self._record(lambda: self._store.bury(row, self._ms(), why))
        await self._record(lambda: self._turns.lost(row))
        return True

    def _scope(self, conversation: str | None) -> Scope:
        return Scope(platforms=frozenset(self._adapters), conversation=conversation)

    def _ms(self) -> int:
        return milliseconds(self._now())


def _remember(item: object, receipt: Receipt | None, cards: dict[str, Shown]) -> None:
    """Keep where `item` is shown, for what comes behind it in the same lane."""
    if not receipt or not receipt.message:
        return
    if isinstance(item, Ask):
        way = json.dumps(dict(receipt.route)) if receipt.route else ""
        cards[item.token] = Shown(message=receipt.message, asked=item, route=way)
    elif isinstance(item, Say) and item.line:
        bare = Ask(text=(), token=item.line, choices=())
        cards[item.line] = Shown(message=receipt.message, asked=bare)


def _place(row: Outgoing, reply: Reply, shown: Shown | None) -> Place:
    """Return where `reply` goes: to its conversation, into a channel, or below its card there."""
    origin, message = row.origin, shown.message if shown else ""
    again = row.attempts > 1
    if isinstance(reply, Say) and reply.under:
        if shown is None:
            raise Gone("the card of this thread was never shown")
        route = json.loads(shown.route) if shown.route else origin.route
        return Place(replace(origin, thread=message, route=route), key=row.key, again=again)
    if isinstance(reply, Ask) and reply.stays:
        where: Literal["thread", "post"] = "thread" if shown else "post"
        return Place(origin, where=where, key=row.key, shown=message, again=again)
    return Place(origin, key=row.key, shown=message, again=again)
