"""Sentences with and without what was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.library import load
from dialogs.words import IN_MESSAGES, fill, fill_message, names, stray

FOUND = {"connector": "SharePoint", "code": "AADSTS50173", "run": "https://x.example/r"}
BOOK = load()
ALL = dict.fromkeys(IN_MESSAGES, "X")
KNOWN = [{}, ALL, *({name: "X"} for name in ALL), *({**ALL, name: ""} for name in ALL)]
UNFINISHED = ("  ", " .", " ,", "()", "( ", "(,", "{", ": \n", ": -", " - \n", " / \n")


@pytest.mark.parametrize(
    ("text", "full", "empty"),
    [
        ("The {connector} connection", "The SharePoint connection", "The connection"),
        ("{connector} 연결이", "SharePoint 연결이", "연결이"),
        ("Open {connector}.", "Open SharePoint.", "Open."),
        ("for {connector|the flow}.", "for SharePoint.", "for the flow."),
        ("broke ({code}).", "broke (AADSTS50173).", "broke."),
        ("{connector} {code} x", "SharePoint AADSTS50173 x", "x"),
        ("실패해요({code}).", "실패해요(AADSTS50173).", "실패해요."),
    ],
)
def test_a_sentence_is_right_with_and_without_the_value(text: str, full: str, empty: str) -> None:
    assert (fill(text, FOUND), fill(text, {})) == (full, empty)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (
            "Hello. Sign in to {flow|the flow}.\nError: {code} - Flow: {flow} - Run: {run}\n",
            "Hello. Sign in to the flow.\nError: AADSTS50173 - Run: https://x.example/r",
        ),
        ("Flow: {flow}", ""),
        ("Please help. Flow: {flow}", "Please help."),
        ("도와주세요. 흐름: {flow} / 실행: {run}", "도와주세요. 실행: https://x.example/r"),
        ("A ({flow}, {tenant}) b ({code}).", "A b (AADSTS50173)."),
        ("Users > the account - then unlock it.", "Users > the account - then unlock it."),
        ("One {flow} two", "One two"),
    ],
)
def test_a_message_loses_the_clauses_that_would_stand_empty(text: str, sent: str) -> None:
    assert fill_message(text, FOUND) == sent


def test_a_value_is_never_read_as_a_placeholder() -> None:
    assert fill("{connector} {code}", {"connector": "{code}", "code": "X"}) == "{code} X"


def test_names_and_stray_braces_are_found() -> None:
    assert names("{a} {b|c d} {a}") == {"a", "b"}
    assert not stray("{a} {b|c d}")
    assert stray("{a} }")
    assert stray("{a")


@given(st.text(alphabet="{}|ab -/().:\n", max_size=60))
def test_any_text_can_be_filled(text: str) -> None:
    assert isinstance(fill(text, {"a": "x"}), str)
    assert "{a}" not in fill_message(text, {"a": "x"})


@pytest.mark.parametrize("language", BOOK.languages)
@pytest.mark.parametrize("cause", BOOK.causes)
def test_no_playbook_leaves_a_gap_where_nothing_was_found(cause: str, language: str) -> None:
    playbook = BOOK.playbook(cause, language)
    sentences = [playbook.verdict, playbook.fix, playbook.settle or ""]
    sentences += [step.say for step in playbook.steps.values()]
    messages = [step.send for step in playbook.steps.values() if step.send]
    for known in KNOWN:
        filled = [fill(text, known) for text in sentences]
        filled += [fill_message(text, known) for text in messages]
        for text in filled:
            assert not any(mark in text for mark in UNFINISHED)
            assert not text.endswith((":", " -", " /"))
