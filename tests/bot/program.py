"""The program as its users run it: a process of its own, in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import PREFIX

COMMAND = (sys.executable, "-m", "bot")
ROOT = Path(__file__).parents[2]
PASTE = json.dumps(
    {
        "status": 401,
        "message": "AADSTS50173: The provided grant has expired due to it being revoked.",
        "source": "SharePoint",
    }
)
"""An error as it is pasted: one line, one cause."""
_SECONDS = 60


@dataclass(frozen=True)
class Program:
    """`flowmend` with a home folder that nobody else uses."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of each run."""
        outside = {name: it for name, it in os.environ.items() if not name.startswith(PREFIX)}
        homes = {
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "PYTHONPATH": str(ROOT),
        }
        return {**outside, **homes, **self.settings}

    def set(self, **settings: str) -> Program:
        """Return the same program with `LANGUAGE="ko"` and its like set."""
        named = {f"{PREFIX}{name}": value for name, value in settings.items()}
        return Program(self.home, {**self.settings, **named})

    def run(
        self, *args: str, stdin: str | bytes = "", code: int | None = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end, which must be `code`, without a traceback."""
        done = subprocess.run(
            [*COMMAND, *args],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env=self.environment,
            timeout=_SECONDS,
            check=False,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in err, err
        assert code in (None, done.returncode), (done.returncode, out, err)
        return subprocess.CompletedProcess(args, done.returncode, out, err)

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        """Start it and let the caller write and read."""
        return subprocess.Popen(
            [*COMMAND, *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
        )

    def refuses(self, *args: str, stdin: str | bytes = "") -> str:
        """Run it, expect one clear line and exit code 2; return the line."""
        done = self.run(*args, stdin=stdin, code=2)
        lines = done.stderr.splitlines()
        assert len(lines) == 1, lines
        return lines[0].removeprefix("flowmend: ")
