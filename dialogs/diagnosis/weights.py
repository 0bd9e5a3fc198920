"""How much each kind of sign speaks for an auth failure, and against one.

The sum decides: above zero it is one. The figures are the rounded coefficients of a logistic
regression over `tests/corpus` without the hold-out set (`python -m tests.corpus.fit` prints them).
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -1.5

WEIGHTS: Mapping[str, float] = {
    "code": 1.6,
    "machine-specific": 1.3,
    "machine-general": 1.4,
    "words-specific": 1.6,
    "words-general": 1.1,
    "hint": 0.6,
    "status-named": 1.2,
    "status-met": 0.4,
    "status-number": -0.7,
    "other-code": -1.1,
    "other-machine": -1.3,
    "other-words": -0.5,
    "other-status": -1.5,
    "question-strong": -2.5,
    "question-weak": -0.6,
    "work-item-strong": -3.4,
    "work-item-weak": -0.6,
    "solved-strong": -3.0,
    "solved-weak": -0.7,
    "small-talk-strong": -1.2,
    "small-talk-weak": -0.3,
    "asks": -1.2,
    "fail": 0.7,
    "cannot": 0.6,
    "refuse": 0.5,
    "repeatedly": 0.5,
    "now": 0.7,
    "flow": 1.1,
    "connection": 1.2,
    "account": 1.0,
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
