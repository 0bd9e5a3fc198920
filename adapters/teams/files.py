"""Files that came with a message in a personal chat, as text.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
"""

from __future__ import annotations

from http import HTTPStatus

import aiohttp

from adapters.base import Gone, TryLater
from adapters.teams.hosts import has_files
from dialogs.events import File
from dialogs.intake import MOST

_BINARY = b"\x00"
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


async def text_of(file: File, session: aiohttp.ClientSession, *, loopback: bool) -> str:
    """Return the text of `file`, a little more of it than is read, so that the cut is noticed.

    Its address carries its own permission, so no token goes there. Raises `TryLater` or `Gone`.
    """
    url = file.route.get("url", "")
    if not has_files(url, loopback=loopback):
        raise Gone("the file is somewhere that is not read from")
    try:
        async with session.get(url, allow_redirects=False) as response:
            status = response.status
            content = await _start(response) if status == HTTPStatus.OK else b""
    except (TimeoutError, aiohttp.ClientError) as error:
        raise TryLater(f"the file cannot be reached: {type(error).__name__}") from None
    if status >= 500 or status in _LATER:
        raise TryLater(f"the file's host answered {status}")
    if status != HTTPStatus.OK:
        raise Gone(f"the file's host answered {status}")
    return _decoded(content)


async def _start(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MOST:
            break
    return bytes(content[: MOST + 1])


def _decoded(content: bytes) -> str:
    """Raises `Gone` when it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if _BINARY in content:
        raise Gone("the file is no text")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
