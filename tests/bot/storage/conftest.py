"""Every store there is, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage import Store
from bot.storage.opening import open_store
from tests.bot.fake_store import FakeStore


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "fake":
        yield FakeStore()
        return
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres_url")
    async with open_store(url) as opened:
        yield opened
