"""Posts events and takes the time: as fast as so many people can, each waiting for the reply."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import cycle, islice
from time import perf_counter

from aiohttp import ClientSession, TCPConnector

from tests.bench.mix import Turn
from tests.bench.running import Arrivals, Server
from tests.front_end import TOKEN

_PATIENCE = 30.0
"""Seconds after which a reply counts as lost."""
_PAUSE = 1.0
"""Seconds until what was refused is posted again."""
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


@dataclass
class Figures:
    """What came of some turns; times in seconds."""

    acknowledged: list[float] = field(default_factory=list)
    """From a post to its 2xx."""
    answered: list[float] = field(default_factory=list)
    """From a post to the reply at the front end."""
    seconds: float = 0.0
    """From the first post to the end of the last turn."""
    cpu: float = 0.0
    """Processor seconds of the servers."""

    @property
    def rate(self) -> float:
        """Return the turns in a second."""
        return len(self.acknowledged) / self.seconds

    @property
    def cost(self) -> float:
        """Return the processor time of one turn."""
        return self.cpu / len(self.acknowledged)


def percentile(seconds: Sequence[float], percent: int) -> float:
    """Return what `percent` of `seconds` are below."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1]


async def drive(
    servers: Sequence[Server],
    turns: Iterator[Turn],
    arrivals: Arrivals | None,
    *,
    count: int,
    people: int,
) -> Figures:
    """Post `count` of `turns` to `servers` in turn, `people` at a time; return what was measured.

    With `arrivals` everybody waits for the reply before they go on.
    """
    figures, todo, where = Figures(), islice(turns, count), cycle(servers)
    before = sum(server.process.cpu for server in servers)
    started = perf_counter()
    async with ClientSession(headers=HEADERS, connector=TCPConnector(limit=0)) as session:

        async def person() -> None:
            for turn in todo:
                await take(session, next(where).url, turn, arrivals, figures)

        await asyncio.gather(*(person() for _ in range(people)))
    figures.seconds = perf_counter() - started
    figures.cpu = sum(server.process.cpu for server in servers) - before
    return figures


async def take(
    session: ClientSession, url: str, turn: Turn, arrivals: Arrivals | None, figures: Figures
) -> None:
    """Post one event, wait for its reply when there are `arrivals`, and note the times."""
    arrival = arrivals.expect(turn.id) if arrivals else None
    posted = perf_counter()
    status = await _post(session, url, turn)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:  # a machine with too much else to do
        await asyncio.sleep(_PAUSE)
        status = await _post(session, url, turn)
    assert status == HTTPStatus.OK, status
    figures.acknowledged.append(perf_counter() - posted)
    if arrival:
        async with asyncio.timeout(_PATIENCE):
            figures.answered.append(await arrival - posted)


async def _post(session: ClientSession, url: str, turn: Turn) -> int:
    async with session.post(url, data=turn.body) as response:
        await response.read()
        return response.status
