"""How much each kind of sign speaks for an auth failure, and against one.

The sum decides: above zero it is one. The figures are the rounded coefficients of a logistic
regression over `tests/corpus` without the hold-out set (`python -m tests.corpus.fit` prints them).
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS = 0.9

WEIGHTS: Mapping[str, float] = {
    "code": 1.4,
    "machine-specific": 0.9,
    "machine-general": 0.8,
    "words-specific": 1.0,
    "words-general": 0.4,
    "hint": -0.3,
    "status-named": 0.5,
    "status-met": -0.4,
    "status-number": -0.9,
    "other-code": -0.4,
    "other-machine": -1.3,
    "other-words": -1.4,
    "other-status": -0.5,
    "question-strong": -1.4,
    "question-weak": -0.5,
    "work-item-strong": -2.1,
    "work-item-weak": -0.6,
    "solved-strong": -2.4,
    "solved-weak": -0.3,
    "small-talk-strong": -1.2,
    "small-talk-weak": -0.1,
    "asks": -0.5,
    "fail": 0.0,
    "cannot": 0.4,
    "refuse": -0.1,
    "repeatedly": 0.4,
    "now": 0.3,
    "flow": 0.7,
    "connection": 0.3,
    "account": 0.8,
    "sign-in": 0.2,
    "ask-for": 0.3,
    "audience": -0.6,
    "code-work": -1.3,
    "fine": -1.1,
    "grant-me": -0.6,
    "later": -0.7,
    "long-words-only": -1.0,
    "norm": -1.0,
    "outdone": -1.4,
    "paper": -1.0,
    "plan": -0.5,
    "screen": -0.4,
    "speaker": 0.3,
    "title": -2.5,
    "unbroken": -1.4,
    "asked": -1.3,
    "borne-out": 1.4,
    "calm": -0.9,
}
TALK = (
    "speaker", "norm", "later", "screen", "paper", "code-work", "plan",
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
