"""Nothing is lost or doubled, whatever becomes of PostgreSQL; and nobody has to restart us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

import asyncpg
import pytest

from bot.storage import Store, Unavailable
from bot.storage.opening import open_store
from tests.bot.storage.insisting import insist, turn, whole
from tests.bot.storage.looking import written
from tests.bot.values import NOW, deciding, guiding, said, say
from tests.postgres import Server

PATIENCE = 0.3
_KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'flowmend'"
_LARGEST = 2**20
"""Bytes: a whole file of the write-ahead log, and more than any file of a new database has."""


@pytest.fixture
def url(own_postgres: Server) -> str:
    return own_postgres.url(own_postgres.migrated_database())


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with open_store(url, patience=PATIENCE) as store:
        yield store


async def meanwhile(store: Store, turns: int, *trouble: Callable[[], Awaitable[None]]) -> None:
    """Insist on `turns` turns while one `trouble` after the other happens."""
    insisting = [asyncio.create_task(insist(store, n)) for n in range(turns)]
    for happen in trouble:
        await asyncio.sleep(0.05)
        await happen()
    await asyncio.gather(*insisting)


async def apart(what: Callable[[], object]) -> None:
    await asyncio.to_thread(what)


async def test_an_idle_connection_that_broke_is_nobodys_trouble(
    store: Store, own_postgres: Server, url: str
) -> None:
    await asyncio.gather(*(turn(store, n) for n in range(20)))

    own_postgres.restart()

    await asyncio.gather(*(turn(store, n) for n in range(20, 40)))
    assert written(url) == whole(40)


async def test_backends_that_are_terminated_in_the_middle(
    store: Store, own_postgres: Server, url: str
) -> None:

    async def terminate() -> None:
        await apart(lambda: own_postgres.execute(_KILL))

    await meanwhile(store, 400, *[terminate] * 8)

    assert written(url) == whole(400)


async def test_a_server_that_is_away_is_said_and_then_all_goes_on(
    store: Store, own_postgres: Server, url: str
) -> None:
    await turn(store, 0)
    own_postgres.stop()

    for _ in range(2):
        with pytest.raises(Unavailable, match="cannot be used just now: connection refused"):
            await turn(store, 1)

    own_postgres.start()
    await turn(store, 1)
    assert written(url) == whole(2)


async def test_a_server_that_is_restarted_in_the_middle(
    store: Store, own_postgres: Server, url: str
) -> None:
    async def restart() -> None:
        await apart(own_postgres.stop)
        await asyncio.sleep(0.1)
        await apart(own_postgres.start)

    await meanwhile(store, 300, restart, restart)

    assert written(url) == whole(300)


async def test_what_was_taken_survives_a_power_cut(
    store: Store, own_postgres: Server, url: str
) -> None:
    async def cut() -> None:
        await apart(own_postgres.crash)
        await apart(own_postgres.start)

    await meanwhile(store, 200, cut, cut)

    assert written(url) == whole(200)


async def test_a_server_that_hangs_is_said_in_time_and_then_all_goes_on(
    own_postgres: Server, url: str
) -> None:
    async with open_store(url, patience=0.1) as store, asyncio.timeout(30):
        await turn(store, 0)
        own_postgres.freeze()
        with pytest.raises(Unavailable, match="it does not answer"):
            await turn(store, 1)

        own_postgres.thaw()
        await insist(store, 1)
        assert written(url) == whole(2)


async def test_a_database_that_may_only_be_read_is_said_and_then_all_goes_on(
    store: Store, own_postgres: Server, url: str
) -> None:
    name = url.rpartition("/")[2]
    await turn(store, 0)
    own_postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on", _KILL)

    with pytest.raises(Unavailable, match="read-only transaction"):
        await turn(store, 1)

    own_postgres.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only", _KILL)
    await turn(store, 1)
    assert written(url) == whole(2)


async def test_a_lock_that_is_held_is_said_and_then_all_goes_on(
    store: Store, own_postgres: Server, url: str
) -> None:
    await turn(store, 0)
    other = await asyncpg.connect(own_postgres.owner_url(url.rpartition("/")[2]))
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE conversation")
            with pytest.raises(Unavailable, match="lock timeout"):
                await turn(store, 1)
    finally:
        await other.close()

    await turn(store, 1)
    assert written(url) == whole(2)


async def test_too_many_connections_are_said_and_then_all_goes_on(
    own_postgres: Server, url: str
) -> None:
    own_postgres.stop()
    own_postgres.start(max_connections="12", superuser_reserved_connections="1")
    others = [await asyncpg.connect(url) for _ in range(8)]
    try:
        async with open_store(url, patience=PATIENCE) as store:
            results = await asyncio.gather(
                *(turn(store, n) for n in range(40)), return_exceptions=True
            )
            assert all(r is None or isinstance(r, Unavailable) for r in results)
            assert any("clients already" in str(r) or "slots" in str(r) for r in results)
            await asyncio.gather(*(other.close() for other in others))
            await asyncio.gather(*(insist(store, n) for n in range(40)))
            assert written(url) == whole(40)
    finally:
        for other in others:
            with suppress(asyncpg.PostgresError):
                await other.close()


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """Let no file of the server grow beyond what a new database needs."""
    server.limit_files(_LARGEST)
    yield
    server.limit_files(None)


async def test_a_full_disk_is_said_and_then_all_goes_on(own_postgres: Server, url: str) -> None:
    """The server is told that a file is too large: the nearest there is to a full disk."""
    words = say("".join(str(n) for n in range(20_000)))
    async with open_store(url, patience=PATIENCE) as store:

        async def large(n: int) -> Exception | None:
            try:
                await store.turn(said(f"test:large:{n}"), deciding(guiding(), words), NOW)
            except Unavailable as error:
                return error
            return None

        with full_disk(own_postgres):
            failures = [await large(n) for n in range(40)]
        again = [await large(n) for n in range(40)]

    taken = [failure is None for failure in failures]
    assert taken[0]
    assert not taken[-1]
    assert "could not extend file" in str(failures[-1])
    assert not any(again)
    assert written(url) == whole(40)
