"""What stands in the place of a secret, in the language of whoever reads it."""

from __future__ import annotations

import pytest

from dialogs.library import load
from dialogs.marks import readable
from dialogs.redaction import KINDS, redact

BOOK = load()


def test_a_mark_is_in_the_words_of_the_reader() -> None:
    text = redact("제 비밀번호: hunter2hunter2").text

    assert readable(text, BOOK, "ko") == "제 비밀번호: [숨김: 비밀번호]"
    assert readable(text, BOOK, "en") == text
    assert readable(text, BOOK, "xx") == text, "English stands in for a language that is not there"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_secret_has_a_name(kind: str) -> None:
    mark = f"[hidden: {kind.replace('-', ' ')}]"

    assert "hidden" not in readable(mark, BOOK, "ko")
    assert redact(readable(mark, BOOK, "ko")).secrets == (), "nothing is hidden twice"


def test_what_only_looks_like_a_mark_stays() -> None:
    assert readable("[hidden: agenda]", BOOK, "ko") == "[hidden: agenda]"
