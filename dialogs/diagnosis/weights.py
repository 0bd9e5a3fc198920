"""How much each kind of sign speaks for an auth failure, and against one.

The sum decides: above zero it is one. The figures are the rounded coefficients of a logistic
regression over `tests/corpus` without the hold-out set (`python -m tests.corpus.fit` prints them).
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -2.0

WEIGHTS: Mapping[str, float] = {
    "code": 3.2,
    "machine-specific": 2.2,
    "machine-general": 1.9,
    "words-specific": 2.1,
    "words-general": 1.0,
    "hint": 0.5,
    "status-named": 2.2,
    "status-met": 1.0,
    "status-number": -0.6,
    "other-code": -1.0,
    "other-machine": -1.5,
    "other-words": -1.1,
    "other-status": -1.4,
    "question-strong": -3.0,
    "question-weak": -0.7,
    "work-item-strong": -3.5,
    "work-item-weak": -0.8,
    "solved-strong": -3.6,
    "solved-weak": -0.6,
    "small-talk-strong": -1.3,
    "small-talk-weak": -0.2,
    "asks": -0.9,
    "fail": 0.7,
    "cannot": 0.7,
    "refuse": 0.4,
    "repeatedly": 0.3,
    "now": 0.6,
    "flow": 1.0,
    "connection": 1.1,
    "account": 1.1,
    "sign-in": 0.3,
    "ask-for": 0.4,
}
MOST: Mapping[str, int] = {
    "machine-specific": 2,
    "machine-general": 2,
    "words-specific": 2,
    "words-general": 2,
    "other-machine": 2,
    "question-strong": 2,
    "work-item-strong": 3,
    "solved-strong": 2,
}
"""How many signs of a kind count; of all others one."""
CONTEXT = (
    "fail", "cannot", "refuse", "repeatedly", "now", "flow", "connection", "account", "sign-in",
    "ask-for",
)  # fmt: skip
"""Classes of the vocabulary that count when one of their words is there."""
