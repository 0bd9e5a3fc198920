"""Reads a file that came with a message: text only, so much of it, and from Slack alone."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp

from adapters.base import Gone, TryLater
from adapters.slack.api import Api
from dialogs.intake import MOST

HOST = "files.slack.com"
_TEXT = ("text/", "application/json", "application/xml", "application/x-ndjson", "message/")
_UNKNOWN = ("application/octet-stream", "binary/octet-stream")
"""What logs often come as: it is text if it reads as such."""


class Files:
    """Fetches with the bot's token, which goes to `hosts` and nowhere else."""

    def __init__(
        self, session: aiohttp.ClientSession, api: Api, token: str, hosts: frozenset[str]
    ) -> None:
        self._session = session
        self._api = api
        self._headers = {"Authorization": f"Bearer {token}"}
        self._hosts = hosts

    async def text(self, route: Mapping[str, str]) -> str:
        """Return the text of the file at `route`. Raises `TryLater` or `Gone`."""
        url = route.get("url") or await self._looked_up(route.get("id", ""))
        if urlsplit(url).netloc not in self._hosts:
            raise Gone("the file is not kept by Slack")
        try:
            async with self._session.get(
                url, headers=self._headers, allow_redirects=False
            ) as response:
                return await _read(response)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise TryLater(f"the file cannot be reached: {type(error).__name__}") from None

    async def _looked_up(self, id: str) -> str:
        """Files from other workspaces come with nothing but their id ("check_file_info")."""
        file = (await self._api.read("files.info", file=id)).get("file")
        known = file if isinstance(file, dict) else {}
        return str(known.get("url_private_download") or known.get("url_private") or "")


async def _read(response: aiohttp.ClientResponse) -> str:
    status, kind = response.status, response.content_type
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500:
        raise TryLater(f"the file's host answered {status}")
    if status != HTTPStatus.OK:
        raise Gone(f"the file's host answered {status}")
    # Without the scope or with a wrong token the answer is a page to sign in at, and a 200.
    if kind == "text/html" or not kind.startswith((*_TEXT, *_UNKNOWN)):
        raise Gone(f"this is no text: {kind}")
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > MOST + 4:  # one more than is read: whoever reads it says that it was cut
            break
    return _decoded(bytes(raw), kind)


def _decoded(raw: bytes, kind: str) -> str:
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = raw.decode("utf-16" if wide else "utf-8-sig", "replace")
    if kind in _UNKNOWN and ("\x00" in text or text.count("\ufffd") > len(text) // 20):
        raise Gone("this is no text")
    return text
