"""A request on its way through the table, with all that is needed to answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dialogs.events import Event, Timer
from dialogs.library import Library
from dialogs.replies import Row, Say, SetTimer, StopTimer
from dialogs.ticket import cards
from dialogs.ticket.desks import Desk, near, together
from dialogs.ticket.requests import TicketRequest
from dialogs.ticket.state import Claimed, Open, Reopened, TicketState, Waiting
from dialogs.ticket.step import Entry, Sheet, Shown, TicketStep


@dataclass(frozen=True, slots=True)
class Bench:
    """One request to one ticket."""

    sheet: Sheet
    request: TicketRequest
    book: Library

    @property
    def desks(self) -> tuple[Desk, ...]:
        """All desks that the ticket may go to."""
        every = together(self.book.policy.desks, self.sheet.desks)
        return near(near(every, self.sheet.origin), self.sheet.desk)

    def step(self, state: TicketState, entry: Entry | None, *lines: Say, **more: Any) -> TicketStep:
        """Return a step that shows the card anew where it changes, then `lines` below it."""
        sheet, desk = self.sheet, more.pop("desk", self.sheet.desk)
        shown = [Shown(desk, line) for line in lines] if desk else []
        moved = desk != sheet.desk
        if desk and (moved or state != sheet.state):
            shown.insert(0, Shown(desk, cards.card(sheet, state, desk, self.book)))
        if moved and sheet.desk:
            shown.insert(0, Shown(sheet.desk, cards.moved(sheet, desk, self.book)))
        return TicketStep(state=state, entry=entry, desk=desk, shown=tuple(shown), **more)

    def stay(self, *whispers: Say, refused: bool = False) -> TicketStep:
        """Return a step that changes nothing."""
        return TicketStep(
            state=self.sheet.state, desk=self.sheet.desk, whispers=whispers, refused=refused
        )

    def whisper(self, phrase: str, *rows: Row) -> Say:
        """Return words for whoever asked alone."""
        return Say(text=(self.phrase(phrase),), rows=rows, to="presser")

    def line(self, phrase: str, *rows: Row, quote: str = "") -> Say:
        """Return words for the thread below the card."""
        text = (self.phrase(phrase),)
        return Say(text=text, rows=rows, quote=quote, under=self.sheet.name)

    def who(self, name: str) -> Row:
        """Return somebody's name, which is theirs and no words of ours."""
        return Row(self.phrase("row-who"), name)

    def phrase(self, name: str, **values: str | int) -> str:
        """Return one of the desk's phrases in its language."""
        language = cards.spoken(self.sheet.desk, self.book)
        return self.book.desk_phrase(name, language, ticket=self.sheet.name, **values)

    def tell(self, kind: Callable[..., Event], **values: Any) -> tuple[Event, ...]:
        """Return what the requester's conversation hears of it, unless it knows already."""
        sheet, origin = self.sheet, self.sheet.origin
        if origin is None or self.request.side == "requester":
            return ()
        id = f"{origin.platform}:ticket:{sheet.number}:{sheet.version + 1}"
        return (kind(id=id, at=self.request.at, origin=origin, number=sheet.number, **values),)

    def open_timer(self, name: Timer, span: timedelta | None) -> SetTimer | StopTimer:
        """Return the timer that goes off when people were there for `span`."""
        if span is None:
            return StopTimer()
        hours, at = self.book.policy.hours, self.request.at
        return SetTimer(timer=name, at=hours.after(at, span) if hours else at + span)

    def timer(self, name: Timer, span: timedelta | None) -> SetTimer | StopTimer:
        """Return the timer that goes off after `span`."""
        return SetTimer(timer=name, at=self.request.at + span) if span else StopTimer()


def unclaimed(state: TicketState) -> bool:
    """Tell whether nobody has it."""
    return isinstance(state, Open | Reopened)


def holder(state: Claimed | Waiting) -> str:
    """Return what the one who has it is called."""
    return state.by.shown
