"""Where a ticket can stand, and what can be asked of it: one of each kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dialogs.events import (
    File,
)
from dialogs.ticket import (
    AddLine,
    Answer,
    AskFor,
    Assign,
    Claim,
    Claimed,
    Closed,
    Correct,
    Erased,
    Expert,
    Lost,
    Open,
    Overdue,
    Recur,
    Release,
    Reopen,
    Reopened,
    Resolve,
    Resolved,
    Retry,
    Show,
    Start,
    TicketRequest,
    TicketState,
    Transfer,
    Unpassed,
    Unsay,
    Waiting,
    Withdraw,
)
from tests.dialogs.tickets import (
    AT,
    EARLIER,
    HERE,
    KIM,
    LEE,
    THERE,
    by,
    requester,
    wanted,
)

ADD = AddLine(by="ann", user="test:ann", at=AT, text="still")
WITHDRAW = Withdraw(by="ann", user="test:ann", at=AT)
AGAIN = Reopen(by="ann", user="test:ann", at=AT, side="requester")
IN_WORDS = replace(AGAIN, text="it fails again")
ELSEWHERE = requester(conversation="test:t:2")
BACK = Recur(by="ann", user="test:ann", at=AT, origin=ELSEWHERE, wanted=wanted())
DONE = Resolved(by="Kim", at=EARLIER)
LONG_DONE = Resolved(by="Kim", at=AT - timedelta(days=8))
SILENT = Closed(at=EARLIER, why="silence")
NEW = Expert("test:new", "New")
KIMS, WAITS = Claimed(by=KIM), Waiting(by=KIM)

STATES: list[TicketState] = [Open(), Reopened(), KIMS, WAITS, DONE, SILENT, Erased()]
REQUESTS: list[TicketRequest] = [
    Start(by="ann", at=AT),
    ADD,
    WITHDRAW,
    AGAIN,
    IN_WORDS,
    BACK,
    by(LEE, Claim),
    by(LEE, Claim, over=True),
    by(KIM, Assign, to="test:lee"),
    by(KIM, Release),
    by(KIM, Transfer, to=THERE.key),
    by(KIM, Answer, text="look again"),
    by(KIM, Retry),
    by(KIM, Resolve, cause="mfa-required"),
    by(KIM, Reopen),
    by(KIM, AskFor, what="assign"),
    by(KIM, AskFor, what="reply"),
    by(KIM, AskFor, what="resolve"),
    by(KIM, Show),
    by(KIM, Answer, text="", files=(File("a.png", {}, "picture"),)),
    by(KIM, Correct, text="look there", of="test:m1"),
    by(KIM, Unsay, of="test:m1"),
    AddLine(by="ann", at=AT, text="", file=File("a.png", {}, "picture")),
    AddLine(by="ann", at=AT, text="again", of="test:m2", change="edit"),
    AddLine(by="ann", at=AT, text="", of="test:m2", change="unsay"),
    Unpassed(by="flowmend", at=AT, name="a.png", sender="requester"),
    Unpassed(by="flowmend", at=AT, name="a.png", sender="desk"),
    *(Overdue(by="", at=AT, timer=it) for it in ("claim", "fallback", "remind", "close")),
    Lost(by="", at=AT, desk=HERE.key),
]
