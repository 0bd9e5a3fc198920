"""Reads a file that came with a message, from Slack alone, and passes pictures on."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from adapters.base import Gone, TryLater, Unshown
from adapters.files import check, read, read_picture
from adapters.slack.api import Api, NotGrantedError
from dialogs.events import File
from dialogs.replies import Picture

HOME = "https://files.slack.com/"
"""Where Slack keeps files."""
TEXT = ("text/", "application/json", "application/xml", "application/x-ndjson", "message/")
UNKNOWN = ("application/octet-stream", "binary/octet-stream")
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
        url = await self._address(route)
        text, kind = await read(self._session, url, self._headers)
        # Without the scope or with a wrong token the answer is a page to sign in at, and a 200.
        if kind == "text/html" or not kind.startswith((*TEXT, *UNKNOWN)):
            raise Gone(f"this is no text: {kind}")
        if kind in UNKNOWN and not _is_text(text):
            raise Gone("this is no text")
        return text

    async def picture(self, file: File) -> Picture:
        """Return the picture that `file` is. Raises `TryLater` or `Gone`."""
        url = await self._address(file.route)
        return await read_picture(self._session, file, url, self._headers)

    async def share(self, picture: Picture, name: str, **where: object) -> str:
        """Share `picture`, kept under `name`, with the arguments `where`; return its id.

        docs.slack.dev, "Working with files". Raises `TryLater`, or `Unshown` when it is not taken.
        """
        try:
            upload = await self._api.form(
                "files.getUploadURLExternal",
                filename=name,
                length=str(len(picture.data)),
                alt_txt=picture.name,
            )
            await self._put(str(upload.get("upload_url", "")), picture.data)
            id = str(upload.get("file_id", ""))
            files = [{"id": id, "title": picture.name}]
            await self._api.write("files.completeUploadExternal", files=files, **where)
        except (Gone, NotGrantedError) as error:  # the words pass all the same
            raise Unshown(str(error)) from None
        return id

    async def _put(self, url: str, data: bytes) -> None:
        if not url.startswith(self._home):
            raise Gone("Slack names no place of its own to upload to")
        try:
            async with self._session.post(url, data=data, allow_redirects=False) as response:
                check(response.status)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise TryLater(f"a picture cannot be uploaded: {type(error).__name__}") from None

    async def _address(self, route: Mapping[str, str]) -> str:
        """Return where the file at `route` is: with the bot's token nothing else is asked."""
        url = route.get("url") or await self._looked_up(route.get("id", ""))
        if not url.startswith(self._home):
            raise Gone("the file is not kept by Slack")
        return url

    async def _looked_up(self, id: str) -> str:
        """Files from other workspaces come with nothing but their id ("check_file_info")."""
        file = (await self._api.read("files.info", file=id)).get("file")
        known = file if isinstance(file, dict) else {}
        return str(known.get("url_private_download") or known.get("url_private") or "")


def _is_text(text: str) -> bool:
    return "\x00" not in text and text.count("\ufffd") <= len(text) // 20
