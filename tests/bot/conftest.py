"""What the tests of the program share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.program import Program


@pytest.fixture
def flowmend(tmp_path: Path) -> Program:
    """Return the program with a home of its own."""
    return Program(tmp_path)
