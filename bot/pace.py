"""How patient deliveries are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from adapters.base import TryLater

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient deliveries are."""

    lease: timedelta = timedelta(seconds=30)
    """How long one delivery may take before another worker may try it."""
    timeout: timedelta = timedelta(seconds=10)
    """How long a platform may take for one reply."""
    attempts: int = 10
    """Deliveries that are tried before one is put aside."""
    backoff: timedelta = timedelta(seconds=2)
    """The pause after the first failed delivery; it doubles with each further one."""
    longest: timedelta = timedelta(minutes=10)
    """No pause is longer, unless the platform asks for it."""
    spread: Callable[[], float] = lambda: 1.0
    """A factor for each pause."""


async def in_time(asked: Awaitable[T], span: timedelta) -> T:
    """Return what is `asked` of a platform. Raises `TryLater` when it takes longer than `span`."""
    try:
        async with asyncio.timeout(span.total_seconds()):
            return await asked
    except TimeoutError:
        raise TryLater("the platform did not answer in time") from None
