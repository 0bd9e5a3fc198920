"""Files that came with a message in a personal chat, as text.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
"""

from __future__ import annotations

import aiohttp

from adapters.base import Gone
from adapters.files import read
from adapters.teams.hosts import has_files
from dialogs.events import File


async def text_of(file: File, session: aiohttp.ClientSession, *, loopback: bool) -> str:
    """Return the text of `file`, as `adapters.files.read` does.

    Its address carries its own permission, so no token goes there. Raises `TryLater` or `Gone`.
    """
    url = file.route.get("url", "")
    if not has_files(url, loopback=loopback):
        raise Gone("the file is somewhere that is not read from")
    text, _ = await read(session, url)
    if "\x00" in text:
        raise Gone("the file is no text")
    return text
