"""The whole program on a Slack that nobody here wrote (npm `emulate`), with real HTTP both ways.

That Slack sends no `app_mention`, no interactions and no `authorizations`: presses and windows are
posted here, signed, made out of the messages and windows that it keeps.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import ClientSession

from tests.bot.program import COMMAND, Program
from tests.slack import bodies
from tests.slack.workspace import button, sign

HERE = Path(__file__).parent
SECRET, BOT, TEAM = "e2e-signing-secret", "<@UFLOWMEND>", "T000000001"
PASTE = "AADSTS50173: The provided grant has expired due to it being revoked. SharePoint"
PATIENCE = 30.0

Json = dict[str, Any]
T = TypeVar("T")


@dataclass
class World:
    """That Slack, and the program that serves it."""

    session: ClientSession
    slack: str
    bot: str
    people: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)

    async def look_around(self) -> None:
        """Learn the ids of people and channels."""
        for channel in (await self.call("alice", "conversations.list"))["channels"]:
            self.channels[channel["name"]] = channel["id"]
        for who in ("alice", "bob"):
            self.people[who] = (await self.call(who, "auth.test"))["user_id"]

    async def call(self, who: str, method: str, **arguments: object) -> Json:
        """Call a method of the Web API as somebody, or as the bot."""
        token = "xoxb-e2e" if who == "bot" else f"xoxp-{who}"
        url = f"{self.slack}/api/{method}"
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(url, json=arguments, headers=headers) as response:
            said: Json = await response.json()
        assert said["ok"], (method, said)
        return said

    async def says(self, who: str, channel: str, text: str, root: str = "") -> str:
        """Let `who` write `text`, below `root` if there is one; return its `ts`."""
        below = {"thread_ts": root} if root else {}
        said = await self.call(who, "chat.postMessage", channel=channel, text=text, **below)
        return str(said["ts"])

    async def thread(self, channel: str, root: str, count: int) -> list[Json]:
        """Return the bot's messages in a thread, as soon as there are `count`."""

        async def those() -> list[Json] | None:
            found = await self.call("alice", "conversations.replies", channel=channel, ts=root)
            said = [it for it in found["messages"] if it.get("user") == "UFLOWMEND"]
            return said if len(said) >= count else None

        return await eventually(those, f"{count} messages below {root}")

    async def shows(self, channel: str, root: str, text: str) -> Json:
        """Return the bot's newest message of a thread with `text` in it, once there is one."""

        async def that() -> Json | None:
            said = await self.thread(channel, root, 0)
            return next((it for it in reversed(said) if text in words(it)), None)

        return await eventually(that, text)

    async def settled(self, channel: str, root: str, answer: str) -> Json:
        """Return the bot's message that shows `answer`, as soon as there is one."""
        return await self.shows(channel, root, f"✓ {answer}")

    async def cards(self, channel: str, text: str) -> list[Json]:
        """Return what the bot has posted in `channel` with `text` in it, and below nothing."""
        found = await self.call("alice", "conversations.history", channel=channel, limit=100)
        posts = (it for it in found["messages"] if it.get("user") == "UFLOWMEND")
        tops = (it for it in posts if it.get("thread_ts", it["ts"]) == it["ts"])
        return [it for it in tops if text in words(it)]

    async def card(self, channel: str, *texts: str) -> Json:
        """Return the one card with all `texts` on it, as soon as there is one."""

        async def that() -> Json | None:
            found = await self.cards(channel, texts[0])
            assert len(found) < 2, "one card"
            return found[0] if found and all(it in words(found[0]) for it in texts) else None

        return await eventually(that, " & ".join(texts))

    async def whisper(self, who: str, text: str) -> Json:
        """Return what `who` alone is shown with `text` in it, as soon as there is that."""
        return await self._shown("whispers", "target_user", who, text)

    async def window(self, who: str, text: str) -> Json:
        """Return the window that was opened for `who` with `text` in it."""
        return await self._shown("windows", "user_id", who, text)

    async def _shown(self, kind: str, whose: str, who: str, text: str) -> Json:
        async def that() -> Json | None:
            async with self.session.get(f"{self.slack}/shown") as response:
                found: list[Json] = (await response.json())[kind]
            theirs = (it for it in reversed(found) if it[whose] == self.people[who])
            return next((it for it in theirs if text in words(it)), None)

        return await eventually(that, text)

    async def press(self, who: str, channel: str, shown: Json, label: str) -> int:
        """Press a button; return what the bot answered."""
        user = self.people[who]
        trigger = await self.call("bot", "views.generateTriggerId", user_id=user)
        body = bodies.press(user, channel, shown, button(shown, label), "")
        body["actions"][0]["action_ts"] = f"{time.time():.6f}"
        return await self._post({**body, "trigger_id": trigger["trigger_id"], "response_url": ""})

    async def submit(self, who: str, window: Json, text: str) -> int:
        """Write `text` into a window and send it; return what the bot answered."""
        body = bodies.interaction("view_submission", self.people[who], "", "")
        values = {"words": {"words": {"type": "plain_text_input", "value": text}}}
        view = {**window, "id": window["view_id"], "state": {"values": values}}
        without = ("channel", "response_url")
        return await self._post(
            {**{k: v for k, v in body.items() if k not in without}, "view": view}
        )

    async def _post(self, body: Json) -> int:
        home = {"team": {"id": TEAM, "domain": "e"}, "user": {**body["user"], "team_id": TEAM}}
        raw = urlencode({"payload": json.dumps(body | home)}).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(raw, stamp, SECRET),
        }
        async with self.session.post(self.bot, data=raw, headers=headers) as response:
            return response.status


def words(shown: Json) -> str:
    """Return all that a message or a window says; a row of a table is a line."""
    return "\n".join("".join(_texts(block)) for block in shown.get("blocks") or ())


def _texts(part: object) -> list[str]:
    if isinstance(part, list):
        return [text for each in part for text in _texts(each)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) else _texts(part.get("text"))
    deeper = [text for key in ("elements", "fields", "label") for text in _texts(part.get(key))]
    ends = ["\n"] if part.get("type") in ("rich_text_section", "button") else []
    return [*own, *deeper, *ends]


async def eventually(ask: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Return what `ask` finds, as soon as it finds `what`."""
    until = time.monotonic() + PATIENCE
    while (found := await ask()) is None:
        assert time.monotonic() < until, f"it never came: {what}"
        await asyncio.sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@asynccontextmanager
async def emulator(port: int, bot: str) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        *("node", str(HERE / "emulator.mjs"), str(port), bot), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        async with asyncio.timeout(PATIENCE):
            said = (await process.stdout.readline()).decode().strip()
        assert said, "emulate did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def serving(home: Path, slack: str, port: int, administrator: str) -> AsyncIterator[Path]:
    program = Program(home).set(
        SLACK_BOT_TOKEN="xoxb-e2e",
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_API_URL=f"{slack}/api/",
        ADMINISTRATORS=f"slack:{administrator}",
        PORT=str(port),
        OPS_PORT="0",
        DATABASE=f"sqlite:///{home / 'e2e.sqlite3'}",
    )
    log = home / "log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, "serve", env=program.environment, stderr=out
        )
    try:
        async with asyncio.timeout(PATIENCE):
            while '"listening"' not in log.read_text():
                assert process.returncode is None, log.read_text()
                await asyncio.sleep(0.05)
        yield log
    finally:
        process.terminate()
        await process.wait()
