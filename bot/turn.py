"""One event, one turn: read, decide and write, all or nothing.

What is to be done is in the outbox before it is done (`delivery.py`) and leaves it afterwards, so
whatever dies in between is done again under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import perf_counter
from typing import Protocol, TypeVar

from adapters.base import Adapter, Answer, Place
from bot.chance import new_id
from bot.clock import milliseconds
from bot.desk.channels import Channels
from bot.journal import note
from bot.logs import about
from bot.storage import (
    Conflict,
    Decision,
    Due,
    Lease,
    Outgoing,
    Person,
    StorageError,
    Store,
    Unavailable,
)
from bot.storage.handing import left_by_turn
from bot.watch import Unwatched, Watch
from dialogs.events import Deleted, Edited, Event, Origin, Said, Words
from dialogs.replies import Effect, Reply, Settle
from dialogs.state import Idle, State
from dialogs.ticket.requests import Side

W = TypeVar("W", bound=Words)

log = logging.getLogger(__name__)

_NEWEST = 20
"""Conversations of one person that words may be an answer to."""


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


class Clean(Protocol):
    """Makes what was written ready to be kept."""

    def __call__(self, event: W, /) -> W:
        """Return `event` without secrets."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the conversation decides, without anything of the world around it."""

    advance: Callable[[State, Event], Step]
    clean: Clean
    current: Callable[[State, Event], tuple[Reply, ...]]
    """The question that is open, as it stands; nothing when there is none."""
    trouble: Callable[[State, Origin, str], Reply]
    """Says that something is broken here, and the id under which it was logged."""
    answers: Callable[[State, Said], bool] = lambda state, event: False
    """Whether words only answer the question that is open."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an event that is stored."""

    answer: Answer
    outgoing: tuple[Outgoing, ...] = ()
    """What was leased to this process and is to be delivered by it, in order."""
    waits: bool = False
    """Whether more was stored, which stands in its lane behind what went before."""


class Turns:
    """Takes events in."""

    def __init__(
        self,
        *,
        store: Store,
        adapters: Mapping[str, Adapter],
        table: Table,
        now: Callable[[], datetime],
        lease: timedelta,
        watch: Watch | None = None,
        channels: Channels | None = None,
    ) -> None:
        """`adapters` by the name of their platform: whose replies can be sent from here.

        `channels` takes what is about tickets; None where there are no desk channels.
        """
        self._store = store
        self._adapters = adapters
        self._table = table
        self._now = now
        self._lease = lease
        self._watch = watch or Unwatched()
        self._channels = channels

    async def take(
        self, event: Event, done: Outgoing | Due | None = None, *, delivers: bool = True
    ) -> Taken:
        """Store `event`, which `done` may have brought about, and what was decided on it.

        When it came before, the answer is the question that is open now. With `delivers` the
        caller sees to what is named as outgoing. Raises `Unavailable` when nothing was stored.
        """
        started = perf_counter()
        lease = self._lease_until() if delivers else None
        try:
            if self._channels and (came := await self._channels.take(event, done, lease)):
                return Taken(*came)
            if done is None and (placed := await self._placed(event)) is not event:
                if placed is None:
                    return Taken(Answer())
                event = placed
            decision = await self._decide(event, done, lease)
        except Unavailable:
            self._watch.refused(event)
            raise
        except Exception:
            log.exception("a turn failed (%s)", id := new_id(), extra=about(event.origin, event))
            self._watch.failed(event)
            if done is not None:  # it would bring the same bug about again and again
                await self._store.bury(done, milliseconds(self._now()), f"{id} in the log")
            return Taken(Answer({f"{event.id}:{id}": await self.confess(event.origin, id)}))
        seconds = perf_counter() - started
        self._watch.turned(event, decision, seconds)
        outcome = decision.note.outcome if decision else "repeated"
        spent = round(seconds * 1000, 1)
        log.info("turn", extra=about(event.origin, event, outcome=outcome, milliseconds=spent))
        if decision is None:
            return Taken(await self._repeated(event))
        keyed = {f"{event.id}:{n}": reply for n, reply in enumerate(decision.replies)}
        answer = Answer(keyed | _with_questions(decision.handed), decision.note.outcome)
        left = left_by_turn(event, decision)
        return Taken(answer, decision.handed, waits=len(decision.handed) < len(left))

    async def lost(self, row: Outgoing) -> None:
        """Tell whom it concerns that the card of a ticket does not arrive."""
        if self._channels is not None:
            await self._channels.lost(row)

    async def unpassed(self, key: str, number: int, name: str, sender: Side) -> None:
        """Tell whoever sent the file `name` to the other side of a ticket that it is not shown."""
        if self._channels is not None:
            await self._channels.unpassed(key, number, name, sender)

    async def refresh(self, numbers: Sequence[int]) -> None:
        """Show the cards of these tickets as they are now."""
        if self._channels is not None:
            await self._channels.refresh(numbers)

    async def confess(self, origin: Origin, id: str) -> Reply:
        """Tell the person that something is broken, past the outbox, which may be what is."""
        state: State = Idle()
        with suppress(StorageError):
            state = (await self._store.load(origin.conversation)).state
        reply = self._table.trouble(state, origin, id)
        if adapter := self._adapters.get(origin.platform):
            # It was logged already, and nobody is left to be told that this failed as well.
            with suppress(Exception):
                await adapter.send(Place(origin, key=f"{origin.platform}:trouble:{id}"), reply)
        return reply

    async def _placed(self, event: Event) -> Event | None:
        """Return `event` in the conversation that it belongs to; None when it belongs to none.

        What begins nothing is no reason to keep that somebody spoke.
        """
        match event:
            case Said(addressed=False) | Edited() | Deleted():
                known = await self._store.load(event.origin.conversation)
                return event if known.version else None
            case Said(within=str(place)) if place:
                return await self._answered(event, place)
            case _:
                return event

    async def _answered(self, event: Said, place: str) -> Said:
        """Return `event` in the newest conversation of `place` whose question it answers."""
        for known in await self._store.begun_by(Person.of(event.origin), _NEWEST):
            where = known.conversation
            if where.startswith(place) and self._table.answers(known.state, event):
                return replace(event, origin=replace(event.origin, conversation=where))
        return event

    def _lease_until(self) -> Lease:
        until = milliseconds(self._now() + self._lease)
        return Lease(platforms=frozenset(self._adapters), until=until)

    async def _decide(
        self, event: Event, done: Outgoing | Due | None, lease: Lease | None
    ) -> Decision | None:
        happened = self._table.clean(event) if isinstance(event, Words) else event

        def decide(state: State) -> Decision:
            step = self._table.advance(state, happened)
            return Decision(
                state=step.state,
                replies=step.replies,
                effects=step.effects,
                note=note(happened, step.state),
            )

        now = milliseconds(self._now())
        while True:
            try:
                return await self._store.turn(happened, decide, now, done=done, lease=lease)
            except Conflict:
                log.info("decided again", extra=about(event.origin, event))

    async def _repeated(self, event: Event) -> Answer:
        with suppress(StorageError):
            state = (await self._store.load(event.origin.conversation)).state
            questions = self._table.current(state, event)
            return Answer({f"{event.id}:now:{n}": it for n, it in enumerate(questions)})
        return Answer()


def _with_questions(handed: tuple[Outgoing, ...]) -> dict[str, Reply]:
    """Return the settled questions as they were shown, by key: their cards can change at once."""
    return {
        row.key: replace(row.item, asked=row.shown.asked)
        for row in handed
        if isinstance(row.item, Settle) and row.shown
    }
