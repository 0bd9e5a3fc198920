"""The processes that are measured, and those that measure."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.process import Process
from tests.bot.program import COMMAND, Program
from tests.front_end import TOKEN

_SECONDS = 30.0
"""Until a process that was started must be ready, or one that was stopped gone."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that takes events."""

    url: str
    """Where they are posted."""
    process: Process


class Arrivals:
    """When the first reply to each event came to the front end."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/replies"
        self._expected: dict[str, asyncio.Future[float]] = {}

    def expect(self, event: str) -> asyncio.Future[float]:
        """Return what becomes the moment at which the reply to `event` comes."""
        return self._expected.setdefault(event, asyncio.get_running_loop().create_future())

    async def listen(self, lines: asyncio.StreamReader) -> None:
        """Hear of replies until there are no more: `MOMENT http:LENGTH:CONVERSATION:EVENT:N`."""
        while line := await lines.readline():
            moment, _, id = line.decode().partition(" ")
            waiting = self._expected.pop(id.split(":")[3], None)
            if waiting and not waiting.done():
                waiting.set_result(float(moment))


@dataclass(frozen=True, slots=True)
class Log:
    """What a service writes."""

    file: Path

    @property
    def text(self) -> str:
        """Return all of it."""
        return self.file.read_text()

    @property
    def port(self) -> int | None:
        """Return where the service listens; None as long as it does not."""
        lines = (line for line in self.text.splitlines(keepends=True) if line.endswith("}\n"))
        said = (json.loads(line) for line in lines)
        return next((int(it["port"]) for it in said if it["event"] == "listening"), None)


@asynccontextmanager
async def front_end() -> AsyncIterator[Arrivals]:
    """Run a front end and yield what it hears."""
    async with python("tests.bench.front") as (_, port, lines):
        arrivals = Arrivals(port)
        listening = asyncio.create_task(arrivals.listen(lines))
        try:
            yield arrivals
        finally:
            listening.cancel()


@asynccontextmanager
async def bare(database: str) -> AsyncIterator[Server]:
    """Run the bare handler on `database`."""
    async with python("tests.bench.bare", database) as (pid, port, _):
        yield Server(f"http://127.0.0.1:{port}/http/events", Process(pid))


@asynccontextmanager
async def serving(home: Path, settings: Mapping[str, str], replies: str) -> AsyncIterator[Server]:
    """Run `flowmend serve` with a log in `home`; its replies go to the address `replies`."""
    program = Program(home).set(
        HTTP_TOKEN=TOKEN, HTTP_REPLY_URL=replies, PORT="0", OPS_PORT="0", **settings
    )
    log = Log(home / "log")
    with log.file.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, "serve", env=program.environment, stderr=out
        )
    try:
        async with asyncio.timeout(_SECONDS):
            while not (port := log.port):
                assert process.returncode is None, log.text
                await asyncio.sleep(0.02)
        yield Server(f"http://127.0.0.1:{port}/http/events", Process(process.pid))
    finally:
        await _end(process)


@asynccontextmanager
async def python(module: str, *args: str) -> AsyncIterator[tuple[int, int, asyncio.StreamReader]]:
    """Run one of our own modules; yield its id, its port and the rest of its output."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *args), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    try:
        async with asyncio.timeout(_SECONDS):
            port = int(await process.stdout.readline())
        yield process.pid, port, process.stdout
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    async with asyncio.timeout(_SECONDS):
        await process.wait()
