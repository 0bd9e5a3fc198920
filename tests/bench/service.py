"""The service end to end through HTTP, beside a bare handler on the same store.

A turn is an event that is posted, stored, decided on and answered at the front end. The bare
handler stores each event as a row, and is posted the same ones.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import postgres
from tests.bench import many, mix
from tests.bench.drive import Figures, drive, percentile
from tests.bench.report import row
from tests.bench.running import Arrivals, bare, front_end, serving

_FEW, _MANY = 1_000, 1_000_000
"""Conversations that the store holds."""
_TURNS, _ALONE, _WARM_UP = 2_000, 300, 200
"""Turns of a round: of many people at a time, of one at a time; and before anything counts."""
_PEOPLE = 16
_ROUNDS = 3
_POSTGRES = {"shared_buffers": "256MB", "max_wal_size": "4GB"}


@dataclass(frozen=True, slots=True)
class Store:
    """A database with many conversations in it."""

    url: str
    home: Path
    fill: Callable[[int], None]
    """Makes so many conversations."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is done."""

    scale: float
    conversations: Sequence[str]

    def of(self, full: int) -> int:
        """Return `full`, scaled, but enough to take percentiles of."""
        return max(20, round(full * self.scale))


def measure(scale: float) -> None:
    """Print turns a second, times and memory for each store, small and large."""
    row("turns", ", ".join(f"{share} % {kind}" for kind, share in mix.SHARES.items()))
    with TemporaryDirectory(prefix="flowmend-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's user is another one
        asyncio.run(_measure(scale, Path(folder)))


async def _measure(scale: float, folder: Path) -> None:
    sizes = [max(50, round(size * scale)) for size in (_FEW, _MANY)]
    async with front_end() as arrivals:
        small, large = [
            await _of_store(_sqlite(folder / f"sqlite{size}"), size, [1], arrivals, scale)
            for size in sizes
        ]
        _growth("SQLite", small, large)
        async with _server(folder) as server:
            small, large = [
                await _of_store(_postgres(server, folder / f"pg{n}"), n, [1, 2], arrivals, scale)
                for n in sizes
            ]
        _growth("PostgreSQL", small, large)


def _sqlite(home: Path) -> Store:
    home.mkdir()
    file = str(home / "flowmend.sqlite3")
    return Store(f"sqlite:///{file}", home, lambda count: many.in_sqlite(file, count))


def _postgres(server: postgres.Server, home: Path) -> Store:
    home.mkdir()
    name = server.migrated_database()
    return Store(server.url(name), home, lambda count: many.in_postgres(server, name, count))


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[postgres.Server]:
    """Run a PostgreSQL that keeps what it commits, fsync and all."""
    (folder / "install").mkdir()
    server = postgres.Server(postgres.programs(folder / "install"), folder / "server")
    server.initialise()
    server.start(**_POSTGRES)
    try:
        yield server
    finally:
        server.stop()


async def _of_store(
    store: Store, size: int, replicas: Sequence[int], arrivals: Arrivals, scale: float
) -> list[float]:
    """Fill `store`, print what each number of replicas does; return the medians of one person."""
    async with serving(store.home, {"DATABASE": store.url}, arrivals.url) as server:
        seeds = many.seeds()
        await drive([server], iter(seeds), arrivals, count=len(seeds), people=1)
    store.fill(size)
    kind = "SQLite" if store.url.startswith("sqlite") else "PostgreSQL"
    load = Load(scale, many.names(size))
    medians = []
    for count in replicas:
        title = f"{kind}, {count} replicas" if count > 1 else kind
        row(title, f"{size:,} conversations")
        medians.append(await _of_replicas(store, load, count, arrivals))
    return medians


async def _of_replicas(store: Store, load: Load, count: int, arrivals: Arrivals) -> float:
    """Print figures of `count` replicas beside as many bare handlers; return one person's p50."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        ours = [await enter(serving(*_replica(store, n), arrivals.url)) for n in range(count)]
        theirs = [await enter(bare(store.url)) for _ in range(count)]
        run = f"{store.home.name}.{count}"
        said = mix.turns(run, load.conversations)
        posted = mix.turns(f"{run}.bare", load.conversations)
        await drive(ours, said, arrivals, count=load.of(_WARM_UP), people=_PEOPLE)
        await drive(theirs, posted, None, count=load.of(_WARM_UP), people=_PEOPLE)
        pairs = []
        for _ in range(max(1, round(_ROUNDS * load.scale))):
            floor = await drive(theirs, posted, None, count=load.of(_TURNS), people=_PEOPLE)
            full = await drive(ours, said, arrivals, count=load.of(_TURNS), people=_PEOPLE)
            pairs.append((floor, full))
        lone_floor = await drive(theirs, posted, None, count=load.of(_ALONE), people=1)
        lone = await drive(ours, said, arrivals, count=load.of(_ALONE), people=1)
        _report(pairs, lone_floor, lone)
        memory = ", ".join(f"{server.process.most_memory:.0f} MB" for server in ours)
        row("  memory", f"{memory} (aim 120)")
    return percentile(lone.answered, 50)


def _replica(store: Store, number: int) -> tuple[Path, dict[str, str]]:
    name = f"replica{number}"
    (store.home / name).mkdir(exist_ok=True)
    return store.home / name, {"DATABASE": store.url, "REPLICA": name}


def _report(pairs: Sequence[tuple[Figures, Figures]], lone_floor: Figures, lone: Figures) -> None:
    ratio = statistics.median(full.rate / floor.rate for floor, full in pairs)
    floor, full = sorted(pairs, key=lambda pair: pair[1].rate)[len(pairs) // 2]
    row(f"  {_PEOPLE} at a time, bare", _speeds(floor))
    row(f"  {_PEOPLE} at a time", f"{_speeds(full)}; {ratio:.0%} of bare (aim 25 %)")
    row("  1 at a time, bare", _speeds(lone_floor))
    row("  1 at a time", _speeds(lone))


def _speeds(figures: Figures) -> str:
    parts = [f"{figures.rate:,.0f}/s", f"2xx {_times(figures.acknowledged)}"]
    if figures.answered:
        parts.append(f"reply {_times(figures.answered)}")
    return ", ".join((*parts, f"{figures.cost * 1000:.2f} ms CPU"))


def _times(seconds: Sequence[float]) -> str:
    p50, p99 = percentile(seconds, 50) * 1000, percentile(seconds, 99) * 1000
    return f"p50 {p50:.1f} p99 {p99:.1f} ms"


def _growth(kind: str, small: Sequence[float], large: Sequence[float]) -> None:
    times = ", ".join(f"{b / a:.2f} x" for a, b in zip(small, large, strict=True))
    row(f"{kind}, few to many", f"p50 of a reply {times} (aim 2)")
