"""The outbox in memory: what waits, what was put aside, and the cards that are shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.base import Receipt
from bot.storage import Backlog, Lease, Outgoing, Person, Scope, Shown
from bot.storage.lanes import OF_PLATFORMS, Item, kind_of, lane_of
from bot.storage.naming import card_of, line_of, thread_key
from dialogs.events import Origin
from dialogs.redaction import redact
from dialogs.replies import Ask, Say, Settle


@dataclass
class Row:
    """A line of the outbox, or of what was put aside."""

    item: Outgoing
    due: int
    put_at: int = 0
    died_at: int = 0
    leased: bool = False
    fleeting: bool = False
    error: str = ""
    person: Person | None = None
    """Whose words they are."""

    @property
    def lane(self) -> str:
        return self.item.lane


class FakeOutbox:
    """The half of the store that delivers."""

    def __init__(self) -> None:
        self.outbox: list[Row] = []
        self.dead: list[Row] = []
        self.shown: dict[tuple[str, str], Shown] = {}
        self.threads: dict[str, str] = {}
        self._last = 0

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def put(
        self,
        origin: Origin,
        items: Mapping[str, Item],
        now: int,
        *,
        fleeting: bool = False,
        lease: Lease | None = None,
        person: Person | None = None,
    ) -> tuple[Outgoing, ...]:
        busy = {row.lane for row in self.outbox}
        lanes = {key: lane_of(item, origin.conversation) for key, item in items.items()}
        if lease is not None and origin.platform not in lease.platforms:
            busy |= {lanes[key] for key, item in items.items() if kind_of(item) in OF_PLATFORMS}
        handed: list[Outgoing] = []
        for key, item in items.items():
            leased = lease is not None and lanes[key] not in busy
            until = lease.until if lease and leased else 0
            outgoing = Outgoing(
                id=self.next_id(),
                key=key,
                lane=lanes[key],
                origin=origin,
                item=item,
                attempts=int(leased),
                leased_until=until,
                shown=self._card(origin, item),
                before=self._before(origin, item),
            )
            row = Row(outgoing, until or now, now, leased=leased, fleeting=fleeting)
            row.person = person or Person.of(origin)
            self.outbox.append(row)
            handed += [outgoing] if leased else []
        return tuple(handed)

    def _card(self, origin: Origin, item: Item) -> Shown | None:
        return self.shown.get((origin.conversation, card_of(item)))

    def _before(self, origin: Origin, item: Item) -> Shown | None:
        return self.shown.get((origin.conversation, line_of(item)))

    async def claim(self, scope: Scope, now: int, until: int, limit: int) -> Sequence[Outgoing]:
        claimed: list[Outgoing] = []
        lanes: set[str] = set()
        for row in self.outbox:
            head = row.lane not in lanes
            lanes.add(row.lane)
            if head and row.due <= now and self._within(scope, row) and len(claimed) < limit:
                row.item = replace(
                    row.item,
                    attempts=row.item.attempts + 1,
                    leased_until=until,
                    shown=self._card(row.item.origin, row.item.item),
                    before=self._before(row.item.origin, row.item.item),
                )
                row.due, row.leased = until, True
                claimed.append(row.item)
        return claimed

    @staticmethod
    def _within(scope: Scope, row: Row) -> bool:
        item, where = row.item.item, row.item.origin
        here = scope.conversation in (None, where.conversation)
        return here and (kind_of(item) not in OF_PLATFORMS or where.platform in scope.platforms)

    async def done(self, outgoing: Outgoing, receipt: Receipt | None = None) -> bool:
        where = outgoing.origin.conversation
        match outgoing.item:
            case Ask(stays=True) if (
                outgoing.shown and receipt and receipt.message in ("", outgoing.shown.message)
            ):
                pass  # it is where it was
            case Ask(token=token) as asked if receipt and receipt.message:
                route = json.dumps(dict(receipt.route)) if receipt.route else ""
                self.shown[where, token] = Shown(message=receipt.message, asked=asked, route=route)
                if asked.stays:
                    self.threads[thread_key(outgoing.origin, receipt.message)] = token
            case Say(line=str(token)) if token and receipt and receipt.message:
                bare = Ask(text=(), token=token, choices=())
                self.shown[where, token] = Shown(message=receipt.message, asked=bare)
            case Settle(token=token):
                self.shown.pop((where, token), None)
        self.outbox = [row for row in self.outbox if row.item.id != outgoing.id]
        return any(row.lane == outgoing.lane for row in self.outbox)

    async def give_back(self, outgoing: Sequence[Outgoing], now: int) -> None:
        for row in self.outbox:
            if row.item in outgoing and row.leased:
                row.item = replace(row.item, attempts=row.item.attempts - 1)
                row.due, row.leased = now, False

    async def postpone(self, outgoing: Outgoing, due: int, error: str) -> None:
        for row in self.outbox:
            if row.item == outgoing and row.leased:
                row.due, row.leased, row.error = due, False, redact(error).text

    def _put_aside(self, done: Outgoing, now: int, error: str) -> None:
        found = [row for row in self.outbox if row.item.id == done.id]
        self.dead += [
            replace(row, died_at=now, error=redact(error).text, leased=False)
            for row in found
            if not row.fleeting
        ]
        self.outbox = [row for row in self.outbox if row not in found]

    async def release(self, scope: Scope, now: int) -> int:
        held = [row for row in self.outbox if row.leased and self._within(scope, row)]
        for row in held:
            row.due, row.leased = now, False
        return len(held)

    async def backlog(self) -> Backlog:
        oldest = min((row.due for row in self.outbox), default=None)
        return Backlog(waiting=len(self.outbox), oldest=oldest, dead=len(self.dead))
