"""What an effect does to the world, and what the conversation hears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.base import Adapter, Fetches, Gone
from bot.desk import Desk
from bot.enclosures import Enclosures
from bot.pace import in_time
from bot.storage import Outgoing, Person, Store
from bot.turn import Turns
from dialogs.events import (
    Attached,
    Event,
    Fetched,
    File,
    Forgotten,
    TicketAnswered,
    TicketOpened,
    TicketRefused,
    TicketReopened,
    TicketUnpassed,
    Unfetched,
)
from dialogs.replies import (
    AddToTicket,
    Effect,
    Fetch,
    Forget,
    OpenTicket,
    ReopenTicket,
    SetTimer,
    StopTimer,
    WithdrawTicket,
)
from dialogs.ticket.requests import Side


class Effects:
    """Does them. Each may raise `TryLater`, `Gone`, `Refused` or `Unavailable`."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        adapters: Mapping[str, Adapter],
        turns: Turns,
        enclosures: Enclosures,
        now: Callable[[], datetime],
        patience: timedelta,
    ) -> None:
        """`adapters` by the name of their platform: whose files can be fetched from here."""
        self._store = store
        self._desk = desk
        self._adapters = adapters
        self._turns = turns
        self._enclosures = enclosures
        self._now = now
        self._patience = patience

    async def do(self, row: Outgoing, item: Effect) -> Event | None:
        """Do `item` of `row`; return what its conversation hears of it, if anything."""
        key, origin = row.key, row.origin
        match item:
            case OpenTicket() as wanted:
                number = await self._desk.open(key, origin, wanted)
                return TicketOpened(id=key, at=self._now(), origin=origin, number=number)
            case ReopenTicket(number=number) as wanted:
                await self._desk.reopen(key, origin, wanted)
                return TicketReopened(id=key, at=self._now(), origin=origin, number=number)
            case AddToTicket(file=File() as file) as wanted:
                return await self._pass_on(row, wanted, file)
            case AddToTicket() as wanted:
                await self._desk.add(key, origin, wanted)
            case WithdrawTicket() as wanted:
                await self._desk.withdraw(key, origin, wanted)
            case Fetch(file=file):
                return await self._fetch(row, file)
            case Forget():
                return await self._forget(row)
            case SetTimer() | StopTimer():  # rows of their own, never in the outbox
                pass
        return None

    async def heard(self, row: Outgoing, event: Event) -> Event:
        """Return `event` as its conversation hears it: with what is in an expert's file."""
        if not (isinstance(event, TicketAnswered) and event.file):
            return event
        heard = await self._enclosures.heard(event, event.file, row.attempts)
        if heard.file and heard.file.file.kind == "other":
            await self.tell_unpassed(row, heard.file, "desk")
        return heard

    async def tell_unpassed(self, row: Outgoing, attached: Attached, sender: Side) -> None:
        """Let `sender` hear that what they have sent is not shown on the other side."""
        key, name = f"{row.key}:unpassed", attached.file.name
        await self._turns.unpassed(key, attached.ticket, name, sender)

    def given_up(self, row: Outgoing) -> Event | None:
        """Return what its conversation hears when `row` will never be done, if anything."""
        id, at, origin = row.key, self._now(), row.origin
        match row.item:
            case OpenTicket() | ReopenTicket():
                return TicketRefused(id=id, at=at, origin=origin)
            case Fetch(file=file):
                return Unfetched(id=id, at=at, origin=origin, file=file)
            case _:
                return None

    async def _pass_on(
        self, row: Outgoing, wanted: AddToTicket, file: File
    ) -> TicketUnpassed | None:
        text, passed = await self._enclosures.read(file, row.origin.platform, row.attempts)
        await self._desk.add(row.key, row.origin, replace(wanted, text=text, file=passed))
        if passed.kind != "other":
            return None
        return TicketUnpassed(
            id=row.key,
            at=self._now(),
            origin=row.origin,
            number=wanted.number,
            name=passed.name,
        )

    async def _fetch(self, row: Outgoing, file: File) -> Fetched:
        adapter = self._adapters.get(row.origin.platform)
        if not isinstance(adapter, Fetches):
            raise Gone("this platform has no files")
        text = await in_time(adapter.fetch(file), self._patience)
        return Fetched(id=row.key, at=self._now(), origin=row.origin, text=text, name=file.name)

    async def _forget(self, row: Outgoing) -> Forgotten:
        person = Person.of(row.origin)
        tickets = await self._store.tickets.of(person)
        await self._store.forget(person, sparing=row)
        await self._turns.refresh(tickets)
        return Forgotten(id=row.key, at=self._now(), origin=row.origin)
