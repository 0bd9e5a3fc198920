"""How much each kind of sign speaks for an auth failure, and against one.

The sum decides: above zero it is one. The figures are the rounded coefficients of a logistic
regression over `tests/corpus` without the hold-out set (`python -m tests.corpus.fit` prints them).
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS = 0.8

WEIGHTS: Mapping[str, float] = {
    "code": 2.0,
    "machine-specific": 0.9,
    "machine-general": 0.9,
    "words-specific": 0.8,
    "words-general": 0.2,
    "hint": -0.1,
    "status-named": 0.7,
    "status-met": 0.0,
    "status-number": -0.6,
    "other-code": -0.9,
    "other-machine": -0.9,
    "other-words": -2.0,
    "other-status": -0.8,
    "question-strong": -1.5,
    "question-weak": -0.6,
    "work-item-strong": -2.1,
    "work-item-weak": -0.8,
    "solved-strong": -2.6,
    "solved-weak": -0.6,
    "small-talk-strong": 0.0,
    "small-talk-weak": -0.6,
    "asks": -0.8,
    "fail": 0.3,
    "cannot": 0.3,
    "refuse": 0.1,
    "repeatedly": 0.6,
    "now": 0.5,
    "flow": 1.0,
    "connection": 0.5,
    "account": 0.7,
    "sign-in": 0.0,
    "ask-for": 0.3,
    "audience": -0.9,
    "code-work": -1.4,
    "fine": -1.0,
    "grant-me": -0.5,
    "later": -0.8,
    "long-words-only": -0.6,
    "norm": -0.8,
    "outdone": -1.4,
    "paper": -0.9,
    "plan": -0.7,
    "screen": -0.5,
    "speaker": 0.2,
    "terse": 0.8,
    "title": -2.6,
    "unbroken": -1.9,
    "asked": -1.3,
    "borne-out": 0.9,
    "calm": -1.3,
    "shown": 0.6,
}
TALK = (
    "speaker", "norm", "later", "screen", "paper", "code-work", "plan",
    "unbroken", "fine", "audience", "grant-me",
)  # fmt: skip
"""Ways of talking; they count once for each sentence they are met in, up to `MOST`."""
MOST: Mapping[str, int] = {
    **dict.fromkeys(TALK, 2),
    "speaker": 4,
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
    "ask-for", "shown", *TALK,
)  # fmt: skip
"""Classes of the vocabulary that count when one of their words is there."""
