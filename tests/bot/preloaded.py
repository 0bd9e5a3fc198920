"""What every process of `tests.bot.lives` needs: they are forked from one that has it."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.content import library
from bot.settings import Settings
from bot.storage.opening import open_store
from bot.workings import workings
from tests.bot.values import said

BOOK = library(Settings(), waits=True)


async def _warm_up() -> None:
    """Take a turn: much is made when it is first needed."""
    with TemporaryDirectory() as folder:
        async with open_store(f"sqlite:///{Path(folder, 'warm.sqlite3')}") as store:
            turns, deliveries = workings(Settings(), store, BOOK, {})
            await turns.take(said(text="AADSTS50053"))
            await turns.take(said("test:2", "talk to a person"))
            await deliveries.sweep()


for _name in ("bot.storage.postgres.opening", "structlog", "tests.bot.lives"):
    importlib.import_module(_name)
asyncio.run(_warm_up())
