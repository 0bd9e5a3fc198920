"""Speed, start-up and memory, as a table.

All parts but `soak`, which takes its time and must be named.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tests.bench import desk, reading, service, slack, soak, starting, teams
from tests.bench.report import machine, row

PARTS: dict[str, Callable[[float], None]] = {
    "reading": reading.measure,
    "starting": starting.measure,
    "service": service.measure,
    "desk": desk.measure,
    "slack": slack.measure,
    "teams": teams.report,
}
SOAK = "soak"


def main() -> None:
    """Measure what is asked for, or everything, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    known = (*PARTS, SOAK)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(known))
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the work is done")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the soak takes")
    args = parser.parse_args()
    if unknown := set(args.parts) - set(known):
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(known)}")
    row("machine", machine())
    for part in args.parts or PARTS:
        if part == SOAK:
            soak.measure(args.minutes)
        else:
            PARTS[part](args.scale)


if __name__ == "__main__":
    main()
