"""The ways on for a ticket: each function is one, and the table chooses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dialogs.events import (
    Attached,
    Event,
    TicketAnswered,
    TicketClaimed,
    TicketPassed,
    TicketResolved,
    TicketRetry,
    TicketUnpassed,
    TicketUnsaid,
)
from dialogs.naming import line_token
from dialogs.replies import Row, Say, SetTimer, StopTimer
from dialogs.ticket import cards
from dialogs.ticket.bench import Bench, unclaimed
from dialogs.ticket.desks import Desk, choose, named
from dialogs.ticket.requests import AddLine, Answer, Assign, Correct, Unpassed, Unsay
from dialogs.ticket.state import (
    Claimed,
    Closed,
    Expert,
    Open,
    Resolved,
    TicketState,
    Waiting,
)
from dialogs.ticket.step import Entry, Shown, TicketStep


def start(bench: Bench) -> TicketStep:
    """Find the desk that it goes to; without one it waits in the list of tickets."""
    sheet = bench.sheet
    if sheet.origin is None or sheet.wanted is None:
        return bench.stay()
    read = sheet.wanted.case.diagnosis
    language = read.language or sheet.origin.language[:2].lower()
    desk = choose(bench.desks, sheet.origin, read, language)
    return bench.step(sheet.state, None, desk=desk, timer=until_claimed(bench, desk))


def added(bench: Bench, state: TicketState, added: AddLine, **more: StopTimer) -> TicketStep:
    """The requester writes on, or sends a file."""
    if added.file is None:
        said = bench.line("requester-says", quote=added.text)
        line, kept = bench.changing(said, added.of), added.text
    else:
        line = bench.enclosure(added.file, added.text)
        kept = "\n".join(filter(None, (added.file.name, added.text)))
    return bench.step(state, "added", line, text=kept, **more)


def answered_by_requester(bench: Bench, state: Claimed, said: AddLine) -> TicketStep:
    """The requester has answered: it is the expert's move."""
    return added(bench, state, said, timer=StopTimer())


def edited(bench: Bench, now: AddLine) -> TicketStep:
    """The requester has edited what they wrote, or taken it back."""
    phrase = "requester-edits" if now.change == "edit" else "requester-unsays"
    line = bench.changing(bench.line(phrase, quote=now.text), now.of, now.change)
    entry: Entry = "edited" if now.change == "edit" else "unsaid"
    return bench.step(bench.sheet.state, entry, line, text=now.text)


def unpassed(bench: Bench, lost: Unpassed) -> TicketStep:
    """A file did not get to the other side as it is: whoever sent it hears so."""
    if lost.sender == "requester":
        tells = bench.tell(TicketUnpassed, name=lost.name)
        return bench.step(bench.sheet.state, "unpassed", text=lost.name, tells=tells)
    line = bench.line("file-unpassed", facts=(lost.name,))
    return bench.step(bench.sheet.state, "unpassed", line, text=lost.name)


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


def assign(bench: Bench, state: TicketState, asked: Assign) -> TicketStep:
    """Somebody gives it to somebody whom this desk knows, or who is of its organisation; in a shell
    to anybody. Never to whoever asked, nor to a guest.
    """
    to = asked.to
    if not asked.belongs:
        return bench.stay(bench.whisper("not-assignable"))
    if bench.sheet.origin and to == bench.sheet.origin.user:
        return bench.stay(bench.whisper("is-requester"))
    wanted = to.strip().lstrip("@").casefold()
    known = (it for it in bench.sheet.experts if wanted in (it.user.casefold(), _called(it)))
    expert = next(known, None) or _stranger(bench, to.strip(), asked.name)
    if expert is None:
        return bench.stay(bench.whisper("nobody-called", bench.who(to)))
    if isinstance(state, Claimed | Waiting) and state.by.who == expert.who:
        return bench.stay(bench.whisper("theirs-already"))
    tells = _has_it(bench, unclaimed(state))
    line = bench.line("assigned", bench.who(expert.shown, calls=expert.user))
    on = Claimed(by=expert)
    return bench.step(on, "assigned", line, text=expert.shown, tells=tells, timer=StopTimer())


def _called(expert: Expert) -> str:
    return expert.shown.casefold()


def _stranger(bench: Bench, to: str, name: str) -> Expert | None:
    """Return somebody who has not worked here yet: named by their id, or by whoever has a shell."""
    platform, _, _ = to.partition(":")
    at_desk = bench.request.desk
    if at_desk and bench.sheet.desk and platform == bench.sheet.desk.platform and ":" in to:
        return Expert(user=to, name=name)
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
    text, names = said.text.strip(), tuple(file.name for file in said.files)
    if not text and not names:
        return bench.stay(bench.whisper("empty"))
    by = state.by if isinstance(state, Claimed | Waiting) else said.expert
    return bench.step(
        Waiting(by=by),
        "answered",
        _sent(bench, said, text, names),
        text="\n".join(filter(None, (text, *names))),
        tells=bench.tell_all(TicketAnswered, *_parts(bench, said, text)),
        timer=bench.timer("remind", bench.book.policy.answer_after),
    )


def _parts(bench: Bench, said: Answer, text: str) -> Iterator[dict[str, Any]]:
    """Yield what the requester hears of an answer: its words, then each of its files."""
    if text:
        yield {"text": text, "line": line_token(bench.sheet.number, said.of)}
    desk = bench.sheet.desk
    for file in said.files if desk else ():
        yield {"file": Attached(file, desk.platform if desk else "", bench.sheet.number)}


def _sent(bench: Bench, said: Answer, text: str, names: tuple[str, ...]) -> Say:
    """Return the line below the card; pictures are shown as they are, and it says so."""
    line = bench.line("answered", bench.who(said.by), quote=text, facts=names)
    pictures = any(file.kind == "picture" for file in said.files)
    more = (bench.phrase("picture-passed"),) if pictures else ()
    return bench.changing(replace(line, text=(*line.text, *more)), said.of)


def correct(bench: Bench, now: Correct) -> TicketStep:
    """An expert has edited what the requester was told; nobody's move changes."""
    text, line = now.text.strip(), line_token(bench.sheet.number, now.of)
    said = bench.line("corrected", bench.who(now.by), quote=text)
    told = bench.tell(TicketAnswered, text=text, corrected=True, line=line)
    below = bench.changing(said, now.of, "edit")
    return bench.step(bench.sheet.state, "edited", below, text=text, tells=told)


def unsay(bench: Bench, gone: Unsay) -> TicketStep:
    """An expert has taken back what the requester was told."""
    below = bench.changing(bench.line("unsaid", bench.who(gone.by)), gone.of, "unsay")
    told = bench.tell(TicketUnsaid, line=line_token(bench.sheet.number, gone.of))
    return bench.step(bench.sheet.state, "unsaid", below, tells=told)


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
