"""The only chance. Everybody else is told what fell."""

from __future__ import annotations

import random
from uuid import uuid4


def spread() -> float:
    """Return a factor from 0.5 to 1, so that what failed together is not tried again together."""
    return random.uniform(0.5, 1.0)  # noqa: S311 - it guards nothing


def new_id() -> str:
    """Return what a person can quote and the log can be searched for: 8 hexadecimal digits."""
    return uuid4().hex[:8]
