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


@given(st.text(alphabet="<>&@U1|#!ab: /", max_size=40))
def test_whatever_slack_sends_can_be_read(text: str) -> None:
    plain(text)
    mentioned(text)


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
