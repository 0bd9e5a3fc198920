"""What several replicas do to one PostgreSQL database at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.storage import Conflict, Decision, Outgoing, Person, Scope, Store
from bot.storage.codec import load
from bot.storage.opening import open_store
from bot.storage.transactions import deliveries
from bot.storage.transactions.tickets import open_ticket
from bot.storage.transactions.turns import turn
from dialogs.replies import Say
from dialogs.state import Guiding, State
from tests.bot.storage.looking import count, rows
from tests.bot.values import NOW, deciding, guiding, origin, said, say, ticket_wanted

T = TypeVar("T")

LATER = NOW + 30_000
OURS = Scope(platforms=frozenset({"test"}))
ANA = origin("test:t:ana", "ana")
BEN_HELPS = replace(ANA, user="ben")


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[Store]:
    async with open_store(postgres_url, worker="one") as store:
        yield store


@pytest.fixture
async def other(postgres_url: str) -> AsyncIterator[Store]:
    async with open_store(postgres_url, worker="two") as store:
        yield store


class Rival:
    """A connection on which a transaction stays open for as long as the test wants."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db
        self._begun = False

    async def run(self, fn: Callable[..., T], *args: Any) -> T:
        await self._say("BEGIN")
        return await self._db.run_sync(fn, *args)

    async def commit(self) -> None:
        await self._say("COMMIT")

    async def rollback(self) -> None:
        await self._say("ROLLBACK")

    async def _say(self, what: str) -> None:
        """Say it as the pool does: past SQLAlchemy."""
        if self._begun != (what == "BEGIN"):
            self._begun = not self._begun
            await self._db.exec_driver_sql(what)


@pytest.fixture
async def rival(postgres_url: str) -> AsyncIterator[Rival]:
    url = postgres_url.replace("postgresql", "postgresql+asyncpg", 1)
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as db:
        rival = Rival(db)
        yield rival
        await rival.rollback()
    await engine.dispose()


def claim(db: sa.Connection, limit: int = 10) -> list[Outgoing]:
    return list(deliveries.claim(db, "rival", OURS, NOW, LATER, limit))


async def items(store: Store, now: int = NOW, limit: int = 10) -> list[Any]:
    return [o.item for o in await store.claim(OURS, now, now + 30_000, limit)]


@asynccontextmanager
async def waiting(*tasks: asyncio.Task[Any]) -> AsyncIterator[None]:
    """Make sure that `tasks` wait until the end of the context, and finish after it."""
    await asyncio.sleep(0.15)
    assert not any(task.done() for task in tasks)
    yield
    await asyncio.gather(*tasks)


# Deliveries: what is behind a head that somebody has in hand waits, whatever happens to the head.


async def test_what_is_behind_a_head_that_is_being_claimed_is_left(
    store: Store, rival: Rival
) -> None:
    await store.turn(said(), deciding(None, say("a"), say("b")), NOW)

    (head,) = await rival.run(claim)
    assert head.item == say("a")
    assert await items(store) == [], "neither the head, which is locked, nor what is behind it"
    await rival.commit()

    assert await items(store) == []
    assert await items(store, now=LATER) == [say("a")]


@pytest.mark.parametrize("become", ["done", "bury", "postpone"])
async def test_what_is_behind_a_head_that_is_being_settled_is_left(
    store: Store, rival: Rival, become: str
) -> None:
    await store.turn(said(), deciding(None, say("a"), say("b")), NOW)
    (head,) = await rival.run(claim)
    await rival.commit()
    settle: dict[str, Callable[[sa.Connection], object]] = {
        "done": lambda db: deliveries.done(db, head, None),
        "bury": lambda db: deliveries.bury(db, head.id, NOW, "gone"),
        "postpone": lambda db: deliveries.postpone(db, "rival", head, NOW, "busy"),
    }

    await rival.run(settle[become])
    assert await items(store, now=LATER) == [], "not even when the lease has run out"
    await rival.commit()

    left = say("a") if become == "postpone" else say("b")
    assert await items(store, now=LATER) == [left]


async def test_a_head_that_is_locked_holds_up_nobody_else(store: Store, rival: Rival) -> None:
    for n in range(6):
        await store.turn(
            said(f"test:{n}", where=origin(f"test:t:{n}")), deciding(None, say(str(n))), NOW
        )

    await rival.run(claim, 2)
    assert await items(store, limit=3) == [say("2"), say("3"), say("4")]
    await rival.commit()

    assert await items(store) == [say("5")]


async def test_replicas_share_the_work_and_keep_the_order(postgres_url: str, store: Store) -> None:
    lanes, each = 12, 8
    for lane in range(lanes):
        texts = [say(f"{lane}:{n}") for n in range(each)]
        where = origin(f"test:t:{lane}")
        await store.turn(said(f"test:{lane}", where=where), deciding(None, *texts), NOW)
    heard: list[str] = []
    by: dict[str, int] = {}

    async def deliver(worker: str) -> None:
        async with open_store(postgres_url, worker=worker) as replica:
            while len(heard) < lanes * each:
                claimed = await replica.claim(OURS, NOW, LATER, 3)
                assert len(claimed) <= 3
                for outgoing in claimed:
                    assert isinstance(outgoing.item, Say)
                    heard.append(outgoing.item.text[0])
                    by[worker] = by.get(worker, 0) + 1
                    await asyncio.sleep(0)
                    await replica.done(outgoing)
                await asyncio.sleep(0.001)

    async with asyncio.timeout(30):
        await asyncio.gather(*map(deliver, "abcd"))

    assert len(heard) == len(set(heard)) == lanes * each
    for lane in range(lanes):
        assert [h for h in heard if h.startswith(f"{lane}:")] == [
            f"{lane}:{n}" for n in range(each)
        ]
    assert len(by) == 4, "each of them did some of it"
    assert count(postgres_url, "outbox") == 0


async def test_a_restarted_replica_takes_up_its_own_and_nobody_elses(
    postgres_url: str, other: Store
) -> None:
    async with open_store(postgres_url, worker="one") as store:
        for n in range(2):
            await store.turn(
                said(f"test:{n}", where=origin(f"test:t:{n}")), deciding(None, say(str(n))), NOW
            )
        assert await items(store, limit=1) == [say("0")]
        assert await items(other, limit=1) == [say("1")]

    async with open_store(postgres_url, worker="one") as restarted:
        here = replace(OURS, conversation="test:t:1")
        assert await restarted.release(here, NOW) == 0
        assert await restarted.release(OURS, NOW) == 1
        assert await items(restarted) == [say("0")]


async def test_a_second_replica_of_the_same_name_goes_by_another_one(
    postgres_url: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await store.turn(said(), deciding(None, say("a")), NOW)
    assert await items(store) == [say("a")]

    async with open_store(postgres_url, worker="one") as namesake:
        assert await namesake.release(OURS, NOW) == 0, "the first one has it in hand"

    assert "give each its own FLOWMEND_REPLICA" in caplog.text


async def test_a_replica_without_a_name_releases_nothing(postgres_url: str, store: Store) -> None:
    await store.turn(said(), deciding(None, say("a")), NOW)
    assert await items(store) == [say("a")]

    async with open_store(postgres_url) as nameless:
        assert await nameless.release(OURS, NOW) == 0


# Turns.


async def test_an_event_that_comes_to_two_replicas_is_taken_by_one(
    store: Store, other: Store, postgres_url: str
) -> None:
    for n in range(20):
        where = origin(f"test:t:{n}")
        taken = await asyncio.gather(
            *(
                s.turn(said(f"test:{n}", where=where), deciding(guiding()), NOW)
                for s in (store, other)
            )
        )
        assert [t is None for t in taken].count(True) == 1

    assert rows(postgres_url, "SELECT DISTINCT version FROM conversation") == [(1,)]


async def test_replies_of_two_replicas_are_in_the_order_of_their_turns(
    store: Store, other: Store, postgres_url: str
) -> None:
    async def take(replica: Store, n: int) -> None:
        def decide(state: State) -> Decision:
            before = state.step if isinstance(state, Guiding) else "none"
            return deciding(guiding(str(n)), say(str(n), before))(state)

        while True:
            try:
                await replica.turn(said(f"test:{n}"), decide, NOW)
            except Conflict:
                continue
            return

    await asyncio.gather(*(take((store, other)[n % 2], n) for n in range(60)))

    assert (await store.load("test:t:c")).version == 60
    replies = [
        load(item).text for (item,) in rows(postgres_url, "SELECT item FROM outbox ORDER BY id")
    ]
    assert [before for _, before in replies] == ["none", *(n for n, _ in replies[:-1])]


async def test_a_first_turn_on_two_replicas_is_one_and_then_the_other(
    store: Store, other: Store
) -> None:
    for n in range(20):
        where = origin(f"test:t:{n}")
        results = await asyncio.gather(
            store.turn(said(f"test:{n}:a", where=where), deciding(guiding("a")), NOW),
            other.turn(said(f"test:{n}:b", where=where), deciding(guiding("b")), NOW),
            return_exceptions=True,
        )
        conflicts = [r for r in results if isinstance(r, Conflict)]
        assert all(isinstance(r, Decision | Conflict) for r in results)
        assert (await store.load(where.conversation)).version == 2 - len(conflicts)


async def test_a_busy_conversation_leaves_connections_to_the_others(
    store: Store, rival: Rival
) -> None:
    await store.turn(said("test:0"), deciding(), NOW)
    await rival.run(lambda db: db.exec_driver_sql("SELECT FROM conversation FOR UPDATE"))
    busy = [
        asyncio.create_task(store.turn(said(f"test:{n}"), deciding(), NOW)) for n in range(1, 40)
    ]

    async with waiting(*busy):
        async with asyncio.timeout(2):
            await store.turn(said("test:e", where=origin("test:t:d")), deciding(), NOW)
        await rival.rollback()

    assert (await store.load("test:t:c")).version == 40


# Tickets and forgetting.


async def test_one_key_opens_one_ticket_on_two_replicas(store: Store, other: Store) -> None:
    for n in range(20):
        where = origin(f"test:t:{n}")
        numbers = await asyncio.gather(
            *(s.tickets.open(f"k{n}", where, ticket_wanted(), NOW) for s in (store, other))
        )
        assert numbers[0] == numbers[1]


async def test_what_a_helper_is_just_saying_is_forgotten_with_the_rest(
    store: Store, rival: Rival, postgres_url: str
) -> None:
    await store.turn(said("test:1", where=ANA), deciding(guiding(), say("a")), NOW)
    event = said("test:2", where=BEN_HELPS)
    await rival.run(turn, event, deciding(guiding(), say("secret")), NOW, None)

    forgetting = asyncio.create_task(store.forget(Person.of(ANA)))
    async with waiting(forgetting):
        await rival.commit()

    assert count(postgres_url, "outbox") == 0
    assert count(postgres_url, "conversation") == 0
    assert count(postgres_url, "participant") == 0


async def test_a_ticket_that_is_just_being_opened_is_forgotten_with_the_rest(
    store: Store, rival: Rival, postgres_url: str
) -> None:
    await store.turn(said("test:1", where=ANA), deciding(guiding()), NOW)
    await rival.run(open_ticket, "k", ANA, ticket_wanted(), NOW)

    forgetting = asyncio.create_task(store.forget(Person.of(ANA)))
    async with waiting(forgetting):
        await rival.commit()

    assert rows(postgres_url, "SELECT status, origin, wanted FROM ticket") == [
        ("erased", None, None)
    ]
