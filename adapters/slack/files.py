"""Reads a file that came with a message: text only, so much of it, and from Slack alone."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from adapters.base import Gone
from adapters.files import read
from adapters.slack.api import Api

HOME = "https://files.slack.com/"
"""Where Slack keeps files."""
_TEXT = ("text/", "application/json", "application/xml", "application/x-ndjson", "message/")
_UNKNOWN = ("application/octet-stream", "binary/octet-stream")
"""What logs often come as: it is text if it reads as such."""


class Files:
    """Fetches with the bot's token, which goes to addresses below `home` and nowhere else."""

    def __init__(self, session: aiohttp.ClientSession, api: Api, token: str, home: str) -> None:
        self._session = session
        self._api = api
        self._headers = {"Authorization": f"Bearer {token}"}
        self._home = home

    async def text(self, route: Mapping[str, str]) -> str:
        """Return the text of the file at `route`. Raises `TryLater` or `Gone`."""
        url = route.get("url") or await self._looked_up(route.get("id", ""))
        if not url.startswith(self._home):
            raise Gone("the file is not kept by Slack")
        text, kind = await read(self._session, url, self._headers)
        # Without the scope or with a wrong token the answer is a page to sign in at, and a 200.
        if kind == "text/html" or not kind.startswith((*_TEXT, *_UNKNOWN)):
            raise Gone(f"this is no text: {kind}")
        if kind in _UNKNOWN and not _is_text(text):
            raise Gone("this is no text")
        return text

    async def _looked_up(self, id: str) -> str:
        """Files from other workspaces come with nothing but their id ("check_file_info")."""
        file = (await self._api.read("files.info", file=id)).get("file")
        known = file if isinstance(file, dict) else {}
        return str(known.get("url_private_download") or known.get("url_private") or "")


def _is_text(text: str) -> bool:
    return "\x00" not in text and text.count("\ufffd") <= len(text) // 20
