"""The ways on for a ticket: each function is one, and the table chooses."""

from __future__ import annotations

from dataclasses import replace

from dialogs.events import (
    Event,
    TicketAnswered,
    TicketClaimed,
    TicketPassed,
    TicketResolved,
    TicketRetry,
)
from dialogs.replies import Row, SetTimer, StopTimer
from dialogs.ticket import cards
from dialogs.ticket.bench import Bench, unclaimed
from dialogs.ticket.desks import Desk, choose, named
from dialogs.ticket.requests import Answer
from dialogs.ticket.state import (
    Claimed,
    Closed,
    Expert,
    Open,
    Resolved,
    TicketState,
    Waiting,
)
from dialogs.ticket.step import Shown, TicketStep


def start(bench: Bench) -> TicketStep:
    """Find the desk that it goes to; without one it waits in the list of tickets."""
    sheet = bench.sheet
    if sheet.origin is None or sheet.wanted is None:
        return bench.stay()
    read = sheet.wanted.case.diagnosis
    language = read.language or sheet.origin.language[:2].lower()
    desk = choose(bench.desks, sheet.origin, read, language)
    return bench.step(sheet.state, None, desk=desk, timer=until_claimed(bench, desk))


def added(bench: Bench, state: TicketState, text: str) -> TicketStep:
    """The requester writes on."""
    return bench.step(state, "added", bench.line("requester-says", quote=text), text=text)


def answered_by_requester(bench: Bench, state: Claimed, text: str) -> TicketStep:
    """The requester has answered: it is the expert's move."""
    line = bench.line("requester-says", quote=text)
    return bench.step(state, "added", line, text=text, timer=StopTimer())


def withdraw(bench: Bench) -> TicketStep:
    """The requester needs nobody any more."""
    on = Closed(at=bench.request.at, why="withdrawn")
    return bench.step(on, "withdrawn", bench.line("withdrawn"), timer=StopTimer())


def solved_by_requester(bench: Bench) -> TicketStep:
    """It works, says the one who knows."""
    on = Resolved(by=bench.phrase("row-requester"), at=bench.request.at)
    return bench.step(on, "resolved", bench.line("works"), timer=StopTimer())


def claim(bench: Bench) -> TicketStep:
    """Somebody takes it, from somebody else if need be."""
    fresh = unclaimed(bench.sheet.state)
    on = Claimed(by=bench.request.expert)
    lines = () if fresh else (bench.line("taken-over", bench.who(on.by.shown)),)
    return bench.step(on, "claimed", *lines, tells=_has_it(bench, fresh), timer=StopTimer())


def _has_it(bench: Bench, fresh: bool) -> tuple[Event, ...]:
    """Tell the requester that somebody has it, or that it is somebody else now."""
    return bench.tell(TicketClaimed) if fresh else bench.tell(TicketPassed, to="expert")


def assign(bench: Bench, state: TicketState, to: str) -> TicketStep:
    """Somebody gives it to somebody whom this desk knows; in a shell to anybody."""
    wanted = to.strip().lstrip("@").casefold()
    known = (it for it in bench.sheet.experts if wanted in (it.user.casefold(), _called(it)))
    expert = next(known, None) or _stranger(bench, to.strip())
    if expert is None:
        return bench.stay(bench.whisper("nobody-called", bench.who(to)))
    if isinstance(state, Claimed | Waiting) and state.by.user == expert.user != "":
        return bench.stay(bench.whisper("theirs-already"))
    tells = _has_it(bench, unclaimed(state))
    line = bench.line("assigned", bench.who(expert.shown))
    on = Claimed(by=expert)
    return bench.step(on, "assigned", line, text=expert.shown, tells=tells, timer=StopTimer())


def _called(expert: Expert) -> str:
    return expert.shown.casefold()


def _stranger(bench: Bench, to: str) -> Expert | None:
    """Return somebody who has not worked here yet: named by their id, or by whoever has a shell."""
    platform, _, _ = to.partition(":")
    at_desk = bench.request.desk
    if at_desk and bench.sheet.desk and platform == bench.sheet.desk.platform and ":" in to:
        return Expert(user=to)
    if at_desk:
        return None
    return Expert(user=to) if ":" in to else Expert(name=to)


def release(bench: Bench) -> TicketStep:
    """Nobody has it any more."""
    line = bench.line("released", bench.who(bench.request.by))
    timer = until_claimed(bench, bench.sheet.desk)
    tells = bench.tell(TicketPassed, to="nobody")
    return bench.step(Open(), "released", line, tells=tells, timer=timer)


def transfer(bench: Bench, to: str) -> TicketStep:
    """Another channel gets it; the card of this one says so."""
    desk = named(bench.desks, to)
    if desk is None:
        return bench.stay(bench.whisper("no-desk", Row(bench.phrase("row-desk"), to)), refused=True)
    if bench.sheet.desk and desk.key == bench.sheet.desk.key:
        return bench.stay(bench.whisper("here-already"))
    timer = until_claimed(bench, desk)
    tells = bench.tell(TicketPassed, to="team")
    return bench.step(Open(), "transferred", desk=desk, text=desk.name, tells=tells, timer=timer)


def answer(bench: Bench, state: TicketState, said: Answer) -> TicketStep:
    """An expert speaks to the requester; who speaks first has it."""
    text = said.text.strip()
    if not text:
        return bench.stay(bench.whisper("empty"))
    by = state.by if isinstance(state, Claimed | Waiting) else said.expert
    heard = bench.tell(TicketAnswered, text=text, corrected=said.corrected)
    line = bench.line("answered", bench.who(said.by), quote=text)
    return bench.step(
        Waiting(by=by),
        "answered",
        line,
        text=text,
        tells=heard,
        timer=bench.timer("remind", bench.book.policy.answer_after),
    )


def retry(bench: Bench, state: TicketState) -> TicketStep:
    """The requester shall try again."""
    by = state.by if isinstance(state, Claimed | Waiting) else bench.request.expert
    return bench.step(
        Waiting(by=by, retry=True),
        "retry",
        bench.line("retry", bench.who(bench.request.by)),
        tells=bench.tell(TicketRetry),
        timer=bench.timer("remind", bench.book.policy.answer_after),
    )


def resolve(bench: Bench, cause: str) -> TicketStep:
    """Somebody says it is solved."""
    known = cause if cause in bench.book.causes else ""
    on = Resolved(by=bench.request.by, at=bench.request.at, cause=known)
    tells = bench.tell(TicketResolved)
    return bench.step(on, "resolved", text=known, tells=tells, timer=StopTimer())


def elsewhere(bench: Bench) -> TicketStep:
    """Somebody acts in a channel that has the ticket no longer, or never had it."""
    there = bench.sheet.desk
    if there is None or all(desk.key != bench.request.desk for desk in bench.desks):
        return bench.stay(bench.whisper("not-an-expert"))
    return bench.stay(bench.whisper("moved-away", Row(bench.phrase("row-desk"), there.name)))


def show(bench: Bench, state: TicketState) -> TicketStep:
    """Whoever asks sees the card as it is."""
    desk = bench.sheet.desk
    return bench.stay(*([cards.card(bench.sheet, state, desk, bench.book)] if desk else []))


def show_erased(bench: Bench) -> TicketStep:
    """Nothing is left on the card of whoever was forgotten."""
    desk, state = bench.sheet.desk, bench.sheet.state
    if desk is None:
        return bench.stay()
    erased = cards.card(bench.sheet, state, desk, bench.book)
    return replace(bench.stay(), shown=(Shown(desk, erased),), timer=StopTimer())


def until_claimed(bench: Bench, desk: Desk | None) -> SetTimer | StopTimer:
    """Only a channel can be reminded that somebody should take it."""
    return bench.open_timer("claim", bench.book.policy.claim_after if desk else None)
