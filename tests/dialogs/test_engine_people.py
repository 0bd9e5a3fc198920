"""What a conversation makes of a ticket, and of the news of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.events import (
    TicketOpened,
    TicketPassed,
    TicketRefused,
    TicketReopened,
    TicketResolved,
)
from dialogs.library import Policy
from dialogs.replies import (
    AddToTicket,
    OpenTicket,
    ReopenTicket,
)
from dialogs.state import (
    Fixed,
    Guiding,
    HandedOver,
    HandingOver,
)
from tests.dialogs.fakes import ordered
from tests.dialogs.talk import Talk

BOOK = ordered()


def test_words_on_the_way_to_the_desk_reach_the_ticket() -> None:
    talk = Talk(BOOK).say("password-changed").press("person").say("one more thing").say("and this")

    talk.hear(TicketOpened, number=7)

    assert isinstance(talk.state, HandedOver)
    assert talk.effects[1:] == [AddToTicket(number=7, text="one more thing\n\nand this")]
    assert "**FM-7**" in talk.text


def test_a_person_can_be_called_without_any_error() -> None:
    talk = Talk(BOOK).say("talk to a person")

    assert isinstance(talk.state, HandingOver)
    assert [type(effect) for effect in talk.effects] == [OpenTicket]


def test_a_refused_ticket_names_the_other_way_and_can_be_asked_for_again() -> None:
    book = replace(BOOK, policy=Policy(contact="support@contoso.example"))
    talk = Talk(book).say("password-changed").press("person").hear(TicketRefused)

    assert "support@contoso.example" in talk.text
    assert talk.choices == ["person"]
    talk.press("person")
    assert [type(effect) for effect in talk.effects] == [OpenTicket, OpenTicket]


def test_a_resolved_ticket_that_fails_again_is_opened_again() -> None:
    talk = Talk(BOOK).say("password-changed").press("person").hear(TicketOpened, number=7)
    talk.hear(TicketResolved, number=7)
    assert talk.choices == ["failing"]

    talk.press("failing").hear(TicketReopened, number=7)

    assert talk.effects[1:] == [ReopenTicket(number=7)]
    assert isinstance(talk.state, HandedOver)
    assert talk.text.startswith("**FM-7** is open again.")


def test_the_same_error_after_a_resolved_ticket_opens_it_again_with_the_words() -> None:
    talk = Talk(BOOK).say("password-changed").press("person").hear(TicketOpened, number=7)

    talk.hear(TicketResolved, number=7).say("password-changed again")

    assert talk.effects[1:] == [ReopenTicket(number=7, text="password-changed again")]


@pytest.mark.parametrize(("days", "again"), [(6, True), (8, False)])
def test_a_person_who_comes_back_within_a_week_has_the_same_ticket(days: int, again: bool) -> None:
    talk = Talk(BOOK).say("password-changed").press("person").hear(TicketOpened, number=7)

    talk.wait(days=30).hear(TicketResolved, number=7).wait(days=days).say("password-changed")

    assert isinstance(talk.state, HandedOver if again else Guiding)


def test_what_cannot_be_opened_again_becomes_a_new_ticket_with_all_that_is_known() -> None:
    talk = Talk(BOOK).say("password-changed").press("failing").press("person")
    talk.hear(TicketOpened, number=7).hear(TicketResolved, number=7)

    talk.press("failing").hear(TicketRefused)

    assert "**FM-7** can no longer be opened again" in talk.text
    old, _, new = talk.effects
    assert isinstance(old, OpenTicket)
    assert isinstance(new, OpenTicket)
    assert new.case.tried == old.case.tried
    talk.hear(TicketOpened, number=8)
    assert isinstance(talk.state, HandedOver)
    assert talk.state.ticket == 8


@pytest.mark.parametrize(
    ("to", "says"),
    [("expert", "Somebody else"), ("team", "another team"), ("nobody", "is waiting for somebody")],
)
def test_the_requester_hears_to_whom_a_ticket_goes(to: str, says: str) -> None:
    talk = Talk(BOOK).say("password-changed").press("person").hear(TicketOpened, number=7)

    before = talk.hear(TicketPassed, number=7, to=to)

    assert says in talk.text
    assert "**FM-7**" in talk.text
    assert talk.state == before.state


def test_another_error_while_people_have_the_case_still_reaches_them() -> None:
    talk = Talk(BOOK).say("password-changed").press("person").hear(TicketOpened, number=7)

    talk.say("data-policy code=DlpViolation")

    line = AddToTicket(number=7, text="data-policy code=DlpViolation", of="test:4")
    assert talk.effects[-1] == line
    assert "**start over**" in talk.text


def test_an_earlier_ticket_is_reported_without_disturbing_the_new_case() -> None:
    talk = Talk(BOOK).say("password-changed").press("person").hear(TicketOpened, number=7)
    talk.say("start over").say("data-policy")
    before = talk.state

    talk.hear(TicketResolved, number=7)

    assert talk.state == before
    assert "**FM-7**" in talk.text


@pytest.mark.parametrize(
    ("said", "ends"),
    [("never mind, solved", True), ("I fixed it myself", True), ("solved, I hope?", False)],
)
def test_one_clause_can_end_a_ticket_but_not_in_doubt(said: str, ends: bool) -> None:
    talk = Talk(BOOK).say("password-changed").press("person").hear(TicketOpened, number=7)

    assert isinstance(talk.say(said).state, Fixed if ends else HandedOver)
