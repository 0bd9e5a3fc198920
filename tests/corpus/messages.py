"""The labelled messages, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
HOLDOUT = "holdout"
"""Written by somebody who never saw the rules, and never looked at while tuning them."""


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message."""

    text: str
    label: str
    """"auth" or "not_auth"."""
    cause: str | None
    kind: str | None
    lang: str
    scope: str
    """"power" for the Power Platform and Microsoft 365, "elsewhere" for all other systems."""


def sets() -> list[str]:
    """Return the names of all sets but the hold-out one."""
    return sorted(file.stem for file in HERE.glob("*.jsonl") if file.stem != HOLDOUT)


def read(*names: str) -> Iterator[Message]:
    """Yield the messages of the named sets; of all but the hold-out set when none is named."""
    for name in names or sets():
        with (HERE / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield Message(**json.loads(line))
