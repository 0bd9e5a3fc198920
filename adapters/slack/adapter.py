"""Slack: events in through Bolt, replies out through the outbox."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiohttp import web
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env

from adapters.base import Gone, Handler, Place, Receipt, TryLater
from adapters.files import LARGEST
from adapters.pages import Pages
from adapters.slack import files
from adapters.slack.api import HOME, Api
from adapters.slack.door import Door
from adapters.slack.files import Files
from adapters.slack.intake import Intake
from adapters.slack.keys import PLATFORM, Spot, spot_of
from adapters.slack.payloads import ROUTE
from adapters.slack.people import Languages
from adapters.slack.render import render
from adapters.slack.socket import listening
from adapters.slack.taking import Taking, bolt, client_on
from adapters.slack.whispers import Whispers
from dialogs.events import File
from dialogs.replies import Picture, Pictured, Reply, Say, Settle

_TALKATIVE = ("slack_bolt", "slack_sdk")
"""Loggers that write down whole bodies, people's words included, when they are let."""
_EVENT = "flowmend_reply"
"""The metadata type under which a reply's key travels with its message."""
_AROUND = 50
"""Newest messages of a thread that are looked through for a reply that may have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where the bot is installed, and how it is reached."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    """For events over HTTP; "" takes none."""
    app_token: str = field(default="", repr=False)
    """For Socket Mode; "" leaves it off."""
    api_url: str = HOME
    timeout: float
    """Seconds that one call may take."""
    now: Callable[[], datetime]


class SlackAdapter:
    """See `adapters.base.Adapter`."""

    name = PLATFORM

    def __init__(self, workspace: Workspace, pages: Pages) -> None:
        self._workspace = workspace
        self._pages = pages
        self._api: Api | None = None
        self._files: Files | None = None

    @asynccontextmanager
    async def connect(self, http: web.Application | None, handle: Handler) -> AsyncGenerator[None]:
        """See `Adapter.connect`."""
        here = self._workspace
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(_session(here.timeout))
            client = client_on(session, here.bot_token, here.api_url)
            api = self._api = Api(session, here.bot_token, here.api_url, here.now)
            self._files = Files(session, api, here.bot_token, _files_at(here.api_url))
            whispers = await stack.enter_async_context(Whispers(session, api))
            intake = Intake(handle, api, self._pages, Languages(api, here.now), whispers)
            app = bolt(client, Taking(intake.take, here.now))
            if http is not None and here.signing_secret:
                http.router.add_post(ROUTE, Door(app, here.signing_secret, here.now).enter)
            if here.app_token:
                await stack.enter_async_context(listening(app, client, here.app_token))
            yield

    async def send(self, place: Place, reply: Reply) -> Receipt:
        """See `Adapter.send`."""
        spot = spot_of(place.origin)
        if self._api is None:
            raise TryLater("not connected")
        if spot is None:
            raise Gone("nobody is there to be told")
        if isinstance(reply, Settle) or place.shown:
            return await self._change(self._api, spot, place, reply)
        if place.again and (arrived := await self._arrived(self._api, spot, place.key)):
            return Receipt(message=arrived)
        if isinstance(reply, Pictured):
            return await self._share(spot, place, reply, reply.picture)
        return await self._post(self._api, spot, place, reply)

    async def fetch(self, file: File) -> str:
        """See `adapters.base.Fetches`."""
        return await self._kept().text(file.route)

    async def picture(self, file: File) -> Picture:
        """See `adapters.base.Fetches`."""
        return await self._kept().picture(file)

    @property
    def largest_picture(self) -> int:
        """See `adapters.base.ShowsPictures`: Slack takes whatever we would hold in memory."""
        return LARGEST

    def _kept(self) -> Files:
        if self._files is None:
            raise TryLater("not connected")
        return self._files

    async def _share(self, spot: Spot, place: Place, reply: Say, picture: Picture) -> Receipt:
        """Share a picture with its words. Slack lets it carry no metadata: its name is our key."""
        await self._kept().share(
            picture,
            _name_of(place.key, picture),
            channel_id=spot.channel,
            thread_ts=spot.root or None,
            blocks=render(reply, spot)["blocks"],
        )
        return Receipt()

    async def _post(self, api: Api, spot: Spot, place: Place, reply: Reply) -> Receipt:
        spoken = place.origin.route.get("thread", spot.root)
        said = await api.write(
            "chat.postMessage",
            channel=spot.channel,
            thread_ts=spot.root or None,
            # Somebody answered beside the thread: there they look for what comes of it.
            reply_broadcast=True if spot.direct and spoken != spot.root else None,
            unfurl_links=False,
            unfurl_media=False,
            mrkdwn=False,
            metadata={"event_type": _EVENT, "event_payload": {"key": place.key}},
            **render(reply, spot),
        )
        return Receipt(message=str(said.get("ts", "")))

    async def _change(self, api: Api, spot: Spot, place: Place, reply: Reply) -> Receipt:
        if place.shown:  # else its question was never shown: there is nothing to change
            changed = render(reply, spot)
            await api.write("chat.update", channel=spot.channel, ts=place.shown, **changed)
        return Receipt()

    async def _arrived(self, api: Api, spot: Spot, key: str) -> str:
        """Return the `ts` of the message that carries `key`; "" when none does."""
        try:
            thread = await api.read(
                "conversations.replies" if spot.root else "conversations.history",
                channel=spot.channel,
                **({"ts": spot.root} if spot.root else {}),
                limit=str(_AROUND),
                include_all_metadata="true",
            )
        except Gone:  # the channel's history is not ours to read: better twice than never
            return ""
        found = thread.get("messages", ())
        carrying = (it["ts"] for it in found if _key_of(it) == key or _shares(it, key))
        return next(carrying, "")


def _session(timeout: float) -> aiohttp.ClientSession:
    """Everything that is asked of Slack goes the same way, through the environment's proxy too."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=timeout),
        cookie_jar=aiohttp.DummyCookieJar(),
        proxy=load_http_proxy_from_env(),
    )


def _key_of(message: Any) -> str:
    payload = ((message or {}).get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key", ""))


def _name_of(key: str, picture: Picture) -> str:
    return f"{_digest(key)}.{picture.type.removeprefix('image/')}"


def _shares(message: Any, key: str) -> bool:
    """Tell whether `message` shows the picture that was shared under `key`."""
    names = (file.get("name") for file in (message or {}).get("files") or ())
    return any(isinstance(it, str) and it.startswith(f"{_digest(key)}.") for it in names)


def _digest(key: str) -> str:
    return f"flowmend-{blake2b(key.encode(), digest_size=8).hexdigest()}"


def _files_at(api_url: str) -> str:
    """Return where files are kept: by Slack itself, or by the stand-in that is called instead."""
    return files.HOME if api_url == HOME else urljoin(api_url, "/")
