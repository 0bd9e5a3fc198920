"""People in a workspace, and Slack between them and the bot."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession

from tests.slack import bodies
from tests.slack.bodies import Json
from tests.slack.web_api import BOT, WebApi

SECRET = "a-signing-secret-of-the-tests"
MENTION = f"<@{BOT}>"


def sign(raw: bytes, stamp: str, secret: str = SECRET) -> str:
    """Return Slack's signature of `raw`."""
    base = b"v0:" + stamp.encode() + b":" + raw
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@dataclass
class Workspace:
    """Posts to the bot at `bot` whatever people do, as Slack does."""

    api: WebApi
    session: ClientSession
    bot: str
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Status and body of every answer of the bot's."""

    async def post(self, raw: bytes | BytesIO, kind: str, **headers: str) -> tuple[int, str]:
        """Post `raw`, signed if it is bytes, with `headers` over the usual ones."""
        stamp = str(int(time.time()))
        signed = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp}
        if isinstance(raw, bytes):
            signed["X-Slack-Signature"] = sign(raw, stamp)
        signed |= headers
        async with self.session.post(self.bot, data=raw, headers=signed) as response:
            self.answers.append((response.status, await response.text()))
        return self.answers[-1]

    async def event(self, body: Mapping[str, Any]) -> tuple[int, str]:
        """Post an event, as often as Slack does: until it is taken, four times at most."""
        answer = await self._event(body)
        for retry in (1, 2, 3):
            if answer[0] < 300:
                break
            answer = await self._event(body, retry)
        return answer

    async def _event(self, body: Mapping[str, Any], retry: int = 0) -> tuple[int, str]:
        again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_error"}
        raw = json.dumps(body).encode()
        return await self.post(raw, "application/json", **(again if retry else {}))

    async def interact(self, body: Json) -> tuple[int, str]:
        """Post an interaction, once."""
        raw = urlencode({"payload": json.dumps(body)}).encode()
        return await self.post(raw, "application/x-www-form-urlencoded")

    async def says(self, user: str, channel: str, text: str, root: str = "", **more: Any) -> Json:
        """Let `user` write something; in a channel a mention is told of twice."""
        thread = {"thread_ts": root} if root else {}
        said = bodies.message(user, channel, text, self.api.ts(), **thread, **more)
        self.api.messages[channel].append(said)
        if MENTION in text and channel[0] != "D":
            await self.event(bodies.envelope(bodies.mention_of(said)))
        await self.event(bodies.envelope(said))
        return said

    async def edits(self, said: Json, text: str) -> None:
        """Let the author of `said` edit it."""
        await self.event(bodies.envelope(bodies.edited(said, text, self.api.ts())))

    async def deletes(self, said: Json) -> None:
        """Let the author of `said` delete it."""
        await self.event(bodies.envelope(bodies.deleted(said, self.api.ts())))

    async def presses(self, user: str, channel: str, shown: Json, label: str) -> Json:
        """Let `user` press the button `label` of the message `shown`; return what was sent."""
        body = bodies.press(user, channel, shown, button(shown, label), self.api.url)
        await self.interact(body)
        return body

    async def picks(self, user: str, channel: str, shown: Json, picked: str, root: str) -> None:
        """Let `user` pick somebody from the list of people on the message `shown`."""
        body = bodies.pick(user, channel, shown, picked, self.api.url)
        body["container"]["thread_ts"] = root
        await self.interact(body)

    async def commands(self, user: str, text: str) -> Json:
        """Let `user` type `/flowmend TEXT`; return what they alone are shown."""
        raw = urlencode(bodies.command(user, text, self.api.url)).encode()
        status, said = await self.post(raw, "application/x-www-form-urlencoded")
        assert status == 200, said
        shown: Json = json.loads(said)
        return shown


def button(shown: Json, label: str) -> Json:
    """Return the button `label` of a message."""
    for block in shown.get("blocks", ()):
        for element in block.get("elements", ()):
            if element.get("type") == "button" and element["text"]["text"] == label:
                found: Json = element
                return found
    raise AssertionError(f"there is no button [{label}] on: {shown.get('text')}")


def labels(shown: Json) -> list[str]:
    """Return the labels of the buttons of a message."""
    rows = [block for block in shown.get("blocks", ()) if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]
