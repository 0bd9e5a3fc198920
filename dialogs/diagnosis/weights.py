"""How much each kind of sign speaks for an auth failure, and against one.

The sum decides: above zero it is one. The figures are the rounded coefficients of a logistic
regression over `tests/corpus` without the hold-out set (`python -m tests.corpus.fit` prints them).
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -2.9

WEIGHTS: Mapping[str, float] = {
    "code": 2.3,
    "machine-specific": 1.6,
    "machine-general": 1.6,
    "words-specific": 1.1,
    "words-general": 0.5,
    "hint": 0.3,
    "status-named": 1.5,
    "status-met": -0.4,
    "status-number": -1.1,
    "other-code": -0.7,
    "other-machine": -1.6,
    "other-words": -1.2,
    "other-status": -1.2,
    "question-strong": -1.4,
    "question-weak": -0.5,
    "work-item-strong": -1.9,
    "work-item-weak": -0.7,
    "solved-strong": -2.3,
    "solved-weak": -0.5,
    "small-talk-strong": -1.2,
    "small-talk-weak": -0.1,
    "asks": -0.7,
    "fail": 0.7,
    "cannot": 0.6,
    "refuse": 0.3,
    "repeatedly": 0.5,
    "now": 0.5,
    "flow": 0.9,
    "connection": 0.7,
    "account": 0.9,
    "sign-in": 0.2,
    "ask-for": 0.2,
    "audience": -0.5,
    "code-work": -0.9,
    "early": 2.4,
    "fine": -0.9,
    "grant-me": -0.8,
    "help": 0.1,
    "iffy": 0.2,
    "later": -0.9,
    "long": 0.6,
    "long-words-only": -0.9,
    "norm": -1.2,
    "outdone": -0.8,
    "paper": -1.0,
    "plan": -0.7,
    "screen": -0.4,
    "speaker": 0.5,
    "title": -2.2,
    "tried": 0.1,
    "unbroken": -1.2,
    "asked": -1.0,
}
TALK = (
    "speaker", "help", "tried", "norm", "iffy", "later", "screen", "paper", "code-work", "plan",
    "unbroken", "fine", "audience", "grant-me",
)  # fmt: skip
"""Ways of talking; they count once for each sentence they are met in."""
MOST: Mapping[str, int] = {
    **dict.fromkeys(TALK, 4),
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
    "ask-for", *TALK,
)  # fmt: skip
"""Classes of the vocabulary that count when one of their words is there."""
