"""What holds for the engine whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage import codec
from dialogs.engine import advance
from dialogs.events import (
    Chose,
    Deleted,
    Edited,
    Elapsed,
    TicketOpened,
    TicketRefused,
    TicketResolved,
    Unfetched,
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
    Fixed,
    Guiding,
    HandedOver,
    HandingOver,
    Idle,
    Lapsed,
    Listening,
    Retrying,
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
        case Unfetched(file=file), HandedOver(ticket=mine) | Retrying(ticket=mine):
            named = replace(file, kind="other")  # of which `TicketUnpassed` tells
            return AddToTicket(number=mine, file=named) in moment.step.effects
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
