"""Desk channels: what is said and pressed there, and what an administrator says of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from adapters.base import Answer
from bot.clock import milliseconds
from bot.logs import about
from bot.storage import Due, Lease, Outgoing, Person, Store, TicketDecide
from bot.storage.handing import number_of
from dialogs.events import Chose, Edited, Elapsed, Event, Said, Words
from dialogs.library import Library
from dialogs.naming import ticket_of
from dialogs.replies import Ask, Reply, Row, Say
from dialogs.ticket import Desk, Lost, Overdue, Sheet, Show, TicketRequest, TicketStep, advance
from dialogs.ticket.desks import BadRoute, desk_key, routed, together
from dialogs.ticket.talk import Command, command_of, request_of

W = TypeVar("W", bound=Words)

log = logging.getLogger(__name__)

Came = tuple[Answer, tuple[Outgoing, ...]]
"""What whoever acted is shown at once, and what was leased to this process."""


class Clean(Protocol):
    """Makes what was written ready to be kept."""

    def __call__(self, event: W, /) -> W:
        """Return `event` without secrets."""
        ...


def decider(book: Library) -> TicketDecide:
    """Return the tickets' table for `book`."""

    def decide(sheet: Sheet, request: TicketRequest) -> TicketStep:
        return advance(sheet, request, book)

    return decide


class Channels:
    """Takes the events that are about tickets, and no conversation's."""

    def __init__(
        self, store: Store, book: Library, clean: Clean, now: Callable[[], datetime]
    ) -> None:
        """`clean` as in `bot.turn.Table`."""
        self._store = store
        self._book = book
        self._clean = clean
        self._now = now
        self._decide = decider(book)

    async def take(
        self, event: Event, done: Outgoing | Due | None, lease: Lease | None
    ) -> Came | None:
        """Take `event` if it is about a ticket or a desk; None when it is a conversation's."""
        match event:
            case Elapsed(origin=origin, timer=timer):
                number = number_of(origin.conversation)
                overdue = Overdue(by="", at=event.at, timer=timer)
                due = done if isinstance(done, Due) else None
                return await self._request(number, overdue, event, lease, due) if number else None
            case Chose(token=token) if number := ticket_of(token):
                return await self._acted(number, event, lease)
            case Said(token=token) if number := ticket_of(token):
                return await self._acted(number, self._clean(event), lease)
            case Said() | Edited() if event.origin.channel and event.origin.thread:
                return await self._in_thread(event, lease)
            case Said(text=text) if command := command_of(text, self._book):
                return await self._administer(event, command)
            case _:
                return None

    async def lost(self, row: Outgoing) -> None:
        """A card does not get to its channel: whoever waits for it hears so, once."""
        if not isinstance(row.item, Ask) or not row.item.stays:
            return
        number = ticket_of(row.item.token)
        origin = row.origin
        where = desk_key(origin.platform, origin.tenant, origin.channel)
        if number is not None and row.shown is None:
            lost = Lost(by="", at=self._now(), desk=where)
            await self._store.tickets.change(number, lost, self._decide)

    async def refresh(self, numbers: Sequence[int]) -> None:
        """Show the cards of these tickets as they are now."""
        for number in numbers:
            await self._store.tickets.change(number, Show(by="", at=self._now()), self._decide)

    async def _in_thread(self, event: Said | Edited, lease: Lease | None) -> Came | None:
        number = await self._store.tickets.find(event.origin)
        if number is not None:
            return await self._acted(number, self._clean(event), lease)
        if isinstance(event, Said) and (command := command_of(event.text, self._book)):
            return await self._administer(event, command)
        return None

    async def _acted(self, number: int, event: Event, lease: Lease | None) -> Came:
        """An expert, or whoever says to be one, acts on a ticket."""
        request = request_of(event, self._book)
        if request is None:  # side talk is nobody's business, and is not kept
            return Answer(), ()
        if event.origin.guest:
            return self._whispered(event, "not-an-expert"), ()
        return await self._request(number, request, event, lease)

    async def _request(
        self,
        number: int,
        request: TicketRequest,
        event: Event,
        lease: Lease | None,
        done: Due | None = None,
    ) -> Came:
        person = Person.of(event.origin) if request.user else None
        # A press that comes twice finds what it did; one that comes again later is another one,
        # although platforms may name it alike.
        key = event.id if isinstance(event, Words) else None
        changed = await self._store.tickets.change(
            number, request, self._decide, person=person, key=key, done=done, lease=lease
        )
        if changed is None:
            return self._whispered(event, "erased"), ()
        what = changed.step.entry or "nothing"
        log.info("ticket", extra=about(event.origin, event, ticket=number, outcome=what))
        said: list[Reply] = [*changed.step.whispers]
        if isinstance(event, Chose) and changed.step.card:
            said.append(changed.step.card)
        return Answer({f"{event.id}:{n}": it for n, it in enumerate(said)}), changed.handed

    async def _administer(self, event: Said, command: Command) -> Came:
        """Somebody speaks of desks. The answer goes to the place where they did."""
        what, words = command
        origin, now = event.origin, milliseconds(self._now())
        if origin.user not in self._book.policy.administrators or origin.guest:
            await self._store.desks.say(event, self._say(event, "desk-admin"), now)
        elif what == "list":
            await self._store.desks.say(event, await self._listed(event), now)
        elif not origin.channel:
            await self._store.desks.say(event, self._say(event, "desk-in-channel"), now)
        elif what == "off":
            key = desk_key(origin.platform, origin.tenant, origin.channel)
            there = any(desk.key == key for desk in await self._store.desks.list())
            said = self._say(event, "desk-off" if there else "desk-was-off")
            await self._store.desks.remove(key, event, said, now)
        else:
            await self._here(event, words, now)
        return Answer(), ()

    async def _here(self, event: Said, words: str, now: int) -> None:
        origin = event.origin
        bare = Desk(
            platform=origin.platform,
            tenant=origin.tenant,
            channel=origin.channel,
            route=origin.route,
        )
        try:
            desk = routed(bare, words, self._book.causes, self._book.languages)
        except BadRoute as word:
            bad = replace(self._say(event, "desk-bad"), facts=(str(word)[:80],))
            await self._store.desks.say(event, bad, now)
            return
        said = replace(self._say(event, "desk-on"), rows=(self._row(desk, event),))
        await self._store.desks.put(desk, event, said, now)

    async def _listed(self, event: Event) -> Say:
        made = await self._store.desks.list()
        desks = together(self._book.policy.desks, made)
        if not desks:
            return self._say(event, "desk-none")
        rows = tuple(self._row(desk, event, fixed=desk not in made) for desk in desks)
        return replace(self._say(event, "desk-list"), rows=rows)

    def _row(self, desk: Desk, event: Event, *, fixed: bool = False) -> Row:
        language = self._language(event)
        spoken = self._book.words[desk.language].name if desk.language else ""
        causes = ", ".join(desk.causes)
        takes = self._book.desk_phrase("desk-causes", language, causes=causes) if causes else ""
        where = self._book.desk_phrase("desk-settings", language) if fixed else ""
        return Row(desk.name, " · ".join(filter(None, (desk.key, takes, spoken, where))))

    def _whispered(self, event: Event, phrase: str) -> Answer:
        return Answer({f"{event.id}:0": replace(self._say(event, phrase), to="presser")})

    def _say(self, event: Event, phrase: str) -> Say:
        return Say(text=(self._book.desk_phrase(phrase, self._language(event)),))

    def _language(self, event: Event) -> str:
        spoken = event.origin.language[:2].lower()
        return spoken if spoken in self._book.languages else self._book.policy.language
