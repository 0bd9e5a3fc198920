"""Deletes what is old while the service runs, every so often."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.chance import new_id
from bot.retention import by_timer, cut
from bot.storage import Store, Unavailable
from bot.storage.keeping import counted

log = logging.getLogger(__name__)


async def keep_house(
    store: Store, now: Callable[[], datetime], keep: timedelta | None, every: timedelta
) -> None:
    """Delete what is older than `keep` until cancelled; first after a pause of `every`."""
    while True:
        await asyncio.sleep(every.total_seconds())
        at = now()
        try:
            went = counted(await store.purge(cut(at, keep), by_timer(at, keep)))
        except Unavailable as error:
            log.warning("what is old stays until the next time: %s", error)
        except Exception:
            log.exception("what is old could not be deleted (%s)", new_id())
        else:
            log.info("deleted what is old", extra={"went": went or "nothing"})
