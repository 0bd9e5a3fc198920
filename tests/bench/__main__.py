"""`python -m tests.bench [PART ...] [--scale 0.01]`: speed, start-up and memory, as a table."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tests.bench import reading, service, starting
from tests.bench.report import machine, row

PARTS: dict[str, Callable[[float], None]] = {
    "reading": reading.measure,
    "starting": starting.measure,
    "service": service.measure,
}


def main() -> None:
    """Measure what is asked for, or everything, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the work is done")
    args = parser.parse_args()
    if unknown := set(args.parts) - PARTS.keys():
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    row("machine", machine())
    for part in args.parts or PARTS:
        PARTS[part](args.scale)


if __name__ == "__main__":
    main()
