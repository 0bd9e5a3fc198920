"""`python -m tests.bench [--scale 0.01]`: speed, start-up and memory, as a table."""

from __future__ import annotations

import argparse
import json
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from bot.content import library
from bot.reading import read_text
from bot.settings import Settings
from dialogs.library import Library
from tests.bench import hostile, teams
from tests.bot.program import COMMAND, ROOT, Program

CORPUS = ROOT / "tests" / "corpus"
LITERAL = re.compile(r"unauthorized|401|403", re.IGNORECASE)
"""The rule of the article: what the bot is better than, and is measured beside."""
SMALL, LARGE = 20_000, 200_000
TURNS = ('{"status": 401, "message": "AADSTS50173: expired"}', "done", "back", "status", "help")


def main() -> None:
    """Measure everything and print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the work is done")
    scale = parser.parse_args().scale
    book = library(Settings(), "en")
    row("machine", f"{platform.machine()}, Python {platform.python_version()}, {_cpu()}")
    corpus(book, scale)
    long_texts(book, scale)
    start_up(max(1, round(10 * scale)))
    memory(max(1, round(50 * scale)))
    teams.report(scale)


def corpus(book: Library, scale: float) -> None:
    """Messages a second over the corpus, beside the literal rule in the same run."""
    files = sorted(file for file in CORPUS.glob("*.jsonl") if file.stem != "holdout")
    texts = [
        json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()
    ]
    texts = texts[: max(20, round(len(texts) * scale))]
    rounds = max(1, round(5 * scale))
    seconds = best(rounds, lambda: [read_text(text, book) for text in texts], process_time)
    literal = best(rounds, lambda: [LITERAL.search(text) for text in texts], process_time)
    row("corpus", f"{len(texts)} messages, {statistics.mean(map(len, texts)):.0f} characters each")
    row("diagnose", f"{len(texts) / seconds:,.0f} messages/s on one core (aim 5,000)")
    row("the article's rule", f"{len(texts) / literal:,.0f} messages/s; {seconds / literal:,.0f} x")


def long_texts(book: Library, scale: float) -> None:
    """How the cost grows from 20 kB to 200 kB of each hostile text."""
    small, large = (max(200, round(size * scale)) for size in (SMALL, LARGE))
    measured = hostile.measure(lambda text: read_text(text, book), process_time, small, large)
    for kind, (short, long) in measured.items():
        figures = f"{short * 1000:.1f} ms -> {long * 1000:.1f} ms: {long / short:.1f} x (aim 12)"
        row(f"hostile: {kind}", figures)


def start_up(rounds: int) -> None:
    """What `flowmend diagnose x` takes from a shell, beside a Python that does nothing."""
    with tempfile.TemporaryDirectory() as home:
        environment = Program(Path(home)).environment

        def run(*command: str) -> None:
            subprocess.run(command, env=environment, capture_output=True, check=True)

        ours = best(rounds, lambda: run(*COMMAND, "diagnose", "x"))
        nothing = best(rounds, lambda: run(sys.executable, "-c", "pass"))
    row(
        "flowmend diagnose x",
        f"{ours * 1000:.0f} ms (aim 400); python -c pass {nothing * 1000:.0f}",
    )


def memory(turns: int) -> None:
    """The most memory that a chat process has had after some turns."""
    with (
        tempfile.TemporaryDirectory() as home,
        Program(Path(home)).start("chat", "--plain") as running,
    ):
        assert running.stdin
        assert running.stdout
        for number in range(turns):
            running.stdin.write(f"{TURNS[number % len(TURNS)]}\n".encode())
            running.stdin.flush()
            while running.stdout.readline().strip():
                pass
        figure = _most_memory(running.pid)
        running.stdin.close()
    row("chat process", f"{figure} after {turns} turns (aim 80 MB)")


def _most_memory(pid: int) -> str:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "unknown here"
    kilobytes = re.search(r"VmHWM:\s+(\d+)", status)
    return f"{int(kilobytes[1]) / 1024:.0f} MB" if kilobytes else "unknown here"


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


def row(name: str, figure: str) -> None:
    """Print one line of the report."""
    print(f"{name:<32} {figure}", flush=True)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    main()
