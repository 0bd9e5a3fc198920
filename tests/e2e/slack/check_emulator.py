"""The whole program on a Slack that nobody here wrote (npm `emulate`), with real HTTP both ways.

That Slack sends no `app_mention`, no interactions and no `authorizations`: presses are posted here,
signed, made out of the messages that it keeps.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession

from tests.bot.program import COMMAND, Program
from tests.slack import bodies
from tests.slack.workspace import button, labels, sign

HERE = Path(__file__).parent
SECRET, BOT = "e2e-signing-secret", "<@UFLOWMEND>"
PASTE = "AADSTS50173: The provided grant has expired due to it being revoked. SharePoint"
_PATIENCE = 30.0

Json = dict[str, Any]


@dataclass
class World:
    """That Slack, and the program that serves it."""

    session: ClientSession
    slack: str
    bot: str
    people: dict[str, str]
    channel: str

    async def call(self, who: str, method: str, **arguments: object) -> Json:
        """Call a method of the Web API as somebody."""
        headers = {"Authorization": f"Bearer xoxp-{who}"}
        url = f"{self.slack}/api/{method}"
        async with self.session.post(url, json=arguments, headers=headers) as response:
            said: Json = await response.json()
        assert said["ok"], (method, said)
        return said

    async def thread(self, channel: str, root: str, count: int) -> list[Json]:
        """Return the bot's messages in a thread, as soon as there are `count`."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                found = await self.call("alice", "conversations.replies", channel=channel, ts=root)
                said = [it for it in found["messages"] if it.get("user") == "UFLOWMEND"]
                if len(said) >= count:
                    return said
                await asyncio.sleep(0.05)

    async def settled(self, channel: str, root: str, answer: str) -> Json:
        """Return the bot's message that shows `answer`, as soon as there is one."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                for message in await self.thread(channel, root, 1):
                    if f"✓ {answer}" in json.dumps(message, ensure_ascii=False):
                        return message
                await asyncio.sleep(0.05)

    async def press(self, who: str, channel: str, shown: Json, label: str) -> int:
        """Press a button; return what the bot answered."""
        body = bodies.press(self.people[who], channel, shown, button(shown, label), "")
        body |= {"team": {"id": shown.get("team", "T000000001"), "domain": "e"}, "response_url": ""}
        raw = urlencode({"payload": json.dumps(body)}).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(raw, stamp, SECRET),
        }
        async with self.session.post(self.bot, data=raw, headers=headers) as response:
            return response.status


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
        async with asyncio.timeout(_PATIENCE):
            said = (await process.stdout.readline()).decode().strip()
        assert said, "emulate did not start"
        yield f"http://localhost:{port}"  # by which it names its files, too
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def serving(home: Path, slack: str, port: int, **more: str) -> AsyncIterator[Path]:
    program = Program(home).set(
        SLACK_BOT_TOKEN="xoxb-e2e",
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_API_URL=f"{slack}/api/",
        PORT=str(port),
        OPS_PORT="0",
        DATABASE=f"sqlite:///{home / 'e2e.sqlite3'}",
        **more,
    )
    log = home / "log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, "serve", env=program.environment, stderr=out
        )
    try:
        async with asyncio.timeout(_PATIENCE):
            while '"listening"' not in log.read_text():
                assert process.returncode is None, log.read_text()
                await asyncio.sleep(0.05)
        yield log
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    slack_port, bot_port = free_port(), free_port()
    bot = f"http://127.0.0.1:{bot_port}/slack/events"
    async with (
        emulator(slack_port, bot) as slack,
        serving(tmp_path, slack, bot_port) as log,
        ClientSession() as session,
    ):
        world = World(session, slack, bot, {}, "")
        channels = (await world.call("alice", "conversations.list"))["channels"]
        world.channel = next(it["id"] for it in channels if it["name"] == "help")
        for who in ("alice", "bob"):
            world.people[who] = (await world.call(who, "auth.test"))["user_id"]
        yield world
        assert "Traceback" not in log.read_text()


async def test_a_channel_from_the_first_word_to_a_person(world: World) -> None:
    said = await world.call(
        "alice", "chat.postMessage", channel=world.channel, text=f"{BOT} {PASTE}"
    )
    root = said["ts"]
    (card,) = await world.thread(world.channel, root, 1)
    assert "AADSTS50173" in card["text"]
    assert {"Done", "Still failing"} <= set(labels(card))

    assert await world.press("alice", world.channel, card, "Done") == 200
    done = await world.settled(world.channel, root, "Done")
    assert done["ts"] == card["ts"], "updated in place"
    assert "Still failing" not in labels(done)

    second = (await world.thread(world.channel, root, 2))[-1]
    assert await world.press("alice", world.channel, second, "Talk to a person") == 200
    texts = [it["text"] for it in await world.thread(world.channel, root, 4)]
    assert "FM-1" in texts[-1]


async def test_a_thread_goes_on_in_words(world: World) -> None:
    said = await world.call(
        "alice", "chat.postMessage", channel=world.channel, text=f"{BOT} {PASTE}"
    )
    await world.thread(world.channel, said["ts"], 1)

    await world.call(
        "alice", "chat.postMessage", channel=world.channel, text="done", thread_ts=said["ts"]
    )
    await world.call(
        "bob", "chat.postMessage", channel=world.channel, text="mine too", thread_ts=said["ts"]
    )

    await world.settled(world.channel, said["ts"], "Done")
    assert len(await world.thread(world.channel, said["ts"], 2)) == 2


async def test_a_double_press_is_one_step(world: World) -> None:
    said = await world.call(
        "alice", "chat.postMessage", channel=world.channel, text=f"{BOT} {PASTE}"
    )
    (card,) = await world.thread(world.channel, said["ts"], 1)

    for _ in range(2):
        assert await world.press("alice", world.channel, card, "Done") == 200

    *_, last = await world.thread(world.channel, said["ts"], 3)
    assert "earlier question" in last["text"]


async def test_a_direct_message(world: World) -> None:
    opened = await world.call("alice", "conversations.open", users="UFLOWMEND")
    channel = opened["channel"]["id"]

    said = await world.call(
        "alice", "chat.postMessage", channel=channel, text="비밀번호를 바꾼 뒤로 흐름이 실패해요"
    )

    (card,) = await world.thread(channel, said["ts"], 1)
    assert "완료" in labels(card)
    assert await world.press("alice", channel, card, "담당자와 이야기하기") == 200
    assert await world.settled(channel, said["ts"], "담당자와 이야기하기")


async def test_a_log_as_a_file(world: World) -> None:
    raw = b"line\n" * 2_000 + PASTE.encode()
    got = await world.call(
        "alice", "files.getUploadURLExternal", filename="log.txt", length=len(raw)
    )
    async with world.session.post(got["upload_url"], data=raw) as response:
        assert response.status == 200

    await world.call(
        "alice",
        "files.completeUploadExternal",
        files=[{"id": got["file_id"], "title": "log.txt"}],
        channel_id=world.channel,
        initial_comment=f"{BOT} here is the log",
    )

    async with asyncio.timeout(_PATIENCE):
        while True:
            found = await world.call("alice", "conversations.history", channel=world.channel)
            said = next((it for it in found["messages"] if "here is the log" in it["text"]), None)
            if said:
                break
    texts = ""
    async with asyncio.timeout(_PATIENCE):
        while "AADSTS50173" not in texts:
            texts = " ".join(it["text"] for it in await world.thread(world.channel, said["ts"], 1))
            await asyncio.sleep(0.05)


async def shared(world: World, name: str, raw: bytes, **where: str) -> None:
    """Let Alice share a file."""
    got = await world.call("alice", "files.getUploadURLExternal", filename=name, length=len(raw))
    async with world.session.post(got["upload_url"], data=raw) as response:
        assert response.status == 200
    files = [{"id": got["file_id"], "title": name}]
    await world.call("alice", "files.completeUploadExternal", files=files, **where)


async def test_a_picture_reaches_the_desk(tmp_path: Path) -> None:
    slack_port, bot_port = free_port(), free_port()
    bot = f"http://127.0.0.1:{bot_port}/slack/events"
    async with emulator(slack_port, bot) as slack, ClientSession() as session:
        world = World(session, slack, bot, {}, "")
        channels = (await world.call("alice", "conversations.list"))["channels"]
        ids = {it["name"]: it["id"] for it in channels}
        team = (await world.call("alice", "auth.test"))["team_id"]
        world.people["alice"] = (await world.call("alice", "auth.test"))["user_id"]
        world.channel = ids["help"]
        desks = f"slack:{team}:{ids['desk']} team support"
        async with serving(tmp_path, slack, bot_port, DESKS=desks) as log:
            said = await world.call(
                "alice", "chat.postMessage", channel=world.channel, text=f"{BOT} {PASTE}"
            )
            (card,) = await world.thread(world.channel, said["ts"], 1)
            assert await world.press("alice", world.channel, card, "Talk to a person") == 200
            await world.thread(world.channel, said["ts"], 3)

            picture = b"\x89PNG\r\n\x1a\n" + bytes(200)
            where = {"channel_id": world.channel, "thread_ts": said["ts"]}
            await shared(world, "shot.png", picture, **where, initial_comment="like this")

            found: list[Json] = []
            async with asyncio.timeout(_PATIENCE):
                while not found:
                    below = await world.call(
                        "alice", "conversations.history", channel=ids["desk"], limit=50
                    )
                    threads = [it["ts"] for it in below["messages"]]
                    for ts in threads:
                        replies = await world.call(
                            "alice", "conversations.replies", channel=ids["desk"], ts=ts
                        )
                        found += [it for it in replies["messages"] if it.get("files")]
                    await asyncio.sleep(0.1)
            assert found[0]["files"][0]["title"] == "shot.png"
            assert "Traceback" not in log.read_text()


async def test_talk_of_the_channel_is_left_alone(world: World) -> None:
    said = await world.call(
        "bob", "chat.postMessage", channel=world.channel, text="401 Unauthorized again"
    )
    asked = await world.call(
        "alice", "chat.postMessage", channel=world.channel, text=f"{BOT} {PASTE}"
    )

    await world.thread(world.channel, asked["ts"], 1)
    assert not await world.thread(world.channel, said["ts"], 0)
