"""What holds for the engine whatever happens, and single decisions, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage import codec
from dialogs.engine import advance
from dialogs.events import (
    Arrived,
    Chose,
    Deleted,
    Edited,
    Elapsed,
    TicketOpened,
    TicketPassed,
    TicketRefused,
    TicketReopened,
    TicketResolved,
)
from dialogs.library import Policy
from dialogs.replies import (
    AddToTicket,
    Ask,
    Forget,
    OpenTicket,
    ReopenTicket,
    Say,
    SetTimer,
    Settle,
    StopTimer,
)
from dialogs.state import (
    Clarifying,
    Fixed,
    Forgetting,
    Guiding,
    HandedOver,
    HandingOver,
    Idle,
    Lapsed,
    Listening,
    Offering,
    State,
)
from dialogs.waiting import Waiting
from tests.dialogs.fakes import ordered
from tests.dialogs.stories import Happening, Moment, Words, happenings, play
from tests.dialogs.talk import Talk

PATIENCE = Policy(remind_after=timedelta(hours=4), close_after=timedelta(days=3))
BOOK = ordered()
PATIENT = ordered(PATIENCE)
STORIES = settings(max_examples=300, deadline=None)


def token_of(state: State) -> str | None:
    return getattr(state, "token", None)


def silent(moment: Moment) -> bool:
    """Tell whether silence is right: the table says why in the row that is silent."""
    match moment.event, moment.before:
        case TicketRefused(), before:
            return not isinstance(before, HandingOver | HandedOver)
        case TicketOpened(number=number), HandedOver(ticket=mine):
            return mine == number
        case TicketResolved(number=number), Fixed(ticket=mine):
            return mine == number
        case Elapsed(), before:
            return not isinstance(before, Waiting)
        case ((Edited() | Deleted()), _):
            return True  # what it changes is told to people, or shows in the card
        case _:
            return any(isinstance(effect, Forget) for effect in moment.step.effects)


@STORIES
@given(happenings)
def test_every_event_in_every_state_has_an_answer_or_a_reason_for_silence(
    story: list[Happening],
) -> None:
    for moment in play(story, PATIENT):
        said = [reply for reply in moment.step.replies if isinstance(reply, Say)]

        assert said or silent(moment)
        assert all(reply.text and all(reply.text) for reply in said)


@STORIES
@given(happenings)
def test_the_same_event_in_the_same_state_is_answered_the_same(story: list[Happening]) -> None:
    for moment in play(story, PATIENT):
        assert advance(moment.before, moment.event, PATIENT) == moment.step


@STORIES
@given(happenings)
def test_there_are_never_two_open_tickets_for_one_problem(story: list[Happening]) -> None:
    waiting = False
    for moment in play(story, PATIENT):
        asked = [e for e in moment.step.effects if isinstance(e, OpenTicket | ReopenTicket)]
        opened = [e for e in asked if isinstance(e, OpenTicket)]
        has_ticket = isinstance(moment.before, HandingOver | HandedOver)
        refused = isinstance(moment.event, TicketRefused)  # the old one cannot be opened again

        assert len(asked) <= 1
        assert not (opened and (waiting or has_ticket) and not refused)
        assert not (opened and getattr(moment.before, "ticket", None) is not None and not refused)
        waiting = isinstance(moment.step.state, HandingOver)


@STORIES
@given(happenings)
def test_a_token_is_new_each_time_something_is_asked(story: list[Happening]) -> None:
    seen: set[str] = set()
    for moment in play(story, PATIENT):
        questions = [reply for reply in moment.step.replies if isinstance(reply, Ask)]

        assert len(questions) <= 1
        assert not seen & {question.token for question in questions}
        seen |= {question.token for question in questions}


@STORIES
@given(happenings)
def test_the_state_waits_for_the_question_that_was_asked_last(story: list[Happening]) -> None:
    last: str | None = None
    for moment in play(story, PATIENT):
        questions = [reply for reply in moment.step.replies if isinstance(reply, Ask)]
        last = questions[-1].token if questions else last

        assert token_of(moment.step.state) in (None, last)


@STORIES
@given(happenings)
def test_a_card_loses_its_buttons_exactly_when_its_question_is_over(
    story: list[Happening],
) -> None:
    for moment in play(story, PATIENT):
        settled = [reply.token for reply in moment.step.replies if isinstance(reply, Settle)]
        old, new = token_of(moment.before), token_of(moment.step.state)

        assert settled == ([old] if old and old != new else [])
        assert not settled or isinstance(moment.step.replies[0], Settle)


@STORIES
@given(happenings)
def test_an_old_button_never_leads_a_step_further(story: list[Happening]) -> None:
    for moment in play(story, PATIENT):
        match moment.event:
            case Chose(token=token) if token != token_of(moment.before):
                assert all(isinstance(it, SetTimer | StopTimer) for it in moment.step.effects)
                assert where(moment.step.state) == where(moment.before)
            case _:
                pass


def where(state: State) -> State:
    state = state.back_to if isinstance(state, Lapsed) else state
    return state if isinstance(state, Idle | HandingOver | HandedOver) else replace(state, token="")


@STORIES
@given(happenings)
def test_whoever_is_waited_for_has_one_timer_and_nobody_else_has(story: list[Happening]) -> None:
    timer: SetTimer | None = None
    for moment in play(story, PATIENT):
        asked = [e for e in moment.step.effects if isinstance(e, SetTimer | StopTimer)]
        assert len(asked) <= 1
        if asked:
            timer = asked[0] if isinstance(asked[0], SetTimer) else None

        assert (timer is not None) == isinstance(moment.step.state, Waiting)
        assert timer is None or timer.at > moment.event.at


def test_silence_is_answered_once_and_then_ends_at_the_set_time() -> None:
    talk = Talk(PATIENT).say("password-changed")
    start = talk.at

    talk.wait(hours=4).hear(Elapsed, timer="remind")
    (_, last) = [e for e in talk.effects if isinstance(e, SetTimer)]

    assert last.timer == "close"
    assert last.at - start == timedelta(days=3, minutes=1)


def test_an_open_question_waits_for_ever_when_nothing_is_set() -> None:
    assert not Talk(BOOK).say("password-changed").press("done").effects


@STORIES
@given(happenings)
def test_every_state_survives_being_stored(story: list[Happening]) -> None:
    for moment in play(story, PATIENT):
        assert codec.load(codec.dump(moment.step.state)) == moment.step.state


@STORIES
@given(happenings)
def test_what_was_tried_is_never_lost_while_the_case_lasts(story: list[Happening]) -> None:
    for moment in play(story, PATIENT):
        old, new = getattr(moment.before, "case", None), getattr(moment.step.state, "case", None)
        if old and new and old.opened_at == new.opened_at:
            assert new.tried[: len(old.tried)] == old.tried


@STORIES
@given(happenings)
def test_our_own_paragraphs_hold_nothing_that_a_person_wrote(story: list[Happening]) -> None:
    marked: list[Happening] = [
        replace(it, text=f"{it.text} zzqq <b>") if isinstance(it, Words) and it.text.strip() else it
        for it in story
    ]
    for moment in play(marked, BOOK):
        for reply in moment.step.replies:
            if isinstance(reply, Say):
                assert "zzqq" not in " ".join(reply.text)
                assert "<b>" not in " ".join(reply.text)


@settings(deadline=None)
@given(st.sampled_from(BOOK.causes), st.sampled_from(["en", "ko"]))
def test_what_keeps_failing_ends_with_people_and_repeats_no_step(cause: str, language: str) -> None:
    talk = Talk(BOOK).say(f"{cause} language={language}")
    seen: list[str] = []
    while isinstance(talk.state, Guiding | Listening):
        if isinstance(talk.state, Guiding):
            assert talk.state.step not in seen
            seen.append(talk.state.step)
        talk.press("failing" if isinstance(talk.state, Guiding) else "same")

    assert isinstance(talk.state, HandingOver)
    assert [one.step for one in talk.state.case.tried] == seen


@settings(deadline=None)
@given(st.sampled_from(BOOK.causes), st.sampled_from(["en", "ko"]))
def test_what_is_done_step_by_step_is_fixed(cause: str, language: str) -> None:
    talk = Talk(BOOK).say(f"{cause} language={language}")
    while isinstance(talk.state, Guiding):
        talk.press("done")

    assert isinstance(talk.state, Fixed)
    assert talk.choices == ["failing"]


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


def test_the_same_error_the_next_week_is_a_new_case() -> None:
    talk = Talk(BOOK).say("password-changed").press("done").wait(days=7).say("password-changed")

    assert isinstance(talk.state, Guiding)
    assert (talk.state.step, talk.state.case.tried) == ("fix-connection", ())


def test_still_failing_after_the_end_asks_for_the_new_message() -> None:
    talk = Talk(BOOK).say("password-changed")
    while isinstance(talk.state, Guiding):
        talk.press("done")

    assert isinstance(talk.press("failing").state, Listening)


def test_back_goes_one_step_and_says_when_there_is_none() -> None:
    talk = Talk(BOOK).say("password-changed").press("done").say("back")
    assert isinstance(talk.state, Guiding)
    assert (talk.state.step, talk.state.trail) == ("fix-connection", ())

    talk.say("back")

    assert talk.text.startswith("This is where we started")


def test_back_from_the_question_for_a_message_is_the_step_itself() -> None:
    talk = Talk(BOOK).say("password-changed").press("done").press("failing").say("go back")

    assert isinstance(talk.state, Guiding)
    assert (talk.state.step, talk.state.trail) == ("check", ("fix-connection",))


def test_the_persons_own_words_decide_the_language_then_what_was_asked_for() -> None:
    talk = Talk(BOOK, language="ko-KR").say("password-changed")
    assert talk.state.language == "ko"

    talk.say("speak English").say("note to self")
    assert talk.state.language == "en"

    talk.say("data-policy language=ko")
    assert talk.state.language == "ko"


def test_a_language_that_nobody_here_speaks_is_said_so() -> None:
    talk = Talk(BOOK).say("password-changed").say("please speak French")

    assert talk.text.startswith("That is a language I do not speak yet. I speak English, 한국어.")
    assert isinstance(talk.state, Guiding)


def test_forgetting_asks_first_and_anything_but_yes_means_no() -> None:
    talk = Talk(BOOK).say("password-changed").say("forget me")
    assert isinstance(talk.state, Forgetting)
    assert talk.choices == ["yes", "no"]

    talk.say("done")
    assert isinstance(talk.state, Guiding)
    assert talk.state.step == "check"
    assert talk.effects == []

    talk.say("forget me").say("yes")
    assert [type(effect) for effect in talk.effects] == [Forget]
    assert talk.state == Idle(language="en")


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
