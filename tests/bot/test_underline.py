"""Reasons shown in the text they were read from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.commands.underline import underline


def test_carets_stand_below_the_span() -> None:
    assert underline("it says 401 again", [(8, 11)], ansi=False) == [
        "it says 401 again",
        "        ^^^",
    ]


def test_a_terminal_underlines_the_span_itself() -> None:
    assert underline("it says 401", [(8, 11)], ansi=True) == ["it says \x1b[4m401\x1b[24m"]


def test_wide_letters_take_two_cells() -> None:
    assert underline("오류 401 암호", [(3, 6), (7, 9)], ansi=False) == [
        "오류 401 암호",
        "     ^^^ ^^^^",
    ]


def test_a_span_over_two_lines_is_marked_on_both() -> None:
    assert underline("AADSTS\n50173 x", [(0, 12)], ansi=False) == [
        "AADSTS",
        "^^^^^^",
        "50173 x",
        "^^^^^",
    ]


def test_of_a_long_text_only_the_lines_with_a_reason_are_shown() -> None:
    text = "\n".join(["nothing"] * 20 + ["status 401"] + ["nothing"] * 20)

    assert underline(text, [(160, 170)], ansi=False) == ["…", "status 401", "^^^^^^^^^^", "…"]


def test_a_long_line_is_cut_around_its_reason() -> None:
    line, carets = underline("x" * 500 + " 401 " + "y" * 500, [(501, 504)], ansi=False)

    assert line == "…" + "x" * 39 + " 401 " + "y" * 39 + "…"
    assert line[carets.index("^") : len(carets)] == "401"


def test_overlapping_reasons_are_marked_once() -> None:
    assert underline("abcdef", [(0, 3), (2, 4), (1, 2)], ansi=False) == ["abcdef", "^^^^"]


def test_controls_are_shown_as_spaces() -> None:
    assert underline("a\x1b[2Jb\tc", [], ansi=True) == ["a [2Jb c"]


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(0, 300), st.integers(1, 20))))
def test_never_fails_and_marks_only_what_was_read(text: str, places: list[tuple[int, int]]) -> None:
    spans = [(start, start + length) for start, length in places if start + length <= len(text)]

    shown = underline(text, spans, ansi=True)

    assert "".join(shown).count("\x1b[4m") == "".join(shown).count("\x1b[24m")
    assert bool(spans and any(not text[a:b].isspace() for a, b in spans)) <= bool(shown)
