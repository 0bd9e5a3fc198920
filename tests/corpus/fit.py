"""Prints the weights of `dialogs/diagnosis/weights.py`, learnt from the corpus.

    python -m tests.corpus.fit [--apart]

A logistic regression by Newton's method over the features of every message but those of the
hold-out set. Whoever changes signs runs it and looks whether a weight has moved far. `--apart`
learns once without each set and judges that set: how well the weights carry over to another hand.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dialogs.diagnosis.page import lay_out, printable
from dialogs.diagnosis.reading import read
from dialogs.diagnosis.verdict import is_told
from dialogs.diagnosis.weights import BIAS, WEIGHTS
from dialogs.library import load
from tests.corpus import messages

ROUNDS = 12
HOLD = 2.0
"""Strength of the pull towards zero (L2)."""
CAUTION = 0.5
"""Taken off the bias: needless steps cost more than the request for the full error text."""
ONE = "(bias)"


class Row(NamedTuple):
    """One message: its set, what was read in it, and whether it is a failure."""

    origin: str
    features: Mapping[str, int]
    told: bool
    """False when nothing says failure outright: whatever its sum, it is none."""
    label: bool

    def sum(self, weights: Mapping[str, float]) -> float:
        """Return what `weights` make of it; above zero it is a failure."""
        return weights[ONE] + sum(weights.get(name, 0) * n for name, n in self.features.items())


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """Return the weights, `(bias)` among them, that tell the labels of `rows` best."""
    rows = [row for row in rows if row.told]
    names = [ONE, *sorted({name for row in rows for name in row.features})]
    at = {name: n for n, name in enumerate(names)}
    cells = [[(0, 1), *((at[name], n) for name, n in row.features.items())] for row in rows]
    weights = [0.0] * len(names)
    for _ in range(ROUNDS):
        slope = [HOLD * weight * (n > 0) for n, weight in enumerate(weights)]
        bend = [[HOLD * (i == j > 0) for j in range(len(names))] for i in range(len(names))]
        for row, filled in zip(rows, cells, strict=True):
            chance = _chance(sum(weights[i] * n for i, n in filled))
            for i, n in filled:
                slope[i] += (chance - row.label) * n
                for j, m in filled:
                    bend[i][j] += chance * (1 - chance) * n * m
        weights = [w - step for w, step in zip(weights, _solve(bend, slope), strict=True)]
    return dict(zip(names, [weights[0] - CAUTION, *weights[1:]], strict=True))


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve the linear equations by Gauss's elimination."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for i, pivot in enumerate(rows):
        for below in rows[i + 1 :]:
            factor = below[i] / pivot[i]
            if factor:
                below[i:] = [b - factor * p for b, p in zip(below[i:], pivot[i:], strict=True)]
    solved = [0.0] * len(rows)
    for i in reversed(range(len(rows))):
        known = sum(rows[i][j] * solved[j] for j in range(i + 1, len(rows)))
        solved[i] = (rows[i][-1] - known) / rows[i][i]
    return solved


def corpus() -> Iterator[Row]:
    """Yield every message but those of the hold-out set, as it is read now."""
    reader = load(languages=("en",)).reader
    for name in messages.sets():
        for message in messages.read(name):
            reading = read(lay_out(printable(message.text)), reader)
            counted = {name: n for name, n in reading.features.items() if n}
            yield Row(name, counted, is_told(reading, reader.sources), message.label == "auth")


def apart(rows: Sequence[Row]) -> None:
    """Print precision and recall on each set, learnt from all others."""
    for name in dict.fromkeys(row.origin for row in rows):
        weights = fit([row for row in rows if row.origin != name])
        judged = [row for row in rows if row.origin == name]
        flagged = [row.label for row in judged if row.told and row.sum(weights) > 0]
        real = sum(row.label for row in judged)
        figures = f"precision {sum(flagged) / len(flagged):.3f}  recall {sum(flagged) / real:.3f}"
        print(f"{name:12} {len(judged):4}  {figures}", flush=True)


def main() -> None:
    """Print each weight as it is used and as it would be learnt now."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.fit", description=__doc__)
    parser.add_argument("--apart", action="store_true", help="judge each set by all others")
    rows = list(corpus())
    if parser.parse_args().apart:
        apart(rows)
        return
    used = {ONE: BIAS, **WEIGHTS}
    print(f"{len(rows)} messages\n{'':20} used  learnt")
    for name, weight in fit(rows).items():
        print(f"{name:20} {used.get(name, 0):5.1f} {weight:6.1f}")


if __name__ == "__main__":
    main()
