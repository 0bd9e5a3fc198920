"""Words that work in every state: back, another language, forget me."""

from __future__ import annotations

import pytest

from dialogs.library import load
from dialogs.replies import (
    Forget,
)
from dialogs.state import (
    Forgetting,
    Guiding,
    Idle,
)
from tests.dialogs.fakes import ordered
from tests.dialogs.talk import Talk

BOOK = ordered()
READING = load()


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


@pytest.mark.parametrize(
    ("said", "locale", "spoken"),
    [
        ("도와주세요", "", "ko"),
        ("상태", "en-US", "ko"),
        ("담당자 연결해 주세요", "", "ko"),
        ("help", "ko-KR", "ko"),
        ("status", "", "en"),
    ],
)
def test_a_typed_command_is_answered_in_its_language(said: str, locale: str, spoken: str) -> None:
    talk = Talk(READING, language=locale).say(said)

    assert any("\uac00" <= letter <= "\ud7a3" for letter in talk.text) == (spoken == "ko")


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
