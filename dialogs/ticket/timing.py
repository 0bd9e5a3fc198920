"""What follows when nobody takes a ticket, nobody answers, or its desk cannot be reached."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from dialogs.events import TicketClosed, TicketDelayed, TicketWaits
from dialogs.replies import StopTimer
from dialogs.ticket.bench import Bench
from dialogs.ticket.state import Closed, Open, Reopened, Waiting
from dialogs.ticket.step import TicketStep


def remind_desk(bench: Bench, state: Open | Reopened) -> TicketStep:
    """Nobody has taken it: its channel hears of it once more."""
    timer = bench.open_timer("fallback", bench.book.policy.claim_after)
    return bench.step(state, None, bench.line("still-open"), timer=timer)


def delayed(
    bench: Bench, state: Open | Reopened, why: Literal["unreachable", "unclaimed"]
) -> TicketStep:
    """The requester hears, once, that it takes longer, and how else to reach people."""
    timer = StopTimer() if why == "unclaimed" else None
    if state.delayed:
        return replace(bench.stay(), timer=timer)
    # The card says nothing of it: its channel may be what cannot be reached.
    return TicketStep(
        state=replace(state, delayed=True),
        entry="delayed",
        text=why,
        desk=bench.sheet.desk,
        tells=bench.tell(TicketDelayed, why=why),
        timer=timer,
    )


def ask_requester(bench: Bench, state: Waiting) -> TicketStep:
    """The requester has not answered for long: they are asked."""
    timer = bench.timer("close", bench.book.policy.answer_after)
    return replace(bench.stay(), state=state, tells=bench.tell(TicketWaits), timer=timer)


def close(bench: Bench) -> TicketStep:
    """Nobody answers; either side may open it again."""
    on = Closed(at=bench.request.at, why="silence")
    line = bench.line("closed-silence")
    return bench.step(on, "closed", line, tells=bench.tell(TicketClosed), timer=StopTimer())
