"""It was over and is not: opened again by either side, or because the problem has come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dialogs.case import Case
from dialogs.diagnosis.model import Diagnosis
from dialogs.events import TicketReopened
from dialogs.ticket.bench import Bench
from dialogs.ticket.moves import until_claimed
from dialogs.ticket.requests import AddLine, Recur, Reopen
from dialogs.ticket.state import Reopened
from dialogs.ticket.step import TicketStep


def reopen(bench: Bench, since: datetime, said: Reopen) -> TicketStep:
    """It fails again after all; after long it is another problem."""
    if _too_late(bench, since):
        return bench.stay(bench.whisper("too-late"), refused=True)
    theirs = said.side == "requester"
    whose = bench.line("fails-again", quote=said.text)
    return bench.step(
        Reopened(),
        "reopened",
        whose if theirs else bench.line("reopened", bench.who(said.by)),
        text=said.text,
        tells=bench.tell(TicketReopened),
        timer=until_claimed(bench, bench.sheet.desk),
    )


def recur(bench: Bench, since: datetime, came: Recur) -> TicketStep:
    """Whoever asked has the same problem again: the same ticket, with what is known now."""
    before, now = bench.sheet.wanted, came.wanted
    if before is None or _too_late(bench, since) or not _is_same(before.case, now.case):
        return bench.stay(refused=True)
    home = replace(came, wanted=replace(now, case=_joined(before.case, now.case)))
    there = replace(bench, sheet=replace(bench.sheet, origin=home.origin, wanted=home.wanted))
    timer, line = until_claimed(there, there.sheet.desk), there.line("recurs")
    return there.step(Reopened(), "reopened", line, moves_to=home, timer=timer)


def as_line(said: Reopen) -> AddLine:
    """It is open already: what was said when it was to be opened is a line like any other."""
    return AddLine(by=said.by, at=said.at, user=said.user, text=said.text)


def _too_late(bench: Bench, since: datetime) -> bool:
    return bench.request.at - since > bench.book.policy.reopen_within


def _is_same(before: Case, now: Case) -> bool:
    """Tell whether two cases of one person are one problem: nothing that both name differs."""
    return before.diagnosis.cause == now.diagnosis.cause is not None and all(
        one is None or other is None or one == other
        for one, other in zip(_told(before.diagnosis), _told(now.diagnosis), strict=True)
    )


def _told(read: Diagnosis) -> tuple[str | None, ...]:
    return read.evidence.connector, read.evidence.flow_id, read.evidence.flow


def _joined(before: Case, now: Case) -> Case:
    return replace(
        now,
        tried=tuple(dict.fromkeys((*before.tried, *now.tried))),
        notes=tuple(dict.fromkeys((*before.notes, *now.notes))),
    )
