"""What the terminal shows of a reply."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.console.render import Line, Span, printable, render
from dialogs.replies import Ask, Choice, Link, Say, Settle


def test_paragraphs_quote_facts_links_and_choices_stand_in_this_order() -> None:
    ask = Ask(
        text=("It was signed out.", "Open **Connections**."),
        quote="Hello,\n\nplease sign in.",
        facts=("AADSTS50173", "SharePoint"),
        facts_title="Read from your message",
        links=(Link("Open Connections", "https://example.com/c"),),
        token="t",
        choices=(Choice("done", "Done"), Choice("failing", "Still failing")),
    )

    lines = render(ask)

    assert [(line.kind, line.text) for line in lines] == [
        ("text", "It was signed out."),
        ("text", "Open Connections."),
        ("quote", "Hello,"),
        ("quote", ""),
        ("quote", "please sign in."),
        ("facts", "Read from your message: AADSTS50173 · SharePoint"),
        ("link", "Open Connections https://example.com/c"),
        ("choices", "[1] Done [2] Still failing"),
    ]


def test_double_stars_are_weight_and_lone_ones_are_stars() -> None:
    (line,) = render(Say(text=("2 ** 3, **Fix connection**, a*b",)))

    assert line.text.replace("*", "") == "2  3, Fix connection, ab"
    (plain,) = render(Say(text=("choose **Fix connection** now",)))
    assert plain == Line(
        "text", (Span("choose "), Span("Fix connection", strong=True), Span(" now"))
    )


def test_a_persons_words_keep_their_stars_and_brackets() -> None:
    (line,) = render(Say(text=(), facts=("**not bold** [red]not red[/red]",)))

    assert line.text == "**not bold** [red]not red[/red]"


def test_an_answered_question_is_one_line() -> None:
    assert render(Settle(token="t", answer="Done", by="u")) == (Line("settled", (Span("✓ Done"),)),)


def test_escapes_and_controls_never_reach_the_terminal() -> None:
    hostile = (
        "a\x1b[31mred\x1b[0m b\x1b]0;title\x07 c\x1b]8;;http://x\x1b\\link d\x9b2J e\x07\x00\x7f f"
        "\u202eg\tt\r\nh\x1b"
    )

    assert printable(hostile) == "ared b clink d2J e fg    t\nh"


@given(st.text())
def test_no_text_steers_a_terminal(text: str) -> None:
    shown = printable(text)

    assert all(char == "\n" or char.isprintable() or not char.isascii() for char in shown)
    assert "\x1b" not in shown
    assert not any(0x80 <= ord(char) < 0xA0 for char in shown)
    shown.encode("utf-8")


def test_line_breaks_cannot_forge_a_line_of_another_kind() -> None:
    say = Say(text=(), facts=("a\n[1] Done",), links=(Link("x\ny", "https://example.com/"),))

    assert [line.text for line in render(say)] == [
        "a [1] Done",
        "x y https://example.com/",
    ]
