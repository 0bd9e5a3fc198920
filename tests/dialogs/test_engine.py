"""Single decisions of the engine about a failure, each with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.events import (
    Arrived,
)
from dialogs.library import load
from dialogs.replies import (
    Ask,
    OpenTicket,
)
from dialogs.state import (
    Clarifying,
    Fixed,
    Forgetting,
    Guiding,
    HandingOver,
    Idle,
    Listening,
    Offering,
)
from tests.dialogs.fakes import ordered
from tests.dialogs.talk import Talk

BOOK = ordered()
READING = load()


def test_the_first_answer_is_verdict_who_evidence_and_first_step_in_one() -> None:
    talk = Talk(BOOK).say(
        "password-changed code=AADSTS50173 connector=SharePoint run connections error"
    )

    (ask,) = talk.replies
    assert isinstance(ask, Ask)
    assert ask.text[0].endswith("** (AADSTS50173).")
    assert "SharePoint" in ask.text[0]
    assert ask.text[-1].startswith("**Step 1 of 3** — ")
    assert (ask.facts_title, ask.facts) == ("Read from your message", ("AADSTS50173", "SharePoint"))
    assert [link.label for link in ask.links] == [
        "Open Connections",
        "Open this run",
        "About this error",
    ]
    assert [choice.label for choice in ask.choices] == [
        "Done",
        "Still failing",
        "Not my connection",
        "Talk to a person",
    ]


def test_a_likely_cause_is_called_likely_with_what_would_settle_it() -> None:
    talk = Talk(BOOK).say("password-changed likely")

    settle = BOOK.playbook("password-changed", "en").settle
    assert talk.ask.text[0].startswith("Likely: **")
    assert settle in talk.ask.text


def test_several_errors_in_one_message_are_named() -> None:
    talk = Talk(BOOK).say("password-changed also=mfa-required")

    assert "**Multi-factor sign-in required**" in talk.text
    assert isinstance(talk.state, Guiding)
    assert talk.state.cause == "password-changed"


def test_a_press_and_its_words_do_the_same_and_settle_the_card_the_same() -> None:
    pressed = Talk(BOOK).say("password-changed").press("not-mine")
    typed = Talk(BOOK).say("password-changed").say("It's not my connection")
    labelled = Talk(BOOK).say("password-changed").say("그건 내 연결이 아니에요.")
    numbered = Talk(BOOK).say("password-changed").say("3.")

    assert typed.state == labelled.state == numbered.state == pressed.state
    assert typed.replies == labelled.replies == numbered.replies == pressed.replies
    assert pressed.settled[0][1] == "Not my connection"


def test_a_number_that_is_no_choice_asks_again() -> None:
    talk = Talk(BOOK).say("password-changed").say("9")

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "fix-connection"
    assert talk.choices == ["done", "failing", "not-mine", "person"]


def test_an_unsure_diagnosis_asks_one_question_and_then_guides() -> None:
    talk = Talk(BOOK).say("data-policy unsure")
    assert isinstance(talk.state, Clarifying)
    assert talk.choices[0] == "data-policy"
    assert talk.choices[-2:] == ["none", "person"]

    talk.say("still something unsure").say("data-policy unsure")

    assert isinstance(talk.state, Guiding)
    assert talk.ask.text[0].startswith("Likely: ")


def test_the_answer_of_a_clarifying_question_stays_likely() -> None:
    talk = Talk(BOOK).say("data-policy unsure")

    talk.press(talk.choices[1])

    assert isinstance(talk.state, Guiding)
    assert talk.state.case.diagnosis.confidence == "likely"
    assert talk.state.case.diagnosis.who


def test_nobody_is_asked_about_what_the_connector_or_the_status_rules_out() -> None:
    def offered(rest: str) -> list[str]:
        return Talk(BOOK).say(f"not-permitted unsure {rest}").choices

    assert {"sign-in-again", "dataverse-role"} <= {*offered("")}
    assert "sign-in-again" not in offered("status=403")
    assert "dataverse-role" not in offered("connector=SharePoint")


def test_words_about_a_letter_that_is_on_its_way_are_no_answer() -> None:
    talk = Talk(BOOK).say("not-permitted").say("I sent it to the owner")

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "ask-resource-owner"
    assert talk.state.case.notes == ("I sent it to the owner",)
    assert talk.text.startswith("All right, this stays open.")


def test_a_remark_in_a_step_does_not_bring_the_whole_letter_again() -> None:
    talk = Talk(BOOK).say("not-permitted")
    assert talk.ask.quote

    talk.say("which account do they need?")
    assert not talk.ask.quote
    assert talk.choices[0] == "done"

    talk.say("what was the question")
    assert talk.ask.quote


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("signed in with the new password, it's connected", "check"),
        ("새 비밀번호로 로그인했더니 연결됐어요", "check"),
        ("I tried another browser, still the same", "renew"),
        ("that's not my connection, my boss made it", "ask-owner"),
        ("it is connected, but only sometimes", "fix-connection"),
        ("yes, I have read that", "fix-connection"),
    ],
)
def test_one_clause_of_a_remark_can_be_the_answer(said: str, step: str) -> None:
    talk = Talk(BOOK).say("password-changed code=AADSTS50173").say(said)

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == step


@pytest.mark.parametrize(
    "said",
    [
        "it works for my colleague",
        "when it works, I will tell you",
        "I hope it works, thanks",
        "if it is fixed, tell me",
        "it was working, now it isn't",
        "동료는 잘 돼요",
        "되면 알려 드릴게요",
        "됐다가 다시 안 돼요",
    ],
)
def test_good_news_of_somebody_else_or_of_another_time_ends_nothing(said: str) -> None:
    talk = Talk(READING).say("AADSTS50173 on the SharePoint connection").say(said)

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "fix-connection"


def test_an_error_in_a_remark_is_read_and_not_its_last_words() -> None:
    talk = Talk(BOOK).say("password-changed").say("mfa-required code=AADSTS50076 , same thing")

    assert isinstance(talk.state, Guiding)
    assert talk.state.cause == "mfa-required"


def test_where_a_page_is_can_be_asked_in_a_step_that_has_it() -> None:
    talk = Talk(BOOK).say("password-changed").say("where is Connections?")
    assert talk.text.startswith("**Connections** is in the menu")

    talk = Talk(BOOK).say("data-policy").say("where is Connections?")
    assert not talk.text.startswith("**Connections** is in the menu")

    talk = Talk(BOOK).say("nothing of ours").say("where is the error text?")
    assert talk.text.startswith("Open the flow in Power Automate and choose the failed run")


def test_who_may_not_act_only_passes_the_message_on() -> None:
    talk = Talk(BOOK).say("password-changed").say("not mine").say("I don't have permission")

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "ask-owner"
    assert talk.text.startswith("That is fine: the message above is for whoever may do it")


@pytest.mark.parametrize("said", ["no permission", "the second one", "권한 없음"])
def test_a_cause_can_be_named_in_part_or_by_its_place(said: str) -> None:
    talk = Talk(BOOK).say("data-policy unsure also=not-permitted").say(said)

    assert isinstance(talk.state, Guiding)
    assert talk.state.cause == "not-permitted"


def test_what_fits_two_causes_names_none() -> None:
    talk = Talk(BOOK).say("data-policy unsure also=not-permitted").say("permission or policy")

    assert isinstance(talk.state, Clarifying)


def test_the_causes_of_a_question_can_be_explained() -> None:
    talk = Talk(BOOK).say("not-permitted unsure connector=SharePoint").say("what does that mean?")

    assert isinstance(talk.state, Clarifying)
    assert "**No permission on the resource**: The account is signed in" in talk.text
    assert "**Blocked by a data policy**: " in talk.text


def test_words_after_a_403_do_not_make_it_a_failed_sign_in() -> None:
    talk = Talk(BOOK).say("not-permitted unsure status=403").say("sign-in-again likely")

    assert isinstance(talk.state, Guiding)
    assert talk.state.cause == "not-permitted"


def test_cancel_is_more_than_a_no() -> None:
    assert isinstance(Talk(BOOK).say("password-changed").say("cancel").state, Idle)


@pytest.mark.parametrize("said", ["?", "???", "👍", "..."])
def test_a_message_without_a_word_shows_where_we_are(said: str) -> None:
    talk = Talk(BOOK).say("password-changed").say(said)

    assert talk.text.startswith("Here is where we are.")


def test_none_of_these_asks_for_more_and_offers_a_person() -> None:
    talk = Talk(BOOK).say("data-policy unsure").say("none of these")

    assert isinstance(talk.state, Offering)
    assert talk.choices == ["person"]


def test_a_new_error_in_the_middle_says_so_and_keeps_what_was_tried() -> None:
    talk = Talk(BOOK).say("password-changed").press("done").say("not-permitted code=Forbidden")

    assert isinstance(talk.state, Guiding)
    assert talk.state.cause == "not-permitted"
    assert talk.state.case.earlier == ("password-changed",)
    assert [one.step for one in talk.state.case.tried] == ["fix-connection"]
    assert talk.text.startswith("The message points to another cause now.")


def test_a_cause_that_was_tried_before_is_not_begun_again() -> None:
    talk = Talk(BOOK).say("password-changed").press("done").say("not-permitted code=Forbidden")

    talk.say("password-changed code=AADSTS50173")

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "renew"

    talk.press("failing").press("same")

    assert isinstance(talk.state, HandingOver)
    assert isinstance(talk.effects[-1], OpenTicket)


def test_a_bare_401_does_not_replace_a_named_cause() -> None:
    talk = Talk(BOOK).say("password-changed").press("failing").say("sign-in-again status=401")

    assert isinstance(talk.state, HandingOver)
    assert talk.state.case.diagnosis.cause == "password-changed"


def test_the_same_error_before_anything_was_tried_keeps_the_step() -> None:
    talk = Talk(BOOK).say("password-changed").say("password-changed")

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "fix-connection"
    assert talk.text.startswith("That points to the same cause")


def test_the_full_error_text_settles_a_likely_cause() -> None:
    talk = Talk(BOOK).say("password-changed likely").say("password-changed code=AADSTS50173")

    assert talk.text.startswith("That settles it.")
    assert "(AADSTS50173)" in talk.text


def test_the_same_error_instead_of_still_failing_takes_the_other_branch() -> None:
    talk = Talk(BOOK).say("sign-in-again code=401").press("done").say("sign-in-again code=401")

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "renew"
    assert [one.answer for one in talk.state.case.tried] == ["done", "failing"]


def test_another_failure_in_the_middle_is_named_and_the_step_stays() -> None:
    talk = Talk(BOOK).say("password-changed").press("done").say("throttling status=429")

    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "check"
    assert "This is throttling" in talk.text


def test_who_only_writes_that_it_still_fails_is_not_asked_again() -> None:
    for words in ("still failing", "아직 실패해요", "no"):
        talk = Talk(BOOK).say("password-changed").press("done").press("failing")

        assert isinstance(talk.state, Listening)
        assert not isinstance(talk.say(words).state, Listening)


def test_the_news_that_it_works_ends_the_case() -> None:
    assert isinstance(Talk(BOOK).say("password-changed").say("it is fixed").state, Fixed)
    assert isinstance(Talk(BOOK).say("password-changed").say("solved").state, Fixed)
    listening = Talk(BOOK).say("password-changed").press("failing")
    assert isinstance(listening.say("works again now").state, Fixed)


def test_other_words_are_kept_for_whoever_takes_over() -> None:
    talk = Talk(BOOK).say("password-changed").say("it is the finance flow").press("person")

    assert isinstance(talk.state, HandingOver)
    assert talk.state.case.notes == ("it is the finance flow",)


def test_the_first_message_stays_with_the_case_when_the_next_one_is_read() -> None:
    talk = Talk(BOOK).say("password-changed environment=E1").press("failing").say("not-permitted")

    assert isinstance(talk.state, Guiding)
    assert "password-changed environment=E1" in talk.state.case.notes
    assert talk.state.case.diagnosis.evidence.environment == "E1"


def test_the_hand_over_holds_every_step_and_answer() -> None:
    talk = Talk(BOOK).say("password-changed code=AADSTS50173").press("done").press("person")

    (ticket,) = talk.effects
    assert isinstance(ticket, OpenTicket)
    assert ticket.subject == "Signed out by a password change"
    assert [(one.step, one.answer) for one in ticket.case.tried] == [
        ("fix-connection", "done"),
        ("check", "person"),
    ]
    assert ticket.case.diagnosis.codes == ("AADSTS50173",)


def test_the_same_error_the_next_week_is_a_new_case() -> None:
    talk = Talk(BOOK).say("password-changed").press("done").wait(days=7).say("password-changed")

    assert isinstance(talk.state, Guiding)
    assert (talk.state.step, talk.state.case.tried) == ("fix-connection", ())


def test_still_failing_after_the_end_asks_for_the_new_message() -> None:
    talk = Talk(BOOK).say("password-changed")
    while isinstance(talk.state, Guiding):
        talk.press("done")

    assert isinstance(talk.press("failing").state, Listening)


def test_a_hidden_secret_is_mentioned_whatever_the_message_was_about() -> None:
    for text in ("password-changed", "throttling", "password-changed unsure", "some words"):
        talk = Talk(BOOK).say(text, secrets=("access-token", "unheard-of"))

        assert "I hid an access token, a secret from your message" in talk.text


def test_cut_text_and_pictures_beside_text_are_mentioned() -> None:
    talk = Talk(BOOK).say("password-changed", cut=True, pictures=2)

    assert "256 kB" in talk.text
    assert "I cannot see pictures" in talk.text


def test_a_state_of_older_content_is_led_back_to_what_is_there() -> None:
    talk = Talk(BOOK).say("password-changed").press("done")
    assert isinstance(talk.state, Guiding)

    for state in (
        replace(talk.state, step="gone", trail=("gone",)),
        replace(talk.state, trail=("gone", "fix-connection")),
        replace(talk.state, cause="gone"),
        Forgetting(language="en", token="t", back_to=replace(talk.state, cause="gone")),
    ):
        later = Talk(BOOK, state).hear(Arrived)
        assert later.ask.text
        assert later.say("no").say("back").say("status").replies
