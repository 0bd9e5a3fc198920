"""The one place that decides about tickets: the same sheet, request and library, the same step.

Read `_decide` as a table, as in `engine.py`: the first row that fits counts. The ways on are in
`moves.py`; what a desk is shown is in `cards.py`.
"""

from __future__ import annotations

from dialogs.library import Library
from dialogs.ticket import again, forms, moves, timing
from dialogs.ticket.bench import Bench
from dialogs.ticket.requests import (
    AddLine,
    Answer,
    AskFor,
    Assign,
    Claim,
    Correct,
    Lost,
    Overdue,
    Recur,
    Release,
    Reopen,
    Resolve,
    Retry,
    Show,
    Start,
    TicketRequest,
    Transfer,
    Unpassed,
    Unsay,
    Withdraw,
)
from dialogs.ticket.state import Claimed, Closed, Erased, Open, Reopened, Resolved, Waiting
from dialogs.ticket.step import Sheet, TicketStep


def advance(sheet: Sheet, request: TicketRequest, book: Library) -> TicketStep:
    """Return what `request` does to the ticket of `sheet`."""
    bench = Bench(sheet, request, book)
    if request.desk and (sheet.desk is None or request.desk != sheet.desk.key):
        return moves.elsewhere(bench)
    return bench.warned(_decide(bench))


def _decide(bench: Bench) -> TicketStep:  # noqa: C901 - the table: one row a case
    match bench.sheet.state, bench.request:
        case Erased(), Show():
            return moves.show_erased(bench)
        case Erased(), _:
            return bench.stay(bench.whisper("erased"), refused=True)
        case state, Show():
            return moves.show(bench, state)

        # The requester
        case Open(), Start():
            return moves.start(bench)
        case _, Start():
            return bench.stay()
        case _, AddLine(change="edit" | "unsay"):
            return moves.edited(bench, bench.request)
        case Waiting(by=by), AddLine():
            return moves.answered_by_requester(bench, Claimed(by=by), bench.request)
        case state, AddLine():
            return moves.added(bench, state, bench.request)
        case _, Unpassed():
            return moves.unpassed(bench, bench.request)

        # What was said is said otherwise, also when it is over
        case _, Correct(text=text) if not text.strip():
            return bench.stay()
        case _, Correct():
            return moves.correct(bench, bench.request)
        case _, Unsay():
            return moves.unsay(bench, bench.request)
        case Resolved() | Closed(), Withdraw():
            return bench.stay()
        case _, Withdraw(solved=True):
            return moves.solved_by_requester(bench)
        case _, Withdraw():
            return moves.withdraw(bench)

        # It is over; within some days either side opens it again
        case ((Resolved(at=at) | Closed(at=at)), Reopen() as said):
            return again.reopen(bench, at, said)
        case ((Resolved(at=at) | Closed(at=at)), Recur() as came):
            return again.recur(bench, at, came)
        case _, Recur():
            return bench.stay(refused=True)
        case _, Reopen(text=text) as said if text:
            return advance(bench.sheet, again.as_line(said), bench.book)
        case _, Reopen():
            return bench.stay(bench.whisper("is-open-already"))
        case Resolved() | Closed(), Overdue() | Lost():
            return bench.stay()
        case Resolved() | Closed(), _:
            return bench.stay(bench.whisper("is-over"))

        # Time passes, deliveries fail
        case (Open() | Reopened()) as state, Overdue(timer="claim"):
            return timing.remind_desk(bench, state)
        case (Open() | Reopened()) as state, Overdue(timer="fallback"):
            return timing.delayed(bench, state, "unclaimed")
        case (Open() | Reopened()) as state, Lost():
            return timing.delayed(bench, state, "unreachable")
        case Waiting() as state, Overdue(timer="remind"):
            return timing.ask_requester(bench, state)
        case Waiting(), Overdue(timer="close"):
            return timing.close(bench)
        case _, Overdue() | Lost():
            return bench.stay()

        # Who has it
        case ((Claimed(by=by) | Waiting(by=by)), Claim(expert=asks)) if by.who == asks.who:
            return bench.stay(bench.whisper("yours-already"))
        case Claimed(by=by) | Waiting(by=by), Claim(over=False):
            return forms.taken(bench, by)
        case _, Claim():
            return moves.claim(bench)
        case state, Assign():
            return moves.assign(bench, state, bench.request)
        case Open() | Reopened(), Release():
            return bench.stay(bench.whisper("nobody-has-it"))
        case _, Release():
            return moves.release(bench)
        case _, Transfer(to=to):
            return moves.transfer(bench, to)

        # What is said and done
        case state, Answer():
            return moves.answer(bench, state, bench.request)
        case Waiting(retry=True), Retry():
            return bench.stay(bench.whisper("retry-already"))
        case state, Retry():
            return moves.retry(bench, state)
        case _, Resolve(cause=cause):
            return moves.resolve(bench, cause)
        case _, AskFor(what=what):
            return forms.form(bench, what)
