"""What is said near the bot and not to it: it goes on with an open case, and begins none."""

from __future__ import annotations

import pytest

from dialogs.library import load
from dialogs.state import Fixed, Guiding, HandedOver, Idle
from tests.dialogs.talk import Talk

BOOK = load()
ERROR = "AADSTS50173: the provided grant has expired"


@pytest.mark.parametrize("text", [ERROR, "help", "talk to a person", "start over", ""])
def test_nothing_begins_with_what_was_said_to_nobody(text: str) -> None:
    talk = Talk(BOOK).say(text, addressed=False)

    assert (talk.state, talk.replies, talk.effects) == (Idle(), (), [])


def test_an_open_case_goes_on_without_a_mention() -> None:
    talk = Talk(BOOK).say(ERROR)
    first = talk.state
    talk.say("done", addressed=False)

    assert isinstance(first, Guiding)
    assert isinstance(talk.state, Guiding)
    assert talk.state.step != first.step


def test_a_solved_case_is_not_woken_by_talk_among_others() -> None:
    talk = Talk(BOOK).say(ERROR).say("done").say("done").say("done")
    solved = talk.state
    assert isinstance(solved, Fixed)

    talk.say("thanks all, lunch?", addressed=False)

    assert (talk.state, talk.replies) == (solved, ())


def test_an_empty_message_to_nobody_is_no_message() -> None:
    talk = Talk(BOOK).say(ERROR)
    before = talk.state

    talk.say("  ", addressed=False, pictures=1)

    assert (talk.state, talk.replies) == (before, ())


def test_people_who_have_the_case_hear_what_is_added() -> None:
    state = HandedOver(language="en", case=Talk(BOOK).say(ERROR).state.case, ticket=3)  # type: ignore[union-attr]

    talk = Talk(BOOK, state).say("it also fails on Mondays", addressed=False)

    assert talk.effects
