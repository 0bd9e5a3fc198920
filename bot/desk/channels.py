"""Desk channels: what is said and pressed there, and what an administrator says of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.base import Answer
from bot.clock import milliseconds
from bot.logs import about
from bot.storage import Due, Lease, Outgoing, Person, Store, TicketDecide
from bot.storage.handing import number_of
from dialogs.events import Chose, Deleted, Edited, Elapsed, Event, Picked, Said, Words
from dialogs.intake import clean
from dialogs.library import Library
from dialogs.naming import ticket_of
from dialogs.replies import Ask, Reply
from dialogs.ticket import (
    Desk,
    Lost,
    Overdue,
    Sheet,
    Show,
    TicketRequest,
    TicketStep,
    Unpassed,
    advance,
)
from dialogs.ticket.administering import DeskStep, administer, desk_says
from dialogs.ticket.desks import desk_key
from dialogs.ticket.requests import Side
from dialogs.ticket.talk import change_of, command_of, request_of

log = logging.getLogger(__name__)

Came = tuple[Answer, tuple[Outgoing, ...]]
"""What whoever acted is shown at once, and what was leased to this process."""


def decider(book: Library) -> TicketDecide:
    """Return the tickets' table for `book`."""

    def decide(sheet: Sheet, request: TicketRequest) -> TicketStep:
        return advance(sheet, request, book)

    return decide


class Channels:
    """Takes the events that are about tickets, and no conversation's."""

    def __init__(self, store: Store, book: Library, now: Callable[[], datetime]) -> None:
        self._store = store
        self._book = book
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
            case Chose(token=token) | Picked(token=token) if number := ticket_of(token):
                return await self._acted(number, event, lease)
            case Said(token=token) if number := ticket_of(token):
                return await self._acted(number, clean(event), lease)
            case Said() | Edited() | Deleted() if event.origin.channel and event.origin.thread:
                return await self._in_thread(event, lease)
            case Said() if command_of(event.text, self._book):
                return await self._administer(clean(event))
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

    async def unpassed(self, key: str, number: int, name: str, sender: Side) -> None:
        """The file `name` was not passed on as it is: `sender` hears so; once for each `key`."""
        lost = Unpassed(by="flowmend", at=self._now(), name=name, sender=sender)
        await self._store.tickets.change(number, lost, self._decide, key=key)

    async def refresh(self, numbers: Sequence[int]) -> None:
        """Show the cards of these tickets as they are now."""
        for number in numbers:
            await self._store.tickets.change(number, Show(by="", at=self._now()), self._decide)

    async def _in_thread(self, event: Said | Edited | Deleted, lease: Lease | None) -> Came | None:
        number = await self._store.tickets.find(event.origin)
        if number is not None and isinstance(event, Said):
            return await self._acted(number, clean(event), lease)
        if number is not None and not isinstance(event, Said):
            return await self._changed(number, event, lease)
        if isinstance(event, Said) and command_of(event.text, self._book):
            return await self._administer(clean(event))
        return None

    async def _changed(self, number: int, event: Edited | Deleted, lease: Lease | None) -> Came:
        """Somebody edits or takes back what they wrote below a card: if it was said on purpose,
        the requester hears it. Side talk stays side talk, whatever becomes of it.
        """
        if event.of and await self._store.tickets.entered(event.of) == "answered":
            happened = clean(event) if isinstance(event, Edited) else event
            return await self._request(number, change_of(happened, self._book), event, lease)
        if isinstance(event, Edited):  # only now it may have the reply mark, and count as said
            return await self._acted(number, clean(event), lease, event.of or event.id)
        return Answer(), ()

    async def _acted(
        self, number: int, event: Event, lease: Lease | None, key: str | None = None
    ) -> Came:
        """An expert, or whoever says to be one, acts on a ticket; `key` names what they say."""
        request = request_of(event, self._book)
        if request is None:  # side talk is nobody's business, and is not kept
            return Answer(), ()
        if event.origin.guest:
            return self._whispered(event, "not-an-expert"), ()
        return await self._request(number, request, event, lease, key=key)

    async def _request(
        self,
        number: int,
        request: TicketRequest,
        event: Event,
        lease: Lease | None,
        done: Due | None = None,
        key: str | None = None,
    ) -> Came:
        person = Person.of(event.origin) if request.user else None
        # A press that comes twice finds what it did; one that comes again later is another one,
        # although platforms may name it alike.
        if key is None and isinstance(event, Words | Deleted):
            key = event.id
        changed = await self._store.tickets.change(
            number, request, self._decide, person=person, key=key, done=done, lease=lease
        )
        if changed is None:
            return self._whispered(event, "no-ticket"), ()
        what = changed.step.entry or "nothing"
        log.info("ticket", extra=about(event.origin, event, ticket=number, outcome=what))
        said: list[Reply] = [*changed.step.whispers]
        from_card = isinstance(event, Chose) or (isinstance(event, Said) and event.token)
        if from_card and changed.step.card:
            said.append(changed.step.card)
        return Answer({f"{event.id}:{n}": it for n, it in enumerate(said)}), changed.handed

    async def _administer(self, event: Said) -> Came | None:
        """Somebody speaks of desks. The answer goes to the place where they did."""
        command = command_of(event.text, self._book)
        if command is None:
            return None

        def decide(made: Sequence[Desk]) -> DeskStep:
            return administer(made, command, event, self._book)

        await self._store.desks.change(event, decide, milliseconds(self._now()))
        return Answer(), ()

    def _whispered(self, event: Event, phrase: str) -> Answer:
        said = replace(desk_says(phrase, event, self._book), to="presser")
        return Answer({f"{event.id}:0": said})
