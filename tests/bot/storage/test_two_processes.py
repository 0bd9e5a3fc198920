"""Several processes, one file."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from bot.storage import Scope
from bot.storage.opening import open_store
from dialogs.replies import Say
from tests.bot.values import NOW


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"


async def neighbour(url: str, *args: str) -> Process:
    command = (sys.executable, "-m", "tests.bot.storage.neighbour", url, *args)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)


async def alone(process: Process) -> bool:
    assert process.stdout
    return (await process.stdout.readline()).strip() == b"True"


async def test_all_may_begin_a_new_file_and_no_turn_is_lost(url: str) -> None:
    processes = [await neighbour(url, "talk", name, "50") for name in "abcd"]

    assert [await process.wait() for process in processes] == [0, 0, 0, 0]

    async with open_store(url) as store:
        assert (await store.load("test:t:c")).version == 200
        said = []
        while rows := await store.claim(Scope(platforms=frozenset({"test"})), NOW, NOW + 1, 9):
            assert isinstance(rows[0].item, Say)
            said.append(rows[0].item.text[0])
            await store.done(rows[0])
    for name in "abcd":
        assert [s for s in said if s[0] == name] == [f"{name}{n}" for n in range(50)]


async def test_one_delivers_until_it_dies(url: str) -> None:
    first = await neighbour(url, "deliver")
    assert await alone(first)
    second = await neighbour(url, "deliver")
    assert not await alone(second)
    first.kill()
    await first.wait()

    async with open_store(url) as store, store.deliverer() as ours:
        third = await neighbour(url, "deliver")

        assert ours
        assert not await alone(third)

    for process in (second, third):
        await process.communicate(b"\n")
        assert process.returncode == 0
