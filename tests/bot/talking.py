"""A plain chat as another program drives it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bot.program import Program


def turns(out: str) -> list[list[str]]:
    """Return the lines of each turn; every turn must end, every line must be marked."""
    assert out == "" or out.endswith("\n")
    found: list[list[str]] = [[]]
    for line in out.split("\n")[:-1]:
        if line:
            assert line.startswith("bot: "), line
            found[-1].append(line.removeprefix("bot: "))
        else:
            found.append([])
    assert found[-1] == []
    return found[:-1]


class Talk:
    """A chat that is running."""

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        self.running = running

    def say(self, text: str) -> list[str]:
        """Say `text` and return the lines of the turn."""
        assert self.running.stdin
        self.running.stdin.write(f"{text}\n".encode())
        self.running.stdin.flush()
        return self.hear()

    def hear(self) -> list[str]:
        """Return the lines of the next turn."""
        assert self.running.stdout
        lines: list[str] = []
        while line := self.running.stdout.readline().decode():
            if line == "\n":
                return lines
            assert line.startswith("bot: ")
            lines.append(line.removeprefix("bot: ").rstrip("\n"))
        raise AssertionError("the chat has ended")


@contextmanager
def talking(program: Program, *args: str) -> Iterator[Talk]:
    with program.start("chat", "--plain", *args) as running:
        try:
            yield Talk(running)
        finally:
            running.kill()
