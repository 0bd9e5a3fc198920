"""`python -m tests.bench.teams [--scale 0.1]`: a whole turn in Teams, beside what others need.

Every figure is of the same run, so compare the ratios: the machine may be anybody's.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.adapters.teams.microsoft import Microsoft
from tests.bot.program import ROOT

_CONNECTIONS = 16
_TURNS = {"ours": 3000, "stock": 300, "bare": 6000}
_SLOW_TURNS = {"ours": 3000, "stock": 60}
_TOKEN = 0.1
"""Seconds that a slow token service takes."""
_PASTE = '{"status": 401, "message": "AADSTS50173: The grant has expired due to it being revoked"}'


@dataclass(frozen=True)
class Figures:
    """What was measured of one program."""

    per_second: float
    p50: float
    p99: float
    cpu: float
    """Milliseconds of one core for a turn."""

    def __str__(self) -> str:
        return (
            f"{self.per_second:6,.0f} turns/s, answered in p50 {self.p50 * 1000:,.0f} ms, "
            f"p99 {self.p99 * 1000:,.0f} ms; {self.cpu:.2f} ms CPU a turn"
        )


class Bench:
    """Microsoft's side, and one program after the other."""

    def __init__(self, folder: Path) -> None:
        self._key = folder / "key.pem"
        self._there = Microsoft()
        self._key.write_bytes(
            self._there.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )

    @contextmanager
    def microsoft(self) -> Iterator[None]:
        """Run Microsoft's side."""
        with self._running("microsoft", 0.0) as (_, port):
            self._there.url = f"http://127.0.0.1:{port}"
            yield

    def measure(self, name: str, turns: int, token: float = 0.0) -> Figures:
        """Return the figures of the program `name` after `turns` turns, the first ones left out."""
        with self._running(name, token) as (process, port):
            url = f"http://127.0.0.1:{port}/api/messages"
            asyncio.run(self._load(url, max(20, turns // 10), "warm"))
            before, started = _cpu(process.pid), perf_counter()
            waits = sorted(asyncio.run(self._load(url, turns, "turn")))
            seconds = perf_counter() - started
            cpu = _cpu(process.pid) - before
        return Figures(
            per_second=turns / seconds,
            p50=waits[len(waits) // 2],
            p99=waits[int(len(waits) * 0.99)],
            cpu=1000 * cpu / turns,
        )

    async def _load(self, url: str, turns: int, run: str) -> list[float]:
        """Send `turns` messages, each of another person; return when each has its card."""
        waits: list[float] = []
        headers = {"Authorization": self._there.bearer()}
        todo = iter(range(turns))
        async with aiohttp.ClientSession(headers=headers) as session:
            begun = await self._count(session)

            async def send() -> None:
                for number in todo:
                    body, at = self._message(f"{run}-{number}"), perf_counter()
                    async with session.post(url, json=body) as response:
                        assert response.status in (200, 201), await response.text()
                    waits.append(perf_counter() - at)

            await asyncio.gather(*(send() for _ in range(_CONNECTIONS)))
            async with asyncio.timeout(120):
                while await self._count(session) < begun + turns:  # noqa: ASYNC110 - in a process
                    await asyncio.sleep(0.02)
        return waits

    async def _count(self, session: aiohttp.ClientSession) -> int:
        async with session.get(f"{self._there.url}/count") as response:
            return int(await response.text())

    def _message(self, name: str) -> dict[str, Any]:
        tenant = {"id": f"tenant-{name}"}
        return self._there.message(
            _PASTE,
            id=name,
            timestamp=None,
            conversation={"id": f"a:{name}", "conversationType": "personal"},
            channelData={"tenant": tenant},
        )

    @contextmanager
    def _running(self, name: str, token: float) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        port = _free_port()
        url = self._there.url or "-"
        given = (name, str(port), str(self._key), url, str(token))
        command = (sys.executable, "-m", "tests.bench.teams_servers", *given)
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port, process)
            yield process, port
        finally:
            process.terminate()
            process.wait(30)


def report(scale: float) -> None:
    """Print every figure, and the two ratios that count."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        with bench.microsoft():
            usual = {name: bench.measure(name, _some(n, scale)) for name, n in _TURNS.items()}
            slow = {
                name: bench.measure(name, _some(n, scale), _TOKEN)
                for name, n in _SLOW_TURNS.items()
            }
    for name, figures in usual.items():
        print(f"teams, {name:<24} {figures}")
    for name, figures in slow.items():
        print(f"teams, {name}, slow tokens{'':<{12 - len(name)}} {figures}")
    ratio = usual["ours"].per_second / usual["stock"].per_second
    print(f"{'teams, ours to stock':<32} {ratio:.1f} x (aim 4), {_cpu_ratio(usual):.1f} x less CPU")
    ratio = slow["ours"].per_second / slow["stock"].per_second
    print(f"{'teams, with slow tokens':<32} {ratio:.1f} x (aim 20)", flush=True)


def _cpu_ratio(figures: dict[str, Figures]) -> float:
    return figures["stock"].cpu / figures["ours"].cpu


def _some(turns: int, scale: float) -> int:
    return max(30, round(turns * scale))


def _cpu(pid: int) -> float:
    """Return the seconds of CPU that a process has used (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = perf_counter() + 30
    while perf_counter() < until and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise RuntimeError("a program does not answer")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.teams", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the work is done")
    report(parser.parse_args().scale)
