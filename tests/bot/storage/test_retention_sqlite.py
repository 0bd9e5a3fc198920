"""What purging does to the file, to turns beside it, and what the counts are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage import Note, Person, Store
from bot.storage.keeping import Act, Cut, Went
from bot.storage.layout import lay_out
from bot.storage.opening import open_store
from bot.storage.schema import metadata
from bot.storage.transactions.retention import purge_some
from bot.storage.transactions.turns import turn
from tests.bot.storage.test_forgetting import claim, every_byte, forget
from tests.bot.values import NOW, deciding, guiding, origin, said, say, ticket_wanted

DAY = 86_400_000
CUT = Cut(before=NOW - 90 * DAY, inbox_before=NOW - 7 * DAY)
OLD = CUT.before - 1


async def fill(store: Store, many: int, at: int, user: str = "ana") -> None:
    for n in range(many):
        where = origin(f"test:t:{user}:{n}", user, way=f"{user}-route")
        decide = deciding(guiding(), say(f"secret of {user}"))
        await store.turn(said(f"test:{user}:{n}", where=where), decide, at)


async def test_no_byte_of_what_was_too_old_is_left_beside_a_running_service(tmp_path: Path) -> None:
    """Pages that are free, and the log, are part of the file: both stores stay open."""
    path = tmp_path / "flowmend.sqlite3"
    url = f"sqlite:///{path}"
    async with open_store(url) as service, open_store(url) as ours:
        await fill(service, 300, OLD)
        await fill(service, 1, NOW, "ben")
        await service.tickets.open("k", origin("test:t:ben:0", "ben"), ticket_wanted(), NOW)

        await ours.purge(CUT)

        left = every_byte(tmp_path)
        assert b"ana" not in left
        assert b"ben-route" in left
        assert (await service.load("test:t:ben:0")).version == 1


async def test_no_byte_of_who_was_forgotten_is_left_beside_a_running_service(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    async with open_store(url) as service, open_store(url) as ours:
        await fill(service, 150, NOW)

        await ours.forget(Person("test", "t", "ana"))

        assert b"ana" not in every_byte(tmp_path)
        assert (await service.load("test:t:ana:0")).version == 0


@pytest.mark.parametrize("arrives", [True, False])
async def test_nor_of_who_asked_for_it_in_the_chat(tmp_path: Path, arrives: bool) -> None:
    url = f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    async with open_store(url) as service, open_store(url):
        await fill(service, 20, NOW)

        await forget(service, origin("test:t:ana:0", "ana", way="ana-route"))
        (last,) = await claim(service)
        assert b"secret of ana" not in every_byte(tmp_path)
        if arrives:
            await service.done(last)
        else:
            await service.bury(last, NOW, "nobody there")

        assert b"ana" not in every_byte(tmp_path), "the last word went as well"


async def test_the_file_gives_its_space_back(tmp_path: Path) -> None:
    path = tmp_path / "flowmend.sqlite3"
    async with open_store(f"sqlite:///{path}") as store:
        await fill(store, 600, OLD)
        full = path.stat().st_size + (tmp_path / "flowmend.sqlite3-wal").stat().st_size

        await store.purge(CUT)

        assert path.stat().st_size < full / 4
        assert (tmp_path / "flowmend.sqlite3-wal").stat().st_size == 0
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_turns_become_counts_by_day(tmp_path: Path) -> None:
    path = tmp_path / "flowmend.sqlite3"
    older = OLD - DAY
    async with open_store(f"sqlite:///{path}") as store:
        await fill(store, 120, OLD)
        await fill(store, 3, older, "ben")
        event = said("test:x", where=origin("test:t:x"))
        note = Note(event="Arrived", outcome="Idle", language="")
        await store.turn(event, lambda _: replace(deciding()(guiding()), note=note), older)
        await store.purge(CUT)
        await fill(store, 5, OLD, "later")
        await store.purge(CUT)

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM journal").fetchone() == (0,)
        rows = db.execute(
            "SELECT day, platform, event, outcome, cause, confidence, language, turns"
            " FROM journal_day ORDER BY day, event"
        ).fetchall()
    told = ("test", "Said", "Guiding", "password-changed", "", "ko")
    assert rows == [
        (older // DAY, "test", "Arrived", "Idle", "", "", "", 1),
        (older // DAY, *told, 3),
        (OLD // DAY, *told, 125),
    ]


@pytest.fixture
def db() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        lay_out(connection)
        yield connection
    engine.dispose()


def test_a_bite_is_a_hundred_rows_at_most(db: sa.Connection) -> None:
    for n in range(130):
        where = origin(f"test:t:{n}", f"u{n}")
        turn(db, said(f"test:{n}", where=where), deciding(guiding(), say("x")), OLD, None)

    bites = list(bitten(db))

    assert max(sum(bite.values()) for bite in bites) == 100
    assert sum(bites, Went())["conversation"] == 130
    assert rows(db) == {"journal_day"}


def test_what_went_is_told_up_to_the_last_bite_that_was_committed(db: sa.Connection) -> None:
    """Whoever is killed in the middle has still said what is gone."""
    for n in range(250):
        where = origin(f"test:t:{n}")
        turn(db, said(f"test:{n}", where=where), deciding(guiding()), OLD, None)
    act = Act(at=NOW, who=None, what="purged", key="once")

    went = purge_some(db, CUT, act, Went())
    went += purge_some(db, CUT, act, went)

    told = db.exec_driver_sql("SELECT about FROM audit WHERE what = 'purged'").scalars().all()
    assert told == ["200 journal rows"]


def bitten(db: sa.Connection) -> Iterator[Went]:
    went = Went()
    while some := purge_some(db, CUT, None, went):
        yield some
        went += some


def rows(db: sa.Connection) -> set[str]:
    """Return the tables that are not empty."""
    return {
        name
        for name, table in metadata.tables.items()
        if db.execute(sa.select(sa.func.count()).select_from(table)).scalar()
    }


def test_a_conversation_that_somebody_comes_back_to_is_not_old(db: sa.Connection) -> None:
    where = origin("test:t:1")
    turn(db, said("test:1", where=where), deciding(guiding()), OLD, None)
    assert purge_some(db, CUT, None, Went()) == Went(journal=1)

    turn(db, said("test:2", where=where), deciding(guiding()), NOW, None)

    assert not sum(bitten(db), Went())["conversation"]
