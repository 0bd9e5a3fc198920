"""How much each kind of sign speaks for an auth failure, and against one.

The sum decides: above zero it is one. The figures are the rounded coefficients of a logistic
regression over `tests/corpus` without the hold-out set (`python -m tests.corpus.fit` prints them).
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS = 0.9

WEIGHTS: Mapping[str, float] = {
    "code": 2.0,
    "machine-specific": 0.9,
    "machine-general": 1.2,
    "words-specific": 1.0,
    "words-general": 0.4,
    "hint": -0.2,
    "status-named": 0.6,
    "status-met": 0.0,
    "status-number": -0.6,
    "other-code": -0.7,
    "other-machine": -1.1,
    "other-words": -2.3,
    "other-status": -0.8,
    "question-strong": -1.6,
    "question-weak": -0.8,
    "work-item-strong": -2.2,
    "work-item-weak": -0.8,
    "solved-strong": -2.8,
    "solved-weak": -0.7,
    "small-talk-strong": 0.0,
    "small-talk-weak": -0.4,
    "asks": -1.1,
    "fail": 0.3,
    "cannot": 0.5,
    "refuse": 0.1,
    "repeatedly": 0.6,
    "now": 0.5,
    "flow": 1.1,
    "connection": 0.6,
    "account": 0.9,
    "sign-in": -0.1,
    "ask-for": 0.1,
    "audience": -1.0,
    "code-work": -1.3,
    "fine": -1.0,
    "grant-me": -0.5,
    "later": -1.0,
    "long-words-only": -0.8,
    "norm": -0.3,
    "outdone": -1.5,
    "paper": -0.9,
    "plan": -0.8,
    "screen": -0.6,
    "speaker": 0.4,
    "terse": 1.2,
    "title": -2.8,
    "unbroken": -1.6,
    "asked": -1.7,
    "borne-out": 1.0,
    "calm": -1.4,
    "shown": 0.7,
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
    "other-words": 2,
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
