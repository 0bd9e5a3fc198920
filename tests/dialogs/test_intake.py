"""What becomes of a message before anything reads it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dialogs.events import File, Said
from dialogs.intake import clean
from dialogs.length import MOST
from tests.dialogs.talk import NOON, ORIGIN

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4"


def said(text: str) -> Said:
    return Said(id="test:1", at=NOON, origin=ORIGIN, text=text)


def test_hides_secrets_and_says_which_kinds() -> None:
    event = clean(said(f"Authorization: Bearer {TOKEN}"))

    assert TOKEN not in event.text
    assert event.secrets == ("access-token",)


def test_keeps_kinds_that_were_hidden_earlier() -> None:
    event = clean(replace(said("hello"), secrets=("cookie",)))

    assert event.secrets == ("cookie",)


def test_removes_what_nobody_sees() -> None:
    event = clean(said("AADSTS\u200b50173\x00 \u202eok\ud800"))

    assert event.text == "AADSTS50173 ok\ufffd"


def test_reads_a_message_of_256_kb_whole() -> None:
    event = clean(said("word " * (MOST // 5)))

    assert not event.cut
    assert len(event.text) == MOST // 5 * 5


def test_cuts_a_longer_message_between_words() -> None:
    event = clean(said("비밀번호 " * 40_000))

    assert event.cut
    assert len(event.text.encode()) <= MOST
    assert event.text.endswith("비밀번호")


def test_cuts_a_message_without_spaces_at_a_character() -> None:
    event = clean(said("가" * MOST))

    assert event.cut
    assert event.text == "가" * (MOST // 3)


def test_a_secret_at_the_cut_does_not_stay_as_half_of_itself() -> None:
    text = "x " * (MOST // 2 - 20) + TOKEN

    event = clean(said(text))

    assert event.cut
    assert TOKEN[:20] not in event.text


def test_leaves_everything_else_of_the_event_alone() -> None:
    event = replace(said("hello"), pictures=2)

    assert clean(event) == event


@given(st.text(max_size=300))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(said(text))

    assert clean(once) == once


def test_names_of_files_are_of_one_line_and_without_secrets() -> None:
    names = ("password=Hunter2Hunter2.png", "a\nb\u202e.txt", "x" * 5000, "")
    event = replace(said("look"), files=tuple(File(name, {}) for name in names))

    cleaned = clean(event)

    hidden, one_line, short, nameless = (file.name for file in cleaned.files)
    assert "Hunter2" not in hidden
    assert one_line == "a b.txt"
    assert len(short) <= 120
    assert nameless == "?"
    assert cleaned.secrets == ("password",), "and whoever sent it is told"
