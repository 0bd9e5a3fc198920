"""Texts that are made to be slow: each kind at any length."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_GUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301 "

KINDS: Mapping[str, str] = {
    "letters": "a",
    "spaces": " ",
    "quotes and backslashes": '\\"',
    "open braces": "{[",
    "digits": "4014034",
    "AADSTS without number": "AADSTS ",
    "codes": "AADSTS50173 401 403 0x80040220 ",
    "codes of several causes": "AADSTS50055. AADSTS50057. accessDenied, UserNotLicensed\n",
    "signs that lack a word": "ENEEDAUTH 연결 & 다시 로그인 traducción parou sozinho ",
    "signs of a sign-in": "password rejected sign in token expired not permitted ",
    "signs in Korean": "비밀번호암호로그인권한이없음연결",
    "guids": _GUID,
    "addresses": "https://make.powerautomate.com/environments/Default-x/flows/y/runs/z ",
    "dots and hyphens": "a.b-c.d-",
    "mail addresses": "a@b.c ",
    "tags": "<a <b <c>",
    "entities": "&amp;#x2;",
    "secrets": "password=hunter22; sig=abcdefghijklmnop%3D Bearer eyJhbGciOi.eyJz.c2ln ",
    "secrets that are none": "password=password=token:secret:",
    "base64": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo",
    "line breaks": "\n",
    "emoji": "\U0001f642\u200d",
}
"""Kind -> what it repeats."""


def text(kind: str, length: int) -> str:
    """Return `length` characters of `kind`."""
    unit = KINDS[kind]
    return (unit * (length // len(unit) + 1))[:length]


def measure(
    read: Callable[[str], object], clock: Callable[[], float], small: int, large: int
) -> dict[str, tuple[float, float]]:
    """Return kind -> seconds for a text of `small` and of `large` characters, best of three."""
    return {
        kind: (_best(read, clock, text(kind, small)), _best(read, clock, text(kind, large)))
        for kind in KINDS
    }


def _best(read: Callable[[str], object], clock: Callable[[], float], given: str) -> float:
    seconds = []
    for _ in range(3):
        start = clock()
        read(given)
        seconds.append(clock() - start)
    return min(seconds)
