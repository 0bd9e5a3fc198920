"""What people send: new errors out of the corpus, and the words with which they go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tests.bot.program import ROOT

CORPUS = ROOT / "tests" / "corpus"
NEW, HAND_OVER = "a new error", "talk to a person"
SHARES = {NEW: 30, "done": 30, "still failing": 15, "status": 15, HAND_OVER: 10}
"""Of a hundred turns."""
_BEGINNERS = 0.3
"""The share of new errors that come from somebody new."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One event, ready to be posted."""

    id: str
    body: bytes


def texts() -> list[str]:
    """Return the messages of the corpus, without those that are never looked at."""
    files = sorted(file for file in CORPUS.glob("*.jsonl") if file.stem != "holdout")
    return [
        json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()
    ]


def turn(id: str, conversation: str, text: str) -> Turn:
    """Return what `conversation`, in which there is one person, says."""
    said = {"id": id, "conversation": conversation, "user": conversation, "text": text}
    return Turn(id, json.dumps(said).encode())


def turns(run: str, conversations: Sequence[str]) -> Iterator[Turn]:
    """Yield turns without end: somebody of `conversations`, or somebody new, says something.

    The same each time for the same `run`, whose name makes their ids its own.
    """
    random, errors = Random(run), texts()  # noqa: S311 - no secret
    kinds, shares = list(SHARES), list(SHARES.values())
    number = 0
    while True:
        number += 1
        (kind,) = random.choices(kinds, shares)
        begins = kind == NEW and random.random() < _BEGINNERS
        where = f"new.{run}.{number}." if begins else random.choice(conversations)
        yield turn(f"{run}.{number}", where, random.choice(errors) if kind == NEW else kind)
