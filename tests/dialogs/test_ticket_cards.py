"""What the desk is shown: its card, its forms, and to which desk a ticket goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dialogs.case import Case
from dialogs.pack import pack
from dialogs.replies import Ask, OpenTicket, SetTimer, StopTimer
from dialogs.ticket import (
    Answer,
    AskFor,
    Claim,
    Lost,
    Open,
    Show,
    Start,
    TicketState,
    Transfer,
)
from tests.dialogs.ticket_samples import DONE, KIMS, REQUESTS, STATES
from tests.dialogs.tickets import (
    AT,
    BARE,
    BOOK,
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
