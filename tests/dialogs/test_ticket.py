"""The life of a ticket, every cell of its table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.case import Try
from dialogs.diagnosis.model import Evidence
from dialogs.events import (
    TicketAnswered,
    TicketClaimed,
    TicketClosed,
    TicketDelayed,
    TicketPassed,
    TicketReopened,
    TicketResolved,
    TicketRetry,
    TicketWaits,
)
from dialogs.replies import Ask, OpenTicket, Say
from dialogs.ticket import (
    AddLine,
    Answer,
    Assign,
    Claim,
    Claimed,
    Closed,
    Correct,
    Entry,
    Erased,
    Lost,
    Open,
    Overdue,
    Release,
    Reopen,
    Reopened,
    Resolve,
    Resolved,
    Retry,
    Show,
    TicketRequest,
    TicketState,
    TicketStep,
    Transfer,
    Unpassed,
    Unsay,
    Waiting,
)
from tests.dialogs.ticket_samples import (
    ADD,
    AGAIN,
    BACK,
    DONE,
    ELSEWHERE,
    IN_WORDS,
    KIMS,
    LONG_DONE,
    NEW,
    REQUESTS,
    SILENT,
    STATES,
    WAITS,
    WITHDRAW,
)
from tests.dialogs.tickets import (
    AT,
    EARLIER,
    HERE,
    KIM,
    LEE,
    THERE,
    by,
    decided,
    requester,
    sheet,
    wanted,
)


@pytest.mark.parametrize(
    ("state", "request_", "becomes", "entry"),
    [
        (Open(), ADD, Open(), "added"),
        (WAITS, ADD, KIMS, "added"),
        (DONE, ADD, DONE, "added"),
        (Erased(), ADD, Erased(), None),
        (WAITS, AddLine(by="ann", at=AT, text="x", of="m", change="edit"), WAITS, "edited"),
        (KIMS, AddLine(by="ann", at=AT, text="", of="m", change="unsay"), KIMS, "unsaid"),
        (Open(), by(KIM, Correct, text="x", of="m"), Open(), "edited"),
        (DONE, by(KIM, Correct, text="x", of="m"), DONE, "edited"),
        (DONE, by(KIM, Correct, text=" ", of="m"), DONE, None),
        (SILENT, by(KIM, Unsay, of="m"), SILENT, "unsaid"),
        (Erased(), by(KIM, Unsay, of="m"), Erased(), None),
        (WAITS, Unpassed(by="", at=AT, name="a", sender="desk"), WAITS, "unpassed"),
        (KIMS, by(KIM, Assign, to="test:ann"), KIMS, None),
        (KIMS, by(KIM, Assign, to="test:new", name="New", belongs=False), KIMS, None),
        (KIMS, by(KIM, Assign, to="test:new", name="New"), Claimed(by=NEW), "assigned"),
        (KIMS, by(KIM, Assign, to="other:new", name="New"), KIMS, None),
        (Open(), WITHDRAW, Closed(at=AT, why="withdrawn"), "withdrawn"),
        (WAITS, WITHDRAW, Closed(at=AT, why="withdrawn"), "withdrawn"),
        (DONE, WITHDRAW, DONE, None),
        (DONE, AGAIN, Reopened(), "reopened"),
        (SILENT, AGAIN, Reopened(), "reopened"),
        (LONG_DONE, AGAIN, LONG_DONE, None),
        (Open(), AGAIN, Open(), None),
        (DONE, IN_WORDS, Reopened(), "reopened"),
        (KIMS, IN_WORDS, KIMS, "added"),
        (WAITS, IN_WORDS, KIMS, "added"),
        (DONE, BACK, Reopened(), "reopened"),
        (SILENT, BACK, Reopened(), "reopened"),
        (LONG_DONE, BACK, LONG_DONE, None),
        (KIMS, BACK, KIMS, None),
        (Open(), by(KIM, Claim), KIMS, "claimed"),
        (Reopened(), by(KIM, Claim), KIMS, "claimed"),
        (KIMS, by(KIM, Claim), KIMS, None),
        (KIMS, by(LEE, Claim), KIMS, None),
        (KIMS, by(LEE, Claim, over=True), Claimed(by=LEE), "claimed"),
        (DONE, by(KIM, Claim), DONE, None),
        (Open(), by(KIM, Assign, to="Lee"), Claimed(by=LEE), "assigned"),
        (WAITS, by(KIM, Assign, to="test:lee"), Claimed(by=LEE), "assigned"),
        (KIMS, by(KIM, Assign, to="nobody"), KIMS, None),
        (KIMS, by(LEE, Release), Open(), "released"),
        (Open(), by(LEE, Release), Open(), None),
        (KIMS, by(KIM, Transfer, to="identity"), Open(), "transferred"),
        (KIMS, by(KIM, Transfer, to=HERE.key), KIMS, None),
        (KIMS, by(KIM, Transfer, to="nowhere"), KIMS, None),
        (Open(), by(KIM, Answer, text="hello"), WAITS, "answered"),
        (KIMS, by(LEE, Answer, text="hello"), WAITS, "answered"),
        (KIMS, by(LEE, Answer, text="  "), KIMS, None),
        (Open(), by(KIM, Retry), Waiting(by=KIM, retry=True), "retry"),
        (Waiting(by=KIM, retry=True), by(KIM, Retry), Waiting(by=KIM, retry=True), None),
        (Open(), by(KIM, Resolve), Resolved(by="Kim", at=AT), "resolved"),
        (WAITS, by(KIM, Resolve), Resolved(by="Kim", at=AT), "resolved"),
        (DONE, by(KIM, Resolve), DONE, None),
        (Erased(), by(KIM, Resolve), Erased(), None),
        (DONE, by(LEE, Reopen), Reopened(), "reopened"),
        (WAITS, Overdue(by="", at=AT, timer="close"), Closed(at=AT, why="silence"), "closed"),
        (KIMS, Overdue(by="", at=AT, timer="close"), KIMS, None),
        (DONE, Overdue(by="", at=AT, timer="claim"), DONE, None),
    ],
)
def test_what_becomes_of_a_ticket(
    state: TicketState, request_: TicketRequest, becomes: TicketState, entry: Entry | None
) -> None:
    step = decided(sheet(state, desks=(HERE, THERE), experts=(KIM, LEE)), request_)

    assert (step.state, step.entry) == (becomes, entry)


def told(step: TicketStep) -> list[type[Any]]:
    return [type(event) for event in step.tells]


@pytest.mark.parametrize(
    ("state", "request_", "hears"),
    [
        (Open(), by(KIM, Claim), TicketClaimed),
        (Open(), by(KIM, Assign, to="Lee"), TicketClaimed),
        (KIMS, by(LEE, Claim, over=True), TicketPassed),
        (WAITS, by(KIM, Assign, to="Lee"), TicketPassed),
        (KIMS, by(KIM, Release), TicketPassed),
        (Open(), by(KIM, Transfer, to="identity"), TicketPassed),
        (KIMS, by(KIM, Answer, text="hello"), TicketAnswered),
        (KIMS, by(KIM, Retry), TicketRetry),
        (KIMS, by(KIM, Resolve), TicketResolved),
        (DONE, by(KIM, Reopen), TicketReopened),
        (Open(), Overdue(by="", at=AT, timer="fallback"), TicketDelayed),
        (Open(), Lost(by="", at=AT, desk=HERE.key), TicketDelayed),
        (WAITS, Overdue(by="", at=AT, timer="remind"), TicketWaits),
        (WAITS, Overdue(by="", at=AT, timer="close"), TicketClosed),
    ],
)
def test_the_requester_hears_of_it_once(
    state: TicketState, request_: TicketRequest, hears: type[Any]
) -> None:
    step = decided(sheet(state, desks=(HERE, THERE), experts=(KIM, LEE)), request_)

    (event,) = step.tells
    assert isinstance(event, hears)
    assert event.origin == requester()


@pytest.mark.parametrize("request_", [ADD, WITHDRAW, AGAIN, IN_WORDS, BACK])
@pytest.mark.parametrize("state", STATES)
def test_a_requester_is_not_told_what_they_did(state: TicketState, request_: TicketRequest) -> None:
    assert not decided(sheet(state), request_).tells


def read(cause: str = "password-changed", **evidence: str) -> OpenTicket:
    asked = wanted(cause)
    seen = replace(asked.case.diagnosis, evidence=Evidence(**evidence))
    return replace(asked, case=replace(asked.case, diagnosis=seen))


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        (read(), read(), True),
        (read(connector="SharePoint"), read(), True),
        (read(connector="SharePoint"), read(connector="SharePoint"), True),
        (read(connector="SharePoint"), read(connector="Outlook"), False),
        (read(flow="Invoices"), read(flow="Orders"), False),
        (read(flow_id="a"), read(flow_id="b"), False),
        (read(), read("mfa-required"), False),
    ],
)
def test_what_is_the_same_problem_again(before: OpenTicket, now: OpenTicket, same: bool) -> None:
    step = decided(sheet(DONE, wanted=before), replace(BACK, wanted=now))

    assert (step.entry == "reopened") == same
    assert step.refused != same


def test_a_problem_that_is_back_has_its_old_tries_and_its_new_place() -> None:
    first = Try(cause="password-changed", step="sign-in", answer="failing", at=EARLIER)
    again = replace(first, at=AT)
    tried = [
        replace(wanted(), case=replace(wanted().case, tried=it)) for it in ((first,), (again,))
    ]

    step = decided(sheet(DONE, wanted=tried[0]), replace(BACK, wanted=tried[1]))

    assert step.moves_to
    assert step.moves_to.origin == ELSEWHERE
    assert step.moves_to.wanted.case.tried == (first, again)
    assert step.card
    assert "Claim" in [choice.label for choice in step.card.choices]


@given(st.lists(st.sampled_from(REQUESTS), max_size=12))
def test_whatever_happens_the_card_tells_the_truth(requests: list[TicketRequest]) -> None:
    """The newest card in the ticket's channel says where it stands; nothing is told twice."""
    now = sheet(Open(), desks=(HERE, THERE), experts=(KIM, LEE))
    cards: dict[str, Ask] = {}
    ids: list[str] = []
    for request in requests:
        step = decided(now, request)
        for shown in step.shown:
            if isinstance(shown.reply, Ask):
                cards[shown.desk.key] = shown.reply
        ids += [event.id for event in step.tells]
        if step.desk and step.state != now.state:
            fresh = decided(replace(now, state=step.state, desk=step.desk), by(KIM, Show))
            assert fresh.state == step.state
            if step.entry != "delayed":
                assert cards[step.desk.key].choices
        now = replace(now, state=step.state, desk=step.desk, version=now.version + 1)
    assert len(ids) == len(set(ids))


@given(st.sampled_from(STATES), st.sampled_from(REQUESTS))
def test_what_is_not_journalled_changes_nobodys_ticket(
    state: TicketState, request: TicketRequest
) -> None:
    step = decided(sheet(state, desks=(HERE, THERE), experts=(KIM, LEE)), request)

    if step.entry is None:
        assert step.state == state


@given(st.text(max_size=80))
def test_what_an_expert_writes_is_never_our_own_words(text: str) -> None:
    step = decided(sheet(KIMS), by(KIM, Answer, text=text))

    for shown in step.shown:
        assert isinstance(shown.reply, Say)
        if text.strip():
            assert shown.reply.quote in ("", text.strip())


def test_the_requester_hears_of_a_delay_once() -> None:
    first = decided(sheet(Open()), Lost(by="", at=AT, desk=HERE.key))
    second = decided(sheet(first.state), Lost(by="", at=AT, desk=HERE.key))

    assert told(first) == [TicketDelayed]
    assert told(second) == []
