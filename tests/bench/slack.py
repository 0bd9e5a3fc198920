"""Our whole turn through Slack beside bare Bolt with `say`, in the same run.

A turn is a signed event that is acknowledged, and the reply at Slack's end. Ours is verified, read,
stored in SQLite, decided on, rendered, posted, and the card of an answered question changed; Bolt's
posts one word. Both are driven alike: so many people, each waiting for the reply, mention the bot
in threads of a channel. In direct messages Bolt would also look through the thread, with a call of
its own: what is compared is `say` alone. Slack's end speaks TLS, as Slack does: whoever opens a
connection for each call pays for that.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
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
from tests.slack.workspace import MENTION, sign

_TURNS, _WARM_UP, _ROUNDS = 2_000, 200, 3
_PEOPLE, _THREADS = 16, 12
"""Who speak at the same time; threads that each of them has with the bot."""
_SECRET = "bench-secret"
_PATIENCE = 30.0
_TRUSTED = "SSL_CERT_FILE"
"""Where OpenSSL looks for whom to trust."""
_AIMS = {"default": 1.0, "shared": 0.4}
"""Our turns a second, as a share of those of Bolt with each client."""


@dataclass(frozen=True)
class Event:
    """A message, ready to be posted."""

    ts: str
    raw: bytes


@dataclass
class Driven(Figures):
    """What came of some turns with Slack."""

    calls: int = 0
    """Of the Web API."""


@dataclass
class Slack:
    """Slack's end."""

    url: str
    calls: int = 0
    """Of the Web API, so far."""
    arrivals: dict[str, asyncio.Future[float]] = field(default_factory=dict)
    """When each message that is waited for was answered, by its `ts`."""

    async def listen(self, lines: asyncio.StreamReader) -> None:
        """Hear of answers until there are no more."""
        while line := await lines.readline():
            moment, ts, calls = line.decode().split()
            self.calls = int(calls)
            waiting = self.arrivals.pop(ts, None)
            if waiting and not waiting.done():
                waiting.set_result(float(moment))


def measure(scale: float) -> None:
    """Print turns a second, times and processor time of ours and of Bolt's."""
    with TemporaryDirectory(prefix="flowmend-bench-") as folder:
        asyncio.run(_measure(scale, Path(folder)))


async def _measure(scale: float, folder: Path) -> None:
    def of(full: int) -> int:
        return max(20, round(full * scale))

    rates: dict[str, list[Driven]] = {}
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(_slack(folder / "slack.pem"))
        servers = {
            name: await stack.enter_async_context(_bolt(slack.url, name))
            for name in ("default", "shared")
        }
        servers["ours"] = await stack.enter_async_context(_ours(folder, slack.url))
        said = {name: _people(name) for name in servers}
        for name, server in servers.items():
            await _drive(server, said[name], slack, of(_WARM_UP))
        for _ in range(max(1, round(_ROUNDS * scale))):
            for name, server in servers.items():
                figures = await _drive(server, said[name], slack, of(_TURNS))
                rates.setdefault(name, []).append(figures)
        row("Slack, memory", f"{servers['ours'].process.most_memory:.0f} MB")
    _report(rates)


def _report(rates: dict[str, list[Driven]]) -> None:
    titles = {"default": "Bolt + say", "shared": "Bolt + say, shared session", "ours": "ours"}
    for name, title in titles.items():
        row(f"Slack, {title}", _speeds(sorted(rates[name], key=lambda it: it.rate)))
    for name, aim in _AIMS.items():
        pairs = zip(rates["ours"], rates[name], strict=True)
        ratio = statistics.median(ours.rate / theirs.rate for ours, theirs in pairs)
        row(f"Slack, ours of {titles[name]}", f"{ratio:.0%} (aim {aim:.0%})")


def _speeds(rounds: list[Driven]) -> str:
    figures = rounds[len(rounds) // 2]
    acknowledged, answered = (
        f"p50 {percentile(it, 50) * 1000:.1f} p99 {percentile(it, 99) * 1000:.1f} ms"
        for it in (figures.acknowledged, figures.answered)
    )
    calls = figures.calls / len(figures.acknowledged)
    cost = f"{figures.cost * 1000:.2f} ms CPU and {calls:.1f} calls a turn"
    return f"{figures.rate:,.0f} turns/s, 2xx {acknowledged}, reply {answered}, {cost}"


def _people(run: str) -> list[Iterator[Event]]:
    """Return what each person says: in threads of their own, and never while they wait."""
    numbers, known = count(), dict[str, int]()
    return [_messages(f"{run}.{n}", numbers, known) for n in range(_PEOPLE)]


def _messages(run: str, numbers: Iterator[int], known: dict[str, int]) -> Iterator[Event]:
    """Yield messages without end; `known` numbers the conversations of all people."""
    # Said today: of words from long ago all that was to be done later would be due at once.
    now = int(time.time())
    for turn in mix.turns(run, [f"{run}.{n}" for n in range(_THREADS)]):
        said = json.loads(turn.body)
        who = known.setdefault(said["conversation"], len(known))
        ts, root = f"{now}.{next(numbers):06}", f"{now - 60}.{who:06}"
        text = f"{MENTION} {said['text']}"
        event = bodies.mention_of(bodies.message(f"U{who}", "C1", text, ts, thread_ts=root))
        yield Event(ts, json.dumps(bodies.envelope(event)).encode())


@asynccontextmanager
async def _slack(certificate: Path) -> AsyncIterator[Slack]:
    """Run Slack's end; processes that are started meanwhile trust its `certificate`."""
    async with python("tests.bench.slack_api", str(certificate)) as (_, port, lines):
        slack = Slack(f"https://127.0.0.1:{port}/api/")
        listening = asyncio.create_task(slack.listen(lines))
        before = os.environ.get(_TRUSTED)
        os.environ[_TRUSTED] = str(certificate)
        try:
            yield slack
        finally:
            del os.environ[_TRUSTED]
            os.environ |= {_TRUSTED: before} if before is not None else {}
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


async def _drive(
    server: Server, said: Sequence[Iterator[Event]], slack: Slack, turns: int
) -> Driven:
    figures, todo = Driven(), iter(range(turns))
    async with ClientSession(connector=TCPConnector(limit=0)) as session:

        async def person(messages: Iterator[Event]) -> None:
            for _ in todo:
                await _take(session, server.url, next(messages), slack, figures)

        calls, cpu, started = slack.calls, server.process.cpu, perf_counter()
        await asyncio.gather(*(person(messages) for messages in said))
        figures.seconds = perf_counter() - started
        figures.cpu = server.process.cpu - cpu
        figures.calls = slack.calls - calls
    return figures


async def _take(
    session: ClientSession, url: str, event: Event, slack: Slack, figures: Figures
) -> None:
    arrival = slack.arrivals.setdefault(event.ts, asyncio.get_running_loop().create_future())
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
