"""What all measurements share: lines of the report, and the machine they were made on."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from time import perf_counter


def row(name: str, figure: str) -> None:
    """Print one line of the report."""
    print(f"{name:<32} {figure}", flush=True)


def best(
    rounds: int, work: Callable[[], object], clock: Callable[[], float] = perf_counter
) -> float:
    """Return the seconds of the fastest of `rounds` runs of `work`.

    `process_time` leaves out what the machine did for others meanwhile.
    """
    seconds = []
    for _ in range(rounds):
        start = clock()
        work()
        seconds.append(clock() - start)
    return min(seconds)


def machine() -> str:
    """Return what the figures were measured on."""
    return f"{platform.machine()}, Python {platform.python_version()}, {_cpu()}"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    models = [line.split(": ", 1)[1] for line in lines if line.startswith("model name")]
    return f"{len(models)} x {models[0]}" if models else ""
