"""What a command takes from a shell, and what a chat takes of memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.process import Process
from tests.bench.report import best, row
from tests.bot.program import COMMAND, Program

TURNS = ('{"status": 401, "message": "AADSTS50173: expired"}', "done", "back", "status", "help")


def measure(scale: float) -> None:
    """Print start-up time and memory."""
    _start_up(max(1, round(10 * scale)))
    _memory(max(1, round(50 * scale)))


def _start_up(rounds: int) -> None:
    """What `flowmend diagnose x` takes from a shell, beside a Python that does nothing."""
    with tempfile.TemporaryDirectory() as home:
        environment = Program(Path(home)).environment
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody's own Python compiles each time

        def run(*command: str) -> None:
            subprocess.run(command, env=environment, capture_output=True, check=True)

        ours = best(rounds, lambda: run(*COMMAND, "diagnose", "x"))
        nothing = best(rounds, lambda: run(sys.executable, "-c", "pass"))
    row(
        "flowmend diagnose x",
        f"{ours * 1000:.0f} ms (aim 400); python -c pass {nothing * 1000:.0f}",
    )


def _memory(turns: int) -> None:
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
        most = Process(running.pid).most_memory
        running.stdin.close()
    row("chat process", f"{most:.0f} MB after {turns} turns (aim 80 MB)")
