"""A workspace for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack.town import Town, town


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path) as running:
        yield running
