"""Our whole turn through Slack beside bare Bolt with `say`, in the same run.

A turn is a signed event that is acknowledged, and the reply at Slack's end. Ours is verified, read,
stored in SQLite, decided on, rendered, posted, and the card of an answered question changed; Bolt's
posts one word. Both are driven alike: so many people, each waiting for the reply.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from aiohttp import ClientSession, TCPConnector

from tests.bench import mix
from tests.bench.drive import Figures, percentile
from tests.bench.process import Process
from tests.bench.report import row
from tests.bench.running import Server, python, serving
from tests.slack import bodies
from tests.slack.workspace import sign

_TURNS, _WARM_UP, _ROUNDS, _PEOPLE = 2_000, 200, 3, 16
_CONVERSATIONS = 200
_SECRET = "bench-secret"
_PATIENCE = 30.0
_AIMS = {"default": 1.0, "shared": 0.4}
"""Our turns a second, as a share of those of Bolt with each client."""


@dataclass(frozen=True)
class Event:
    """A message, ready to be posted."""

    ts: str
    raw: bytes


def measure(scale: float) -> None:
    """Print turns a second, times and processor time of ours and of Bolt's."""
    with TemporaryDirectory(prefix="flowmend-bench-") as folder:
        asyncio.run(_measure(scale, Path(folder)))


async def _measure(scale: float, folder: Path) -> None:
    def of(full: int) -> int:
        return max(20, round(full * scale))

    rates: dict[str, list[Figures]] = {}
    async with AsyncExitStack() as stack:
        arrivals, api = await stack.enter_async_context(_slack())
        servers = {
            name: await stack.enter_async_context(_bolt(api, name))
            for name in ("default", "shared")
        }
        servers["ours"] = await stack.enter_async_context(_ours(folder, api))
        said = {name: _messages(name) for name in servers}
        for name, server in servers.items():
            await _drive(server, said[name], arrivals, of(_WARM_UP))
        for _ in range(max(1, round(_ROUNDS * scale))):
            for name, server in servers.items():
                figures = await _drive(server, said[name], arrivals, of(_TURNS))
                rates.setdefault(name, []).append(figures)
        row("Slack, memory", f"{servers['ours'].process.most_memory:.0f} MB")
    _report(rates)


def _report(rates: dict[str, list[Figures]]) -> None:
    titles = {"default": "Bolt + say", "shared": "Bolt + say, shared session", "ours": "ours"}
    for name, title in titles.items():
        row(f"Slack, {title}", _speeds(sorted(rates[name], key=lambda it: it.rate)))
    for name, aim in _AIMS.items():
        pairs = zip(rates["ours"], rates[name], strict=True)
        ratio = statistics.median(ours.rate / theirs.rate for ours, theirs in pairs)
        row(f"Slack, ours of {titles[name]}", f"{ratio:.0%} (aim {aim:.0%})")


def _speeds(rounds: list[Figures]) -> str:
    figures = rounds[len(rounds) // 2]
    acknowledged, answered = (
        f"p50 {percentile(it, 50) * 1000:.1f} p99 {percentile(it, 99) * 1000:.1f} ms"
        for it in (figures.acknowledged, figures.answered)
    )
    cost = f"{figures.cost * 1000:.2f} ms CPU a turn"
    return f"{figures.rate:,.0f} turns/s, 2xx {acknowledged}, reply {answered}, {cost}"


def _messages(run: str) -> Iterator[Event]:
    """Yield messages without end, from people who each have one thread with the bot."""
    conversations = [f"{run}.{n}" for n in range(_CONVERSATIONS)]
    numbers = {name: n for n, name in enumerate(conversations)}
    # Said today: of words from long ago all that was to be done later would be due at once.
    now = int(time.time())
    for n, turn in enumerate(mix.turns(run, conversations)):
        said = json.loads(turn.body)
        who = numbers.setdefault(said["conversation"], len(numbers))
        ts = f"{now}.{n:06}"
        user, root = f"U{run.upper()}{who}", f"{now - 60}.{who:06}"
        event = bodies.message(user, f"D{who}", said["text"], ts, thread_ts=root)
        yield Event(ts, json.dumps(bodies.envelope(event)).encode())


Arrivals = dict[str, asyncio.Future[float]]


@asynccontextmanager
async def _slack() -> AsyncIterator[tuple[Arrivals, str]]:
    """Run Slack's end; yield what it hears, and its address."""
    async with python("tests.bench.slack_api") as (_, port, lines):
        arrivals: Arrivals = {}

        async def listen() -> None:
            while line := await lines.readline():
                moment, ts = line.decode().split()
                waiting = arrivals.pop(ts, None)
                if waiting and not waiting.done():
                    waiting.set_result(float(moment))

        listening = asyncio.create_task(listen())
        yield arrivals, f"http://127.0.0.1:{port}/api/"
        listening.cancel()


@asynccontextmanager
async def _bolt(api: str, kind: str) -> AsyncIterator[Server]:
    async with python("tests.bench.bolt", api, _SECRET, kind) as (pid, port, _):
        yield Server(f"http://127.0.0.1:{port}/slack/events", Process(pid))


@asynccontextmanager
async def _ours(folder: Path, api: str) -> AsyncIterator[Server]:
    settings = {
        "DATABASE": f"sqlite:///{folder / 'flowmend.sqlite3'}",
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": _SECRET,
        "SLACK_API_URL": api,
    }
    async with serving(folder, settings, "http://127.0.0.1:9/unused") as server:
        yield replace(server, url=server.url.replace("/http/", "/slack/"))


async def _drive(server: Server, said: Iterator[Event], arrivals: Arrivals, count: int) -> Figures:
    figures, todo, before = Figures(), islice(said, count), server.process.cpu
    started = perf_counter()
    async with ClientSession(connector=TCPConnector(limit=0)) as session:

        async def person() -> None:
            for event in todo:
                await _take(session, server.url, event, arrivals, figures)

        await asyncio.gather(*(person() for _ in range(_PEOPLE)))
    figures.seconds = perf_counter() - started
    figures.cpu = server.process.cpu - before
    return figures


async def _take(
    session: ClientSession, url: str, event: Event, arrivals: Arrivals, figures: Figures
) -> None:
    arrival = arrivals.setdefault(event.ts, asyncio.get_running_loop().create_future())
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(event.raw, stamp, _SECRET),
    }
    posted = perf_counter()
    async with session.post(url, data=event.raw, headers=headers) as response:
        await response.read()
    assert response.status == 200, response.status
    figures.acknowledged.append(perf_counter() - posted)
    async with asyncio.timeout(_PATIENCE):
        figures.answered.append(await arrival - posted)
