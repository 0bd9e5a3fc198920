"""A page never changes a position, and covers what must not be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.diagnosis.page import COVER, fold, lay_out, printable

GUID = "8f5d2e8a-4d0f-4b8d-9c1a-1f4c5a401403"


@given(st.text(max_size=400))
def test_positions_on_a_page_are_positions_in_the_text(text: str) -> None:
    page = lay_out(text)

    assert len(page.low) == len(page.plain) == len(text)


@given(st.text(max_size=200))
def test_what_is_printable_stays(text: str) -> None:
    clean = printable(text)

    assert printable(clean) == clean
    assert not any(0xD800 <= ord(c) <= 0xDFFF for c in clean)
    assert "\x00" not in clean


@pytest.mark.parametrize(
    "hole",
    [
        GUID,
        "https://make.powerautomate.com/environments/x/flows/401/runs/403",
        "08585981115186985105550762687CU161",
        "10.4.01.403",
        "anna.401@contoso.com",
        "2026-04-01T04:01:40Z",
        "contoso.sharepoint.com/sites/401",
        "0123456789abcdef0123456789abc401",
    ],
)
def test_nothing_is_read_inside_ids_and_addresses(hole: str) -> None:
    page = lay_out(f"see {hole} here")

    assert page.low == f"see {COVER * len(hole)} here"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＵＮＡＵＴＨＯＲＩＺＥＤ", "unauthorized"),
        ("Contraseña expiró", "contrasena expiro"),
        ("can’t", "can't"),
        ("İstanbul", "istanbul"),
    ],
)
def test_one_spelling(written: str, read: str) -> None:
    assert fold(written) == read


@pytest.mark.parametrize(
    ("wrapped", "words"),
    [
        (r"{\"message\":\"Unauthorized\\r\\nid\"}", "message Unauthorized id"),
        ("&quot;Unauthorized&quot; &amp; more", "Unauthorized more"),
        ("<p>Access<br/>denied</p>", "Access denied"),
        ('<td class="x">Access <o:p></o:p>denied', "Access denied"),
        (
            "requests says <Response [401]>, then <Response 403>",
            "requests says Response 401 then Response 403",
        ),
    ],
)
def test_wrappings_are_blank(wrapped: str, words: str) -> None:
    plain = lay_out(wrapped).plain

    assert "".join(c if c.isalnum() else " " for c in plain).split() == words.split()


def test_a_wrapped_line_is_one_sentence_and_a_list_is_not() -> None:
    wrapped = lay_out("access is\ndenied here")
    items = lay_out("- access is\n- denied here")

    assert wrapped.sentence(0) == wrapped.sentence(12)
    assert items.sentence(2) != items.sentence(14)
