"""How the lines of a reply look, for a program and for a person."""

from __future__ import annotations

import io

from rich.cells import cell_len
from rich.console import Console

from adapters.console.render import render
from adapters.console.rich_screen import Rich
from adapters.console.screens import Plain
from dialogs.replies import Ask, Choice, Link, Reply, Say, Settle

LONG = "https://make.powerautomate.com/environments/" + "0123456789" * 12 + "/connections"
ASK = Ask(
    text=("**SharePoint** was signed out.",),
    links=(Link("Open Connections", LONG),),
    token="t",
    choices=(Choice("done", "Done"), Choice("failing", "Still failing")),
)


def rich(reply: Reply, *, width: int = 60, terminal: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=terminal,
        no_color=False,
        color_system="standard" if terminal else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    Rich(console).show(render(reply))
    return out.getvalue()


def plain(*replies: Reply) -> str:
    out = io.StringIO()
    screen = Plain(out)
    for reply in replies:
        screen.show(render(reply))
    screen.end_turn()
    return out.getvalue()


def test_plain_lines_begin_alike_and_an_empty_one_ends_the_turn() -> None:
    assert plain(ASK) == (
        "bot: SharePoint was signed out.\n"
        f"bot: Open Connections {LONG}\n"
        "bot: [1] Done [2] Still failing\n"
        "\n"
    )


def test_plain_turn_with_nothing_to_say_is_an_empty_line() -> None:
    assert plain() == "\n"


def test_plain_says_nothing_about_a_question_that_was_answered() -> None:
    assert plain(Settle(token="t", answer="Done", by="u")) == "\n"


def test_plain_lines_within_a_message_to_send_on_begin_alike_too() -> None:
    assert plain(Say(text=(), quote="Hello,\n\nbye\n")) == "bot: Hello,\nbot: \nbot: bye\n\n"


def test_a_person_sees_the_same_words() -> None:
    shown = rich(ASK)

    assert [line.strip() for line in shown.splitlines() if line.strip()] == [
        "SharePoint was signed out.",
        f"Open Connections {LONG}",
        "[1] Done [2] Still failing",
    ]


def test_an_address_is_never_broken_over_lines() -> None:
    assert LONG in rich(ASK, width=40)


def test_no_escape_codes_when_it_is_no_terminal() -> None:
    assert "\x1b" not in rich(ASK)


def test_strong_words_are_strong_on_a_terminal() -> None:
    assert "\x1b[1mSharePoint\x1b[0m" in rich(ASK, terminal=True)


def test_a_persons_words_are_never_markup() -> None:
    shown = rich(Say(text=(), facts=("[bold]x[/bold] :smile: [link=http://a]b[/link]",)))

    assert "[bold]x[/bold] :smile: [link=http://a]b[/link]" in " ".join(shown.split())


def test_korean_keeps_within_the_width() -> None:
    words = "비밀번호가 바뀌면서 SharePoint 연결의 로그인이 풀렸어요. " * 4

    shown = rich(Say(text=(words,)), width=40)

    assert max(cell_len(line) for line in shown.splitlines()) <= 40
    assert shown.count("풀렸어요") == 4


def test_an_answered_question_is_named_to_a_person() -> None:
    assert rich(Settle(token="t", answer="완료", by="u")).strip() == "✓ 완료"
