"""One event, one turn: decide and write, then do what was decided.

What is to be done is in the outbox before it is done and leaves it afterwards, so whatever dies in
between is done again under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from adapters.base import Adapter, Answer, Gone, Place, TryLater
from bot.clock import milliseconds
from bot.desk import Desk, Refused
from bot.journal import note
from bot.storage import (
    Conflict,
    Decision,
    Outgoing,
    Person,
    Scope,
    StorageError,
    Store,
    Unavailable,
)
from dialogs.events import (
    Event,
    Forgotten,
    Origin,
    Said,
    TicketOpened,
    TicketRefused,
    TicketReopened,
)
from dialogs.replies import AddToTicket, Effect, Forget, OpenTicket, ReopenTicket, Reply
from dialogs.state import Idle, State

log = logging.getLogger(__name__)


class Step(Protocol):
    """What the decision table answers."""

    @property
    def state(self) -> State:
        """Where the conversation stands from now on."""
        ...

    @property
    def replies(self) -> tuple[Reply, ...]:
        """What is said, in this order."""
        ...

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What is asked of the outside world."""
        ...


Advance = Callable[[State, Event], Step]
Clean = Callable[[Said], Said]
Trouble = Callable[[State, Origin, str], Reply]
"""Says that something is broken here, and the id under which it was logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient deliveries are."""

    lease: timedelta = timedelta(seconds=30)
    """How long one delivery may take before another worker may try it."""
    attempts: int = 10
    """Deliveries that are tried before one is put aside."""
    backoff: timedelta = timedelta(seconds=2)
    """The pause after the first failed delivery; it doubles with each further one."""
    longest: timedelta = timedelta(minutes=10)
    """No pause is longer, unless the platform asks for it."""


class Turns:
    """Takes events in; sees to what comes of them."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        adapters: Mapping[str, Adapter],
        advance: Advance,
        clean: Clean,
        trouble: Trouble,
        now: Callable[[], datetime],
        pace: Pace | None = None,
    ) -> None:
        """`adapters` by the name of their platform: whose replies can be sent from here."""
        self._store = store
        self._desk = desk
        self._adapters = adapters
        self._advance = advance
        self._clean = clean
        self._trouble = trouble
        self._now = now
        self._pace = pace or Pace()

    async def handle(self, event: Event) -> Answer:
        """Take `event` and do all that comes of it; returns and raises what `take` does."""
        answer = await self.take(event)
        try:
            await self.sweep(event.origin.conversation)
        except Unavailable as error:
            # The event is stored: what comes of it waits in the outbox for the next sweep.
            log.warning("deliveries wait: %s", error, extra=_about(event.origin))
        return answer

    async def take(self, event: Event) -> Answer:
        """Store `event` and what was decided on it; somebody sweeps.

        Returns the replies, which are in the outbox as well; none when the event came before.
        Raises `Unavailable` when nothing was stored.
        """
        return Answer(await self._turn(event))

    async def resume(self, conversation: str | None = None) -> None:
        """Do at once what a crash left half done, everywhere or in one conversation.

        Only for the one process that delivers there: it takes from others what they have in hand.
        """
        await self._store.release(self._scope(conversation), self._milliseconds())
        await self.sweep(conversation)

    async def sweep(self, conversation: str | None = None) -> None:
        """Do what is due, everywhere or in one conversation, in order. Raises `Unavailable`."""
        scope = self._scope(conversation)
        while True:
            now = self._now()
            until = milliseconds(now + self._pace.lease)
            rows = await self._store.claim(scope, milliseconds(now), until, limit=1)
            if not rows:
                return
            await self._finish(rows[0])

    def _scope(self, conversation: str | None) -> Scope:
        return Scope(platforms=frozenset(self._adapters), conversation=conversation)

    def _milliseconds(self) -> int:
        return milliseconds(self._now())

    async def _turn(self, event: Event, cause: Outgoing | None = None) -> tuple[Reply, ...]:
        """Decide on `event`, which `cause` may have brought about, and answer."""
        try:
            decision = await self._decide(event, cause)
        except Unavailable:
            raise
        except Exception:
            log.exception("a turn failed (%s)", id := _new_id(), extra=_about(event.origin))
            if cause:
                await self._store.bury(cause, self._milliseconds(), f"{id} in the log")
            return (await self._confess(event.origin, id),)
        return decision.replies if decision else ()

    async def _decide(self, event: Event, cause: Outgoing | None) -> Decision | None:
        happened = self._clean(event) if isinstance(event, Said) else event

        def decide(state: State) -> Decision:
            step = self._advance(state, happened)
            return Decision(
                state=step.state,
                replies=step.replies,
                effects=step.effects,
                note=note(happened, step.state),
            )

        while True:
            try:
                return await self._store.turn(happened, decide, self._milliseconds(), done=cause)
            except Conflict:
                log.info("decided again", extra=_about(event.origin))

    async def _finish(self, row: Outgoing) -> None:
        try:
            event = await self._perform(row)
        except TryLater as later:
            await self._postpone(row, later)
        except (Gone, Refused) as error:
            await self._drop(row, str(error))
        except Unavailable:
            raise
        except Exception:
            log.exception("a delivery failed (%s)", id := _new_id(), extra=_about(row.origin))
            await self._confess(row.origin, id)
            await self._drop(row, f"{id} in the log")
        else:
            if event is None:
                await self._store.done(row)
            else:
                await self._turn(event, row)

    async def _perform(self, row: Outgoing) -> Event | None:
        """Do it, and return what happened by it, if the conversation must hear of that."""
        key, origin = row.key, row.origin
        match row.item:
            case OpenTicket() as wanted:
                number = await self._desk.open(key, origin, wanted)
                return TicketOpened(id=key, at=self._now(), origin=origin, number=number)
            case ReopenTicket(number=number) as wanted:
                await self._desk.reopen(key, origin, wanted)
                return TicketReopened(id=key, at=self._now(), origin=origin, number=number)
            case AddToTicket() as wanted:
                await self._desk.add(key, origin, wanted)
                return None
            case Forget():
                await self._store.forget(Person.of(origin), sparing=row)
                return Forgotten(id=key, at=self._now(), origin=origin)
            case item if isinstance(item, Event):
                return item
            case reply:
                await self._adapters[origin.platform].send(Place(origin), reply)
                return None

    async def _postpone(self, row: Outgoing, later: TryLater) -> None:
        if row.attempts >= self._pace.attempts:
            await self._drop(row, str(later))
            return
        pause = min(self._pace.backoff * 2 ** (row.attempts - 1), self._pace.longest)
        due = self._now() + max(pause, timedelta(seconds=later.seconds))
        await self._store.postpone(row, milliseconds(due), str(later))

    async def _drop(self, row: Outgoing, why: str) -> None:
        """Give `row` up; a conversation that waits for its ticket hears of it."""
        log.warning("given up: %s", why, extra=_about(row.origin))
        if isinstance(row.item, OpenTicket | ReopenTicket):
            await self._turn(TicketRefused(id=row.key, at=self._now(), origin=row.origin), row)
        else:
            await self._store.bury(row, self._milliseconds(), why)

    async def _confess(self, origin: Origin, id: str) -> Reply:
        """Tell the person that something is broken, past the outbox, which may be what is."""
        state: State = Idle()
        with suppress(StorageError):
            state = (await self._store.load(origin.conversation)).state
        reply = self._trouble(state, origin, id)
        if adapter := self._adapters.get(origin.platform):
            # It was logged already, and nobody is left to be told that this failed as well.
            with suppress(Exception):
                await adapter.send(Place(origin), reply)
        return reply


def _new_id() -> str:
    """Return what a person can quote and the log can be searched for."""
    return uuid4().hex[:8]


def _about(origin: Origin) -> dict[str, str]:
    return {"platform": origin.platform, "conversation": origin.conversation}
