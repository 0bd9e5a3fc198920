"""Several processes, one database."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from bot.storage import Scope
from bot.storage.opening import open_store
from dialogs.replies import Say
from tests.bot.storage.looking import count
from tests.bot.values import NOW, deciding, origin, said, say

LANES = 20
EACH = 30
KILLS = "abab"


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"


async def neighbour(url: str, *args: str) -> Process:
    command = (sys.executable, "-m", "tests.bot.storage.neighbour", url, *args)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)


async def line(process: Process) -> bytes:
    assert process.stdout
    return (await process.stdout.readline()).strip()


async def delivering(url: str, name: str, platform: Path) -> Process:
    process = await neighbour(url, "deliver", name, str(platform))
    assert await line(process) == b"ready"
    return process


async def nothing_waits(url: str) -> None:
    for _ in range(600):
        if not count(url, "outbox"):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("somebody holds a lease for too long")


async def end(process: Process) -> None:
    process.kill()
    await process.communicate()


async def test_all_may_begin_at_once_and_no_turn_is_lost(database_url: str) -> None:
    processes = [await neighbour(database_url, "talk", name, "50") for name in "abcd"]

    assert [await process.wait() for process in processes] == [0, 0, 0, 0]

    async with open_store(database_url) as store:
        assert (await store.load("test:t:c")).version == 200
        said = []
        while rows := await store.claim(Scope(platforms=frozenset({"test"})), NOW, NOW + 1, 9):
            assert isinstance(rows[0].item, Say)
            said.append(rows[0].item.text[0])
            await store.done(rows[0])
    for name in "abcd":
        assert [s for s in said if s[0] == name] == [f"{name}{n}" for n in range(50)]


async def test_one_delivers_from_a_file_until_it_dies(file_url: str) -> None:
    first = await neighbour(file_url, "wait")
    assert await line(first) == b"True"
    second = await neighbour(file_url, "wait")
    assert await line(second) == b"False"
    first.kill()
    await first.wait()

    async with open_store(file_url) as store, store.deliverer() as ours:
        third = await neighbour(file_url, "wait")

        assert ours
        assert await line(third) == b"False"

    for process in (second, third):
        await process.communicate(b"\n")
        assert process.returncode == 0


async def test_replicas_that_are_killed_lose_nothing_and_keep_the_order(
    postgres_url: str, tmp_path: Path
) -> None:
    """The leases last a minute: what a dead replica held comes back with its name."""
    platform = tmp_path / "platform"
    async with open_store(postgres_url) as store:
        for lane in range(LANES):
            replies = [say(f"{lane}:{n}") for n in range(EACH)]
            where = origin(f"test:t:{lane}")
            await store.turn(said(f"test:{lane}", where=where), deciding(None, *replies), NOW)
    replicas = {name: await delivering(postgres_url, name, platform) for name in "ab"}
    for name in KILLS:
        await asyncio.sleep(0.1)
        await end(replicas[name])
        replicas[name] = await delivering(postgres_url, name, platform)

    await nothing_waits(postgres_url)
    for process in replicas.values():
        await end(process)

    heard = platform.read_text().splitlines()
    assert len(heard) - len(set(heard)) <= len(KILLS), "at most what was in hand comes twice"
    for lane in range(LANES):
        once = dict.fromkeys(text for text in heard if text.startswith(f"{lane}:"))
        assert list(once) == [f"{lane}:{n}" for n in range(EACH)]
