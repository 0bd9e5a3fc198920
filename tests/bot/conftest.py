"""What the tests of the program share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.opening import open_store
from tests.bot.fake_store import FakeStore
from tests.bot.office import Office
from tests.bot.program import Program


@pytest.fixture
def flowmend(tmp_path: Path) -> Program:
    """Return the program with a home of its own."""
    return Program(tmp_path)


@pytest.fixture(params=["fake", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """Return an office on a store in memory, and on one in a file."""
    if request.param == "fake":
        yield Office(FakeStore())
        return
    url = f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    async with open_store(url, worker="serve") as store:
        yield Office(store)
