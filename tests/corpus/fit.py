"""Prints the weights of `dialogs/diagnosis/weights.py`, learnt from the corpus.

    python -m tests.corpus.fit

A logistic regression by plain gradient descent over the features of every message but those of the
hold-out set. Whoever changes signs runs it and looks whether a weight has moved far.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dialogs.diagnosis.page import lay_out, printable
from dialogs.diagnosis.reading import read
from dialogs.diagnosis.weights import BIAS, WEIGHTS
from dialogs.library import load
from tests.corpus import messages

ROUNDS = 1500
RATE = 0.5
HOLD = 1.0
"""Strength of the pull towards zero (L2)."""


def fit(
    rows: Sequence[Mapping[str, int]], labels: Sequence[bool]
) -> tuple[float, dict[str, float]]:
    """Return bias and weights that tell `labels` from the features in `rows`."""
    weights = dict.fromkeys(sorted({name for row in rows for name in row}), 0.0)
    bias, n = 0.0, len(rows)
    for _ in range(ROUNDS):
        slope, pull = 0.0, dict.fromkeys(weights, 0.0)
        for row, label in zip(rows, labels, strict=True):
            score = bias + sum(weights[name] * count for name, count in row.items())
            miss = 1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - label
            slope += miss
            for name, count in row.items():
                pull[name] += miss * count
        bias -= RATE * slope / n
        for name in weights:
            weights[name] -= RATE * (pull[name] + HOLD * weights[name]) / n
    return bias, weights


def main() -> None:
    """Print each weight as it is used and as it would be learnt now."""
    reader = load(languages=("en",)).reader
    rows, labels = [], []
    for message in messages.read():
        page = lay_out(printable(message.text))
        rows.append({name: n for name, n in read(page, reader).features.items() if n})
        labels.append(message.label == "auth")
    bias, weights = fit(rows, labels)
    print(f"{len(rows)} messages\n{'':20} used  learnt")
    print(f"{'(bias)':20} {BIAS:5.1f} {bias:6.1f}")
    for name, weight in weights.items():
        print(f"{name:20} {WEIGHTS.get(name, 0):5.1f} {weight:6.1f}")


if __name__ == "__main__":
    main()
