"""`flowmend serve` as its users run it: the program itself, reached through its ports."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.bot.program import COMMAND, Program
from tests.front_end import TOKEN, FrontEnd

SECONDS = 60
"""Nothing here takes that long, unless it hangs."""


@dataclass
class Served:
    """A service that runs."""

    process: asyncio.subprocess.Process
    session: aiohttp.ClientSession
    lines: list[dict[str, Any]] = field(default_factory=list)
    """Its log. Every line must be JSON."""
    raw: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> None:
        """Read its log until it ends."""
        assert self.process.stderr
        async for line in self.process.stderr:
            self.raw += line.decode()
            self.lines.append(json.loads(line))
            self._news.set()

    async def logs(self, so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for a line of the log that is `so`."""
        async with asyncio.timeout(SECONDS):
            while not (found := [line for line in self.lines if so(line)]):
                self._news.clear()
                await self._news.wait()
        return found[0]

    async def event(self, name: str) -> dict[str, Any]:
        """Wait for the first line of that name."""
        return await self.logs(lambda line: line["event"].startswith(name))

    def url(self, path: str, *, ops: bool = False) -> str:
        """Return the address of `path` at the public door, or at the other one."""
        listening = next(line for line in self.lines if line["event"] == "listening")
        return f"http://127.0.0.1:{listening['ops_port' if ops else 'port']}{path}"

    async def get(self, path: str, *, ops: bool = False) -> tuple[int, str]:
        """Return status and body."""
        async with self.session.get(self.url(path, ops=ops)) as response:
            return response.status, await response.text()

    async def post(self, **body: object) -> tuple[int, dict[str, Any], str | None]:
        """Post an event once; return status, body and when to come again."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = self.url("/http/events")
        async with self.session.post(url, json=body, headers=headers) as response:
            return response.status, await response.json(), response.headers.get("Retry-After")

    async def says(self, text: str, id: str = "1", who: str = "c") -> None:
        """Say `text`, which is taken."""
        status, body, _ = await self.post(id=id, conversation=who, user=who, text=text)
        assert (status, body) == (200, {})

    async def presses(
        self, front: FrontEnd, choice: str, id: str, who: str = "c"
    ) -> dict[str, Any]:
        """Press `choice` below the newest question; return the answer."""
        asked = [p for p in front.taken if p["conversation"] == who and "token" in p]
        token = asked[-1]["token"]
        press = {"id": id, "conversation": who, "user": who, "token": token, "choice": choice}
        status, body, _ = await self.post(**press)
        assert status == 200
        return body

    async def becomes(self, path: str, status: int) -> None:
        """Wait until `path` answers with `status`."""
        async with asyncio.timeout(SECONDS):
            while (await self.get(path))[0] != status:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send it `how` and return its exit code."""
        self.process.send_signal(how)
        async with asyncio.timeout(SECONDS):
            return await self.process.wait()


def set_up(program: Program, front: FrontEnd, **more: str) -> Program:
    """Return `program` with what `serve` needs, in a hurry."""
    return program.set(
        HTTP_TOKEN=TOKEN,
        HTTP_REPLY_URL=front.url,
        PORT="0",
        OPS_PORT="0",
        OUTBOX_POLL="50ms",
        **more,
    )


@asynccontextmanager
async def serving(program: Program) -> AsyncIterator[Served]:
    """Run it; at the end it is killed, if it has not ended."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "serve", stderr=asyncio.subprocess.PIPE, env=program.environment
    )
    async with aiohttp.ClientSession() as session:
        served = Served(process, session)
        reading = asyncio.create_task(served.read())
        try:
            await served.event("listening")
            yield served
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await reading
            await process.wait()
