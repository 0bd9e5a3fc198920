"""Reads a file that came with a message: text, and only so much of it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import aiohttp

from adapters.base import Gone, TryLater
from adapters.web import start_of
from dialogs.intake import MOST

_ENOUGH = 2 * (MOST + 2)
"""Bytes: more than is kept, even of UTF-16 with its mark, so that the reader notices the cut."""
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


async def read(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Return the beginning of the file at `url` and its content type. Follows no redirects.

    What is no text reads as one with NUL or U+FFFD in it. Raises `TryLater` or `Gone`.
    """
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            _check(response.status)
            return _decoded(await start_of(response, _ENOUGH)), response.content_type
    except (TimeoutError, aiohttp.ClientError) as error:
        raise TryLater(f"the file cannot be reached: {type(error).__name__}") from None


def _check(status: int) -> None:
    why = f"the file's host answered {status}"
    if status >= 500 or status in _LATER:
        raise TryLater(why)
    if status != HTTPStatus.OK:
        raise Gone(why)


def _decoded(content: bytes) -> str:
    return content.decode("utf-16" if content.startswith(_WIDE) else "utf-8-sig", "replace")
