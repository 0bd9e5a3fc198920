"""Reads a file that came with a message: text, and only so much of it, or a picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp

from adapters.base import Gone, TryLater
from adapters.web import start_of
from dialogs.events import File
from dialogs.length import MOST
from dialogs.replies import Picture

_ENOUGH = 2 * (MOST + 2)
"""Bytes: more than is kept, even of UTF-16 with its mark, so that the reader notices the cut."""
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
LARGEST = 5 * 1024 * 1024
"""Bytes of a picture: it is held in memory while it is passed on."""
_SIGNATURES = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
)
"""What both platforms show. Others can hold a program (SVG), or are shown by one of them only."""


async def read(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Return the beginning of the file at `url` and its content type. Follows no redirects.

    What is no text reads as one with NUL or U+FFFD in it. Raises `TryLater` or `Gone`.
    """
    content, kind = await _start(session, url, headers, _ENOUGH)
    return _decoded(content), kind


async def read_picture(
    session: aiohttp.ClientSession, file: File, url: str, headers: Mapping[str, str] | None = None
) -> Picture:
    """Return the picture at `url`, called as `file` is. Follows no redirects.

    What it is, is told by its first bytes and not by whoever sent it. Raises `TryLater` or `Gone`.
    """
    content, _ = await _start(session, url, headers, LARGEST + 1)
    if len(content) > LARGEST:
        raise Gone("the picture is too large")
    for kind, start in _SIGNATURES:
        if start.match(content):
            return Picture(file.name, kind, content)
    raise Gone("this is no picture that is passed on")


async def _start(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None, most: int
) -> tuple[bytes, str]:
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            check(response.status)
            return await start_of(response, most), response.content_type
    except (TimeoutError, aiohttp.ClientError) as error:
        raise TryLater(f"the file cannot be reached: {type(error).__name__}") from None


def check(status: int) -> None:
    """Let a good answer of a file's host pass. Raises `TryLater` or `Gone` for any other."""
    why = f"the file's host answered {status}"
    if status >= 500 or status in _LATER:
        raise TryLater(why)
    if status != HTTPStatus.OK:
        raise Gone(why)


def _decoded(content: bytes) -> str:
    return content.decode("utf-16" if content.startswith(_WIDE) else "utf-8-sig", "replace")
