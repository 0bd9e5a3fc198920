"""What can be pressed on a desk's card and in its forms, as whoever forges presses would try it."""

from __future__ import annotations

EVERY_CHOICE = (
    "claim",
    "take-over",
    "reply",
    "retry",
    "resolve",
    "assign",
    "release",
    "reopen",
    "other-cause",
    "cause:password-changed",
    "no such choice",
)
"""Without those that name a person or a channel of a platform."""
