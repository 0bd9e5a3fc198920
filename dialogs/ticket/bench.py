"""A request on its way through the table, with all that is needed to answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from dialogs.events import Attached, Event, File, Timer
from dialogs.excerpt import excerpt
from dialogs.library import Library
from dialogs.marks import readable
from dialogs.naming import line_token
from dialogs.replies import Link, Row, Say, SetTimer, StopTimer
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

    def warned(self, step: TicketStep) -> TicketStep:
        """Return `step` with a word to whoever wrote a secret that it passes on hidden."""
        if not self.request.secrets or step.entry is None:
            return step
        said = self.book.hidden(self.request.secrets, cards.spoken(self.sheet.desk, self.book))
        return replace(step, whispers=(*step.whispers, Say(text=(said,), to="presser")))

    def whisper(self, phrase: str, *rows: Row) -> Say:
        """Return words for whoever asked alone."""
        return Say(text=(self.phrase(phrase),), rows=rows, to="presser")

    def line(self, phrase: str, *rows: Row, quote: str = "", facts: tuple[str, ...] = ()) -> Say:
        """Return words for the thread below the card; of a long quote its beginning."""
        language = cards.spoken(self.sheet.desk, self.book)
        shown, cut = excerpt(readable(quote, self.book, language))
        facts = tuple(readable(fact, self.book, language) for fact in facts)
        text = (self.phrase(phrase), *([self.phrase("cut-here")] if cut else []))
        return Say(text=text, rows=rows, quote=shown, facts=facts, under=self.sheet.name)

    def changing(self, line: Say, of: str, change: Literal["", "edit", "unsay"] = "") -> Say:
        """Return `line` as what was passed on of the event `of`, or as a change of that."""
        return replace(line, line=line_token(self.sheet.number, of), change=change)

    def enclosure(self, file: File, text: str) -> Say:
        """Return a file of the requester's, for the thread: its words, or itself."""
        if text:
            return self.line("requester-file", quote=text, facts=(file.name,))
        platform = self.sheet.origin.platform if self.sheet.origin else ""
        links = (Link(self.phrase("file-link"), file.link),) if file.link else ()
        return replace(
            self.line("requester-sends", facts=(file.name,)),
            file=Attached(file, platform, self.sheet.number),
            otherwise=(self.phrase("file-elsewhere"),),
            links=links,
        )

    def who(self, name: str, calls: str = "") -> Row:
        """Return somebody's name, which is theirs and no words of ours; `calls` is who hears it."""
        return Row(self.phrase("row-who"), name, calls)

    def phrase(self, name: str, **values: str | int) -> str:
        """Return one of the desk's phrases in its language."""
        language = cards.spoken(self.sheet.desk, self.book)
        return self.book.desk_phrase(name, language, ticket=self.sheet.name, **values)

    def tell(self, kind: Callable[..., Event], **values: Any) -> tuple[Event, ...]:
        """Return what the requester's conversation hears of it, unless it knows already."""
        return self.tell_all(kind, values)

    def tell_all(self, kind: Callable[..., Event], *each: Mapping[str, Any]) -> tuple[Event, ...]:
        """Return one event for each of the values in `each`, in order; see `tell`."""
        sheet, origin = self.sheet, self.sheet.origin
        if origin is None or self.request.side == "requester":
            return ()
        id = f"{origin.platform}:ticket:{sheet.number}:{sheet.version + 1}"
        known = {"at": self.request.at, "origin": origin, "number": sheet.number}
        return tuple(
            kind(id=f"{id}:{n}" if n else id, **known, **values) for n, values in enumerate(each)
        )

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
