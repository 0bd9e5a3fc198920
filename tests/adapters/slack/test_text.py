"""Slack's writing, read and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.keys import Pressed, Spot
from adapters.slack.text import escape, mentioned, plain, without
from tests.slack.bodies import typed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("<https://x.example/a?b=1&amp;c=2>", "https://x.example/a?b=1&c=2"),
        ("<https://x.example|Open run>", "Open run https://x.example"),
        ("<http://x.example|x.example>", "x.example"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("<tel:+123|123>", "123"),
        ("<@U1> hi <@U2|bob>", "@U1 hi @bob"),
        ("<#C1|help> <#C2>", "#help #C2"),
        (
            "<!here> <!channel> <!subteam^S1|@team> <!date^1^{date}|today>",
            "@here @channel @team today",
        ),
        ("<> <|> < x", "< x"),
        ("  x  ", "x"),
        ("", ""),
    ],
)
def test_reads_it_as_it_was_typed(written: str, read: str) -> None:
    assert plain(written).split() == read.split()


@given(st.text())
def test_what_is_escaped_reads_the_same(text: str) -> None:
    assert plain(escape(text)) == text.strip()
    assert "<" not in escape(text)


_PIECES = st.one_of(
    st.text(alphabet="<>&;@U1|#!ab: /").map(lambda words: (escape(words), words, None)),
    st.sampled_from(
        [
            ("<@U1>", "@U1", "U1"),
            ("<@U2|bob>", "@bob", "U2"),
            ("<#C1|help>", "#help", None),
            ("<!here>", "@here", None),
            ("<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2", None),
        ]
    ),
)
"""A piece of a message as Slack sends it, as it reads, and whom it mentions."""


@given(st.lists(_PIECES))
def test_whatever_slack_sends_can_be_read(pieces: list[tuple[str, str, str | None]]) -> None:
    sent = "".join(written for written, _, _ in pieces)

    assert plain(sent) == "".join(read for _, read, _ in pieces).strip()
    assert mentioned(sent) == {user for _, _, user in pieces if user}
    assert mentioned(without("U1", sent)) == mentioned(sent) - {"U1"}


@given(st.text(alphabet="<>&@U1|#!ab: /", max_size=40))
def test_what_slack_never_sends_is_read_without_adding_anything(text: str) -> None:
    assert set(plain(text)) <= {*text, " ", "@"}
    assert all(f"<@{user}" in text for user in mentioned(text))


@given(st.text(alphabet="<>&;ltgamp ", max_size=40))
def test_typed_words_come_through(text: str) -> None:
    assert plain(typed(text)) == text.strip()


def test_mentions_are_told_apart() -> None:
    assert mentioned("<@U1> and <@U2|bob>") == {"U1", "U2"}
    assert without("U1", "<@U1|x> hi <@U2>") == " hi <@U2>"


@given(st.text(), st.text(), st.text(), st.text())
def test_a_buttons_value_comes_back(token: str, choice: str, user: str, root: str) -> None:
    pressed = Pressed(token, choice, user, root)

    assert Pressed.read(pressed.value) == pressed


def test_a_spot_comes_back_from_its_key() -> None:
    spot = Spot("T1", "C1", "1764000000.000100", "U1")

    assert Spot.read(spot.key) == spot
    for other in ("slack:T1:U1:beside", "http:a:b:1.1:c", "", "slack:T1:C1:x:U1"):
        assert Spot.read(other) is None
