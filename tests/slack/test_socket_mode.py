"""Socket Mode: the same events over a connection that is lost now and then."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from aiohttp import WSMsgType, web

from tests.slack import bodies
from tests.slack.bodies import Json
from tests.slack.town import PASTE, Town, town


@dataclass
class Socket:
    """Slack's end: sends an envelope again, on the next connection, until it is acknowledged."""

    connections: int = 0
    acknowledged: dict[str, Json] = field(default_factory=dict)
    sent: dict[str, Json] = field(default_factory=dict)
    now: web.WebSocketResponse | None = None
    _number: count[int] = field(default_factory=lambda: count(1))

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one connection."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self.now = socket
        await socket.send_json({"type": "hello", "num_connections": 1})
        for id, envelope in self.sent.items():
            if id not in self.acknowledged:
                await socket.send_json(envelope)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                answer = message.json()
                self.acknowledged[answer["envelope_id"]] = answer.get("payload", {})
        return socket

    async def send(self, kind: str, payload: Json, id: str = "") -> str:
        """Send one envelope and return its id."""
        id = id or f"envelope-{next(self._number)}"
        assert self.now
        answers = kind != "events_api"
        envelope = {"type": kind, "payload": payload, "accepts_response_payload": answers}
        self.sent[id] = {"envelope_id": id, **envelope}
        with suppress(ConnectionError):
            await self.now.send_json(self.sent[id])
        return id


async def connected(slack: Town) -> Socket:
    socket = Socket()
    slack.api.socket = socket.serve
    await slack.eventually(lambda: socket.now)
    return socket


async def test_events_presses_and_commands_come_over_the_socket(tmp_path: Path) -> None:
    async with town(tmp_path, socket=True) as slack:
        socket = await connected(slack)
        said = bodies.message("U1", "D1", PASTE, slack.api.ts())

        sent = await socket.send("events_api", bodies.envelope(said))
        await slack.eventually(lambda: sent in socket.acknowledged)
        (card,) = await slack.thread("D1")
        button = card["blocks"][-1]["elements"][0]
        await socket.send("interactive", bodies.press("U1", "D1", card, button, slack.api.url))
        sent = await socket.send("slash_commands", bodies.command("U1", "help", slack.api.url))
        await slack.eventually(lambda: sent in socket.acknowledged)

        assert "mention me" in socket.acknowledged[sent]["text"]
        await slack.eventually(lambda: "✓ Done" in slack.api.by_bot("D1")[0]["text"])


async def test_there_is_no_door_for_http_then(tmp_path: Path) -> None:
    async with town(tmp_path, socket=True) as slack:
        await connected(slack)

        assert (await slack.workspace.post(b"{}", "application/json"))[0] == 404


async def test_a_lost_connection_is_opened_again_and_nothing_is_done_twice(tmp_path: Path) -> None:
    async with town(tmp_path, socket=True) as slack:
        socket = await connected(slack)
        body = bodies.envelope(bodies.message("U1", "D1", PASTE, slack.api.ts()))
        await socket.send("events_api", body, "envelope-a")
        await slack.quiet()

        assert socket.now
        await socket.now.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await socket.now.close()
        await slack.eventually(lambda: socket.connections >= 2)
        while "envelope-b" not in socket.acknowledged:  # the first ones may meet the old connection
            await socket.send("events_api", body, "envelope-b")
            await asyncio.sleep(0.2)

        assert len(await slack.thread("D1")) == 1


async def test_what_cannot_be_stored_is_not_acknowledged(tmp_path: Path) -> None:
    async with town(tmp_path, socket=True) as slack:
        socket = await connected(slack)
        await slack.courier.stop()

        sent = await socket.send(
            "events_api", bodies.envelope(bodies.message("U1", "D1", PASTE, slack.api.ts()))
        )
        await asyncio.sleep(0.3)

        assert sent not in socket.acknowledged


async def test_the_service_starts_while_slack_is_away(tmp_path: Path) -> None:
    async with town(tmp_path, socket=True) as slack:
        slack.api.socket = None

        assert slack.courier.at_work
