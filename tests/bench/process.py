"""What Linux tells of a running process."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """A process that is running, by its id."""

    pid: int

    @property
    def most_memory(self) -> float:
        """Return the most memory that it has had so far, in megabytes."""
        return self._megabytes("VmHWM")

    @property
    def memory(self) -> float:
        """Return the memory that it has, in megabytes."""
        return self._megabytes("VmRSS")

    @property
    def cpu(self) -> float:
        """Return the processor seconds that it has used, its threads' included."""
        fields = self._read("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def handles(self) -> int:
        """Return how many files and connections it holds open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def _megabytes(self, what: str) -> float:
        found = re.search(rf"{what}:\s+(\d+)", self._read("status"))
        return int(found[1]) / 1024 if found else 0.0

    def _read(self, name: str) -> str:
        return Path(f"/proc/{self.pid}/{name}").read_text()
