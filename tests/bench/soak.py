"""`python -m tests.bench soak --minutes 10`: what a service has grown by after a while.

It is sent so many events a second, no more: what is looked for is what is never given back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from aiohttp import ClientSession

from tests.bench import many, mix
from tests.bench.drive import HEADERS, Figures, percentile, take
from tests.bench.report import row
from tests.bench.running import Arrivals, Server, front_end, serving

_RATE = 20
"""Events a second."""
_CONVERSATIONS = 2_000
_SAMPLES = 20
_MEGABYTE = 1_048_576


@dataclass
class Soak:
    """A service under way, and what it has answered."""

    server: Server
    arrivals: Arrivals
    file: Path
    figures: Figures = field(default_factory=Figures)
    seen: int = 0
    """Turns that were there when it was last looked at."""

    async def run(self, seconds: float) -> None:
        """Send events and look at the service from time to time."""
        turns, every = mix.turns("soak", many.names(_CONVERSATIONS)), seconds / _SAMPLES
        sent, looked, started = 0, 0, perf_counter()
        async with (
            ClientSession(headers=HEADERS) as session,
            asyncio.TaskGroup() as people,
        ):
            while (passed := perf_counter() - started) < seconds:
                if passed >= looked * every:
                    self.look(passed)
                    looked += 1
                while sent < passed * _RATE:
                    turn = next(turns)
                    people.create_task(
                        take(session, self.server.url, turn, self.arrivals, self.figures)
                    )
                    sent += 1
                await asyncio.sleep(1 / _RATE)
        self.look(seconds)

    def look(self, seconds: float) -> None:
        """Print how the service is."""
        process, wal = self.server.process, self.file.with_name(f"{self.file.name}-wal")
        recent = self.figures.answered[self.seen :]
        self.seen += len(recent)
        times = f", reply p50 {percentile(recent, 50) * 1000:.0f} ms" if len(recent) > 1 else ""
        row(
            f"  after {seconds / 60:.1f} min",
            f"{process.memory:.1f} MB, {process.handles} handles, WAL {_megabytes(wal)},"
            f" database {_megabytes(self.file)}, {self.seen:,} turns{times}",
        )


def measure(minutes: float) -> None:
    """Print memory, file handles and the sizes of SQLite's two files over time."""
    with TemporaryDirectory(prefix="flowmend-soak-") as folder:
        asyncio.run(_measure(minutes, Path(folder)))


async def _measure(minutes: float, home: Path) -> None:
    file = home / "flowmend.sqlite3"
    settings = {"DATABASE": f"sqlite:///{file}"}
    async with front_end() as arrivals, serving(home, settings, arrivals.url) as server:
        row("soak", f"SQLite, {_RATE} events a second, {minutes:g} minutes")
        await Soak(server, arrivals, file).run(minutes * 60)


def _megabytes(file: Path) -> str:
    return f"{file.stat().st_size / _MEGABYTE:.1f} MB"
