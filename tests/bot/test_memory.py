"""What was freed does not stay with the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

_FREES = """
import re, sys
from bot.memory import give_back

def megabytes():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024

if sys.argv[1] == "held":
    give_back()
before = megabytes()
large = b"x" * 20_000_000
del large  # by itself, malloc takes that for a sign that such blocks are usual
less = b"x" * 15_000_000
del less
print(megabytes() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it is glibc's malloc that is held to limits")
def test_what_is_freed_is_given_back() -> None:
    assert kept("held") < 3 < 10 < kept("as it is")


def kept(how: str) -> float:
    """Return the megabytes that stay with a process after it has freed all that it took."""
    done = subprocess.run(
        [sys.executable, "-c", _FREES, how], capture_output=True, text=True, check=True
    )
    return float(done.stdout)
