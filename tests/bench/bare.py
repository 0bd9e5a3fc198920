"""What nobody can be faster than: `python -m tests.bench.bare DATABASE`.

An aiohttp handler that keeps each body as a row of its own, on the same store and as durably, and
does nothing else. Its first line of output is its port.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
from aiohttp import web

from bot.storage.postgres.pool import CONNECTIONS

Keep = Callable[[str, str], Awaitable[object]]

_TABLE = "CREATE TABLE IF NOT EXISTS bare (id text PRIMARY KEY, body text NOT NULL)"


@asynccontextmanager
async def sqlite(file: str) -> AsyncIterator[Keep]:
    """Yield what keeps a row in `file`: on the loop's own thread, which is the fastest."""
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(_TABLE)

    async def keep(id: str, body: str) -> None:
        db.execute("INSERT INTO bare VALUES (?, ?)", (id, body))

    yield keep
    db.close()


@asynccontextmanager
async def postgres(url: str) -> AsyncIterator[Keep]:
    """Yield what keeps a row in the database at `url`."""
    pool = asyncpg.create_pool(
        url, min_size=CONNECTIONS, max_size=CONNECTIONS, reset=_leave_as_it_is
    )
    async with pool:
        await pool.execute(_TABLE)

        async def keep(id: str, body: str) -> None:
            await pool.execute("INSERT INTO bare VALUES ($1, $2)", id, body)

        yield keep


async def _leave_as_it_is(_: object) -> None:
    """Save the message with which a pool has a connection reset after each use: ours sends none."""


async def main(database: str) -> None:
    """Serve until the input ends."""
    kept = sqlite(database[10:]) if database.startswith("sqlite:///") else postgres(database)
    async with kept as keep:

        async def take(request: web.Request) -> web.Response:
            body = await request.read()
            await keep(json.loads(body)["id"], body.decode())
            return web.json_response({})

        app = web.Application()
        app.router.add_post("/http/events", take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
