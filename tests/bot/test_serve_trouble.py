"""`flowmend serve` when it is stopped, and when its database is locked, full, read-only or gone."""

from __future__ import annotations

import asyncio
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.bot.lives import SECONDS, Replica, settings
from tests.bot.long_story import insist, platform
from tests.bot.program import Program
from tests.bot.served import serving, set_up
from tests.bot.storage.looking import count, rows
from tests.front_end import FrontEnd, front_end
from tests.postgres import Server

LOCKED = "AADSTS50053: the account is locked because there were too many sign-in attempts"


# Stopping


async def test_a_restart_between_two_presses_is_not_noticed(flowmend: Program) -> None:
    async with front_end() as front:
        program = set_up(flowmend, front)
        async with serving(program) as served:
            await served.says(LOCKED)
            await front.has(1)
            await served.presses(front, "done", "2")
            await front.has(3)
            assert await served.end(signal.SIGINT) == 0

        async with serving(program) as served:
            await served.presses(front, "done", "3")
            await front.has(5)
            slow = asyncio.Event()
            front.first = lambda _: slow.wait()  # type: ignore[assignment, return-value]
            await served.says("help", "4")
            await served.says("status", "5", "other")
            async with asyncio.timeout(SECONDS):
                while len(front.heard) < 7:  # noqa: ASYNC110 - another process decides when
                    await asyncio.sleep(0.01)
            served.process.send_signal(signal.SIGTERM)
            await served.event("stopping")
            status, body, after = await served.post(id="6", conversation="c", user="c", text="back")
            assert (status, body, after) == (503, {"error": "stopping"}, "2")
            assert (await served.get("/readyz"))[0] == 503
            assert (await served.get("/healthz"))[0] == 200
            slow.set()
            assert await served.end() == 0
            assert [line["event"] for line in served.lines][-1] == "stopped"

    posts = [post for post in front.taken if post["conversation"] == "c"]
    replaces = {post["replaces"]: post["text"] for post in posts if "replaces" in post}
    questions = [post["id"] for post in posts if "token" in post]
    assert list(replaces) == questions[:-1], "each question is settled where it is shown"
    assert len({post["id"] for post in front.heard}) == len(front.heard), "nothing came twice"


async def test_a_stop_does_not_wait_for_ever_and_loses_nothing(flowmend: Program) -> None:
    async with front_end() as front:
        program = set_up(flowmend, front, STOP_TIMEOUT="100ms")
        never = asyncio.Event()
        front.first = lambda _: never.wait()  # type: ignore[assignment, return-value]
        async with serving(program) as served:
            for n in range(3):
                await served.says(LOCKED, who=f"c{n}")
            async with asyncio.timeout(SECONDS):
                while len(front.heard) < 3:  # noqa: ASYNC110 - another process decides when
                    await asyncio.sleep(0.01)
            assert await served.end() == 0
        assert not front.taken

        front.first = None
        async with serving(program) as served:
            await front.has(3)
            assert await served.end() == 0

    assert sorted(post["conversation"] for post in front.taken) == ["c0", "c1", "c2"]
    assert {post["id"] for post in front.taken} == {post["id"] for post in front.heard}


# A database in trouble


@dataclass
class World:
    replica: Replica
    front: FrontEnd
    session: aiohttp.ClientSession

    async def status(self, path: str) -> int | None:
        """Return how `path` is answered; None when nobody is there yet."""
        try:
            async with self.session.get(f"{self.replica.url}{path}") as response:
                return response.status
        except aiohttp.ClientError:
            return None

    async def becomes(self, path: str, status: int) -> None:
        async with asyncio.timeout(SECONDS):
            while await self.status(path) != status:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)

    async def post(self, n: int) -> tuple[int, str | None]:
        url = f"{self.replica.url}/http/events"
        async with self.session.post(url, json=body(n)) as response:
            await response.read()
            return response.status, response.headers.get("Retry-After")

    async def survives(self, trouble: Trouble) -> list[str]:
        """Post before, during and after `trouble`; return whom each reply went to, in order."""
        await self.becomes("/readyz", 200)
        await insist(self.session, self.replica, body=body(0))
        async with trouble():
            await self.becomes("/readyz", 503)
            answers = await asyncio.gather(*map(self.post, range(1, 4)))
            assert {*answers} == {(503, "2")}
            assert await self.status("/healthz") == 200
        await self.becomes("/readyz", 200)
        await asyncio.gather(
            *(insist(self.session, self.replica, body=body(n)) for n in range(1, 4))
        )
        await self.front.has(4)
        assert self.replica.deaths == 0
        assert "exception" not in self.replica.log
        return sorted(post["conversation"] for post in self.front.heard)


Trouble = Callable[[], Any]

EACH_ONCE = ["c0", "c1", "c2", "c3"]


def body(n: int) -> dict[str, str]:
    return {"id": "1", "conversation": f"c{n}", "user": "u", "text": LOCKED}


@asynccontextmanager
async def world(url: str, folder: Path, **more: object) -> AsyncIterator[World]:
    async with front_end() as front, platform() as session:
        given = settings(url, front.url, database_timeout="300ms", **more)
        replica = Replica(given, folder / "replica")
        async with replica.at_work():
            yield World(replica, front, session)


async def test_a_file_that_somebody_keeps_locked(tmp_path: Path) -> None:
    path = tmp_path / "flowmend.sqlite3"

    @asynccontextmanager
    async def locked() -> AsyncIterator[None]:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield

    async with world(f"sqlite:///{path}", tmp_path) as there:
        assert await there.survives(locked) == EACH_ONCE


async def test_a_disk_that_is_full(tmp_path: Path) -> None:
    path = tmp_path / "flowmend.sqlite3"

    @asynccontextmanager
    async def full() -> AsyncIterator[None]:
        process = there.replica.process
        assert process
        assert process.pid
        everything = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        yield
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, everything)

    async with world(f"sqlite:///{path}", tmp_path) as there:
        await there.becomes("/readyz", 200)
        await insist(there.session, there.replica, body=body(0))
        async with full():
            answers = await asyncio.gather(*map(there.post, range(1, 4)))
            assert {*answers} == {(503, "2")}
            assert await there.status("/healthz") == 200
        for n in range(1, 4):
            await insist(there.session, there.replica, body=body(n))
        await there.front.has(4)

    assert len({post["id"] for post in there.front.heard}) == 4
    assert there.replica.deaths == 0


async def test_a_database_that_may_only_be_read(
    postgres: Server, postgres_url: str, tmp_path: Path
) -> None:
    name = postgres_url.rpartition("/")[2]
    away = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608

    @asynccontextmanager
    async def read_only() -> AsyncIterator[None]:
        setting = f"ALTER DATABASE {name} SET default_transaction_read_only"
        postgres.execute(f"{setting} = on", away)
        yield
        postgres.execute(f"{setting} = off", away)

    async with world(postgres_url, tmp_path) as there:
        await there.becomes("/readyz", 200)
        await insist(there.session, there.replica, body=body(0))
        async with read_only():
            answers = await asyncio.gather(*map(there.post, range(1, 4)))
            assert {*answers} == {(503, "2")}
        for n in range(1, 4):
            await insist(there.session, there.replica, body=body(n))
        await there.front.has(4)

    assert len({post["id"] for post in there.front.heard}) == 4


async def test_a_database_that_is_gone_for_a_while(own_postgres: Server, tmp_path: Path) -> None:
    @asynccontextmanager
    async def gone() -> AsyncIterator[None]:
        await asyncio.to_thread(own_postgres.stop)
        yield
        await asyncio.to_thread(own_postgres.start)

    url = own_postgres.url(own_postgres.migrated_database())
    async with world(url, tmp_path) as there:
        assert await there.survives(gone) == EACH_ONCE


# Timers


async def nothing_left(url: str, table: str) -> None:
    async with asyncio.timeout(SECONDS):
        while await asyncio.to_thread(count, url, table):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


async def test_whoever_is_silent_hears_of_it_once_whenever_it_is_restarted(
    database_url: str, tmp_path: Path
) -> None:
    async with world(database_url, tmp_path, remind_after="500ms", close_after="1500ms") as there:
        await insist(there.session, there.replica, body=body(0))
        await there.front.has(1)
        await there.replica.kill()
        await there.front.has(2)
        await there.replica.kill()
        await nothing_left(database_url, "timer")
        await nothing_left(database_url, "outbox")

    events = rows(database_url, "SELECT event FROM journal ORDER BY id")
    assert events == [("Said",), ("Elapsed",), ("Elapsed",)]
    assert len({post["id"] for post in there.front.heard}) == 5, "each question settles another"
