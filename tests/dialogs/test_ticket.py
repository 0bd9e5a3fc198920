"""The life of a ticket, every cell of its table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.case import Case, Try
from dialogs.diagnosis.model import Evidence
from dialogs.events import (
    Attached,
    File,
    TicketAnswered,
    TicketClaimed,
    TicketClosed,
    TicketDelayed,
    TicketPassed,
    TicketReopened,
    TicketResolved,
    TicketRetry,
    TicketUnpassed,
    TicketWaits,
)
from dialogs.pack import pack
from dialogs.replies import Ask, OpenTicket, Say, SetTimer, StopTimer
from dialogs.ticket import (
    AddLine,
    Answer,
    AskFor,
    Assign,
    Claim,
    Claimed,
    Closed,
    Correct,
    Entry,
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
    TicketStep,
    Transfer,
    Unpassed,
    Unsay,
    Waiting,
    Withdraw,
)
from tests.dialogs.tickets import (
    AT,
    BARE,
    BOOK,
    EARLIER,
    HERE,
    KIM,
    LEE,
    OFFICE,
    THERE,
    by,
    decided,
    requester,
    sheet,
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


def test_whoever_is_second_is_told_who_was_first_and_may_take_it_over() -> None:
    (form,) = decided(sheet(KIMS), by(LEE, Claim)).whispers

    assert isinstance(form, Ask)
    assert form.to == "presser"
    assert "Kim" in [row.value for row in form.rows]
    assert [choice.id for choice in form.choices] == ["take-over"]


@pytest.mark.parametrize("state", STATES)
def test_whoever_asks_is_shown_the_card_as_it_is(state: TicketState) -> None:
    step = decided(sheet(state), by(KIM, Show))

    (card,) = (it for it in (*step.whispers, *(it.reply for it in step.shown)))
    assert isinstance(card, Ask)
    assert card.stays
    assert not decided(sheet(state, desk=None), replace(by(KIM, Show), desk="")).whispers


@pytest.mark.parametrize(("platform", "mark"), [("test", True), ("teams", False)])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_card_tells_how_the_requester_is_reached(
    platform: str, mark: bool, language: str
) -> None:
    """In Teams, what is marked and mentions nobody does not get to the bot."""
    desk = replace(HERE, platform=platform, language=language)
    step = decided(sheet(Open(), desk=None, desks=(desk,)), Start(by="ann", at=AT))

    assert step.card
    told = step.card.text[1]
    assert (BOOK.desk_phrase("mark", language) in told) is mark


def test_an_address_behind_a_button_is_not_spelt_out() -> None:
    read = wanted().case.diagnosis
    links = {"run": "https://make.example.com/run", "error": "https://login.example.com/error"}
    found = OpenTicket(case=Case(opened_at=AT, diagnosis=replace(read, links=links)), subject="x")
    step = decided(sheet(Open(), desk=None, wanted=found), Start(by="ann", at=AT))

    assert step.card
    assert [link.url for link in step.card.links] == [*links.values()]
    assert not [row for row in step.card.rows if "https://" in row.value]
    assert any(links["run"] in line for line in pack(found.case, BOOK, "en").lines())


def test_an_expert_who_wrote_a_secret_is_told_that_it_was_hidden() -> None:
    said = by(KIM, Answer, text="use [hidden: password]", secrets=("password",))

    (warned,) = decided(sheet(KIMS), said).whispers
    assert warned.to == "presser"
    assert warned.text[0].startswith("I hid a password from your message")
    assert not decided(sheet(KIMS), by(KIM, Answer, text="use it")).whispers
    assert len(decided(sheet(DONE), said).whispers) == 1, "what is not passed on is not kept"


def test_assigning_offers_people_and_other_desks() -> None:
    step = decided(
        sheet(KIMS, desks=(HERE, THERE), experts=(LEE, KIM)), by(KIM, AskFor, what="assign")
    )

    (form,) = step.whispers
    assert isinstance(form, Ask)
    ids = [choice.id for choice in form.choices]
    assert ids == ["expert:test:lee", "release", f"desk:{THERE.key}"], "Kim has it already"


def test_a_transfer_shows_the_card_there_and_what_is_left_here() -> None:
    step = decided(sheet(KIMS, desks=(HERE, THERE)), by(KIM, Transfer, to="identity"))

    left, card = step.shown
    assert (left.desk, card.desk) == (HERE, THERE)
    assert isinstance(left.reply, Ask)
    assert not left.reply.choices
    assert isinstance(card.reply, Ask)
    assert "담당하기" in [choice.label for choice in card.reply.choices]


def test_nobody_acts_on_a_ticket_from_outside_its_channel() -> None:
    for state in STATES:
        for request in REQUESTS:
            if not request.desk or isinstance(request, Lost):
                continue
            step = decided(sheet(state), replace(request, desk="test:t:elsewhere"))
            assert (step.state, step.entry, step.tells) == (state, None, ())


def test_a_ticket_without_a_desk_cannot_be_pressed_on() -> None:
    step = decided(sheet(Open(), desk=None, desks=()), by(KIM, Claim))

    assert (step.state, step.entry) == (Open(), None)


def test_the_requester_hears_of_a_delay_once() -> None:
    first = decided(sheet(Open()), Lost(by="", at=AT, desk=HERE.key))
    second = decided(sheet(first.state), Lost(by="", at=AT, desk=HERE.key))

    assert told(first) == [TicketDelayed]
    assert told(second) == []


def test_a_new_ticket_goes_to_its_desk_with_a_timer() -> None:
    step = decided(sheet(Open(), desk=None), Start(by="ann", at=AT))

    assert step.desk == HERE
    assert step.timer == SetTimer(timer="claim", at=AT + timedelta(hours=1))
    assert step.card
    assert step.card.stays


def test_the_time_to_claim_runs_while_people_are_there() -> None:
    """09:00 UTC is six in the evening in Seoul: the hour is the next morning's first."""
    office = replace(BOOK, policy=replace(BOOK.policy, hours=OFFICE))
    step = decided(sheet(Open(), desk=None), Start(by="ann", at=AT), office)

    assert step.timer == SetTimer(timer="claim", at=AT + timedelta(hours=16))


def test_without_desks_there_is_neither_card_nor_timer() -> None:
    step = decided(sheet(Open(), desk=None, desks=()), Start(by="ann", at=AT), BARE)

    assert (step.desk, step.shown, step.timer) == (None, (), StopTimer())


@pytest.mark.parametrize(
    ("cause", "language", "origin", "goes"),
    [
        ("mfa-required", "en", requester(), "mfa"),
        ("password-changed", "en", requester(), "all"),
        ("password-changed", "ko", requester(), "korean"),
        ("password-changed", "en", requester(tenant="other"), "far"),
    ],
)
def test_the_route_finds_the_desk(cause: str, language: str, origin: Any, goes: str) -> None:
    desks = (
        replace(HERE, channel="mfa", causes=("mfa-required",), team="mfa"),
        replace(HERE, channel="all", team="all"),
        replace(HERE, channel="korean", team="korean", language="ko"),
        replace(HERE, tenant="third", channel="third", team="third"),
        replace(THERE, team="far", language="", causes=("quota-x",)),
    )
    new = sheet(Open(), desk=None, desks=desks, origin=origin, wanted=wanted(cause, language))
    step = decided(new, Start(by="ann", at=AT))

    assert step.desk
    assert step.desk.team == goes


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


def test_a_file_goes_to_the_desk_with_words_for_where_it_cannot_be_shown() -> None:
    file = File("a.pdf", {"id": "F1"}, "other", "https://files.test/a.pdf")

    step = decided(sheet(Open()), AddLine(by="ann", at=AT, text="", file=file))

    (line,) = (it.reply for it in step.shown)
    assert line.file == Attached(file, "test", 7)
    assert line.facts == ("a.pdf",)
    assert line.otherwise
    assert [link.url for link in line.links] == [file.link]
    assert step.text == "a.pdf", "the journal names it, and keeps nothing of it"


def test_of_a_long_text_the_beginning_is_shown_and_all_of_it_kept() -> None:
    text = "line\n" * 3000

    step = decided(sheet(Open()), AddLine(by="ann", at=AT, text=text, file=File("a.log", {})))

    (line,) = (it.reply for it in step.shown)
    assert 100 < len(line.quote) <= 4000
    assert any("flowmend tickets" in said for said in line.text)
    assert step.text == f"a.log\n{text}"


def test_words_and_files_of_an_answer_are_told_in_their_order() -> None:
    files = (File("a.png", {}, "picture"), File("b.log", {}))

    step = decided(sheet(KIMS), by(KIM, Answer, text="look", files=files, of="test:m1"))

    heard = [it for it in step.tells if isinstance(it, TicketAnswered)]
    assert [(it.text, it.file and it.file.file.name) for it in heard] == [
        ("look", None),
        ("", "a.png"),
        ("", "b.log"),
    ]
    assert len({it.id for it in heard}) == 3
    assert all(it.file is None or it.file.platform == HERE.platform for it in heard)


@pytest.mark.parametrize("sender", ["desk", "requester"])
def test_whoever_sent_what_is_not_shown_hears_so(sender: Any) -> None:
    step = decided(sheet(KIMS), Unpassed(by="", at=AT, name="a.png", sender=sender))

    told = [it for it in step.tells if isinstance(it, TicketUnpassed)]
    lines = [it.reply for it in step.shown if it.reply.under]
    assert (len(told), len(lines)) == ((0, 1) if sender == "desk" else (1, 0))


def test_a_change_is_made_where_the_words_were_said() -> None:
    first = decided(sheet(KIMS), by(KIM, Answer, text="one", of="test:m1"))
    again = decided(sheet(WAITS), by(KIM, Correct, text="two", of="test:m1"))
    gone = decided(sheet(WAITS), by(KIM, Unsay, of="test:m1"))

    lines = [it.reply for step in (first, again, gone) for it in step.shown if it.reply.under]
    assert len({line.line for line in lines}) == 1
    assert [line.change for line in lines] == ["", "edit", "unsay"]
    heard = [it for step in (first, again, gone) for it in step.tells]
    assert {getattr(it, "line", "") for it in heard} == {lines[0].line}
