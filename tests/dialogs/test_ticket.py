"""The life of a ticket, every cell of its table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialogs.ticket import (
    AddLine,
    Entry,
    Erased,
    Open,
    Reopen,
    Reopened,
    Resolve,
    Resolved,
    TicketRequest,
    TicketState,
    TicketStep,
    advance,
)

AT = datetime(2026, 1, 2, tzinfo=UTC)
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
ADD = AddLine(by="ana", at=AT, text="still")
RESOLVE = Resolve(by="ben", at=AT)
REOPEN = Reopen(by="ana", at=AT)
DONE = Resolved(by="kim", at=EARLIER)


@pytest.mark.parametrize(
    ("state", "request_", "becomes", "entry"),
    [
        (Open(), ADD, Open(), "added"),
        (Open(), RESOLVE, Resolved(by="ben", at=AT), "resolved"),
        (Open(), REOPEN, Open(), None),
        (DONE, ADD, DONE, "added"),
        (DONE, RESOLVE, DONE, None),
        (DONE, REOPEN, Reopened(), "reopened"),
        (Reopened(), ADD, Reopened(), "added"),
        (Reopened(), RESOLVE, Resolved(by="ben", at=AT), "resolved"),
        (Reopened(), REOPEN, Reopened(), None),
        (Erased(), ADD, Erased(), None),
        (Erased(), RESOLVE, Erased(), None),
        (Erased(), REOPEN, Erased(), None),
    ],
)
def test_what_becomes_of_a_ticket(
    state: TicketState, request_: TicketRequest, becomes: TicketState, entry: Entry | None
) -> None:
    assert advance(state, request_) == TicketStep(becomes, entry)


def test_a_ticket_can_be_solved_again_and_again() -> None:
    state: TicketState = Open()
    for request in (RESOLVE, REOPEN, RESOLVE, REOPEN, RESOLVE):
        state = advance(state, request).state

    assert state == Resolved(by="ben", at=AT)
