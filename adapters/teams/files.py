"""Files and pictures that came with a message.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
"""

from __future__ import annotations

from base64 import b64encode

import aiohttp

from adapters.base import Gone
from adapters.files import read, read_picture
from adapters.teams.credentials import Tokens
from adapters.teams.elements import Element
from adapters.teams.hosts import has_files, is_service
from dialogs.events import File
from dialogs.replies import Picture


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


async def picture_of(
    file: File, session: aiohttp.ClientSession, tokens: Tokens, *, loopback: bool
) -> Picture:
    """Return the picture that `file` is. Raises `TryLater` or `Gone`.

    One that was pasted is kept by the service, which wants our token; an uploaded one is a file.
    """
    url = file.route.get("url", "")
    if file.route.get("pasted"):
        if not is_service(url, loopback=loopback):
            raise Gone("the picture is somewhere that is not read from")
        return await read_picture(session, file, url, await tokens.headers())
    if not has_files(url, loopback=loopback):
        raise Gone("the picture is somewhere that is not read from")
    return await read_picture(session, file, url)


def inline(picture: Picture) -> Element:
    """Return `picture` as an attachment, which needs no place on the web.

    https://learn.microsoft.com/microsoftteams/platform/bots/how-to/agents-inline-images
    """
    data = b64encode(picture.data).decode()
    return {
        "contentType": picture.type,
        "contentUrl": f"data:{picture.type};base64,{data}",
        "name": picture.name,
    }
