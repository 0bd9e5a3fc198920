"""The notation of signs, example by example."""

from __future__ import annotations

import pytest

from dialogs.diagnosis.lexicon import BadPatternError, Lexicon, parse
from dialogs.diagnosis.matching import find_all
from dialogs.diagnosis.page import lay_out

CLASSES = {"refuse": ["reject*", "turned away", "거부"], "not": ["not", "no"]}


def places(pattern: str, text: str) -> list[str]:
    lexicon = Lexicon()
    parsed = parse(pattern, lexicon, CLASSES)
    page = lay_out(text)
    return [text[start:end] for start, end in find_all(parsed, lexicon.read(page), page)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("password rejected", "My Password rejected!", ["Password rejected"]),
        ("password rejected", "password was rejected", []),
        ("reject*", "it rejects and rejected me", ["rejects", "rejected"]),
        ("sign in|log in", "please log in here", ["log in"]),
        ("password ~ <refuse>", "the password is rejected", ["password is rejected"]),
        ("password ~ <refuse>", "the password. It is rejected", []),
        ("<refuse> & password", "password was turned away", ["password was turned away"]),
        ("^ add", "We add. Add tests", ["Add"]),
        ("password & reject* !<not>", "the password is not rejected", []),
        (
            "password & reject* !not yet|never",
            "the password is not rejected",
            ["password is not rejected"],
        ),
        ("password & reject* !not yet|never", "the password is not yet rejected", []),
        ("password & reject* !not yet|never", "the password is never rejected", []),
        ("new + code|link", "a new link", ["new link"]),
        ("비밀번호 ~ <refuse>", "비밀번호가 거부됐어요", ["비밀번호가 거부"]),
        ("密码 & 错误", "密码错误", ["密码错误"]),
        ("connection failed", "ConnectionFailed", ["ConnectionFailed"]),
        ("invalid grant", "invalid_grant", ["invalid_grant"]),
        ("sign in", "sign-in", ["sign-in"]),
        ("[x] done", "- [ ] done", ["[ ] done"]),
    ],
)
def test_finds(pattern: str, text: str, found: list[str]) -> None:
    assert places(pattern, text) == found


@pytest.mark.parametrize("written", ["premission", "permision", "permissoin", "permisssion"])
def test_a_long_word_with_one_letter_wrong_is_known(written: str) -> None:
    assert places("permission", f"no {written} here") == [written]


@pytest.mark.parametrize("other", ["admission", "commission", "permit"])
def test_another_word_is_not_a_misspelling(other: str) -> None:
    assert places("permission", f"no {other} here") == []


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("<nothing> lost", "no class <nothing> in the vocabulary"),
        ("password ~", "a word is missing"),
        ("& password", "a word is missing"),
        ("!!!", "holds no word"),
        ("password , rejected", "holds no word"),
    ],
)
def test_a_wrong_pattern_says_what_is_wrong(pattern: str, complaint: str) -> None:
    with pytest.raises(BadPatternError, match=complaint):
        parse(pattern, Lexicon(), CLASSES)


def test_the_members_of_a_class_are_written_one_by_one() -> None:
    with pytest.raises(BadPatternError, match="one by one"):
        parse("<refuse> me", Lexicon(), {"refuse": ["rejected|refused"]})
