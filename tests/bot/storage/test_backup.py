"""A copy of a database that is in use."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.storage import Store
from bot.storage.backup import back_up, dump_command
from bot.storage.opening import open_store
from tests.bot.values import NOW, deciding, guiding, origin, said, say


async def talk(store: Store, n: int) -> None:
    where = origin(f"test:t:{n}")
    await store.turn(said(f"test:{n}", where=where), deciding(guiding(), say(f"s{n}")), NOW)


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    path = tmp_path / "flowmend.sqlite3"
    async with open_store(f"sqlite:///{path}") as store:
        await talk(store, 0)
    return path


def others(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_a_copy_opens_and_goes_on(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"

    size = back_up(database, copy)

    assert size == copy.stat().st_size
    assert copy.stat().st_mode & 0o777 == 0o600, "it is as private as what is in it"
    assert [it for it in others(tmp_path) if "copy" in it] == ["copy.sqlite3"], "one file is all"
    async with open_store(f"sqlite:///{copy}") as store:
        assert (await store.load("test:t:0")).version == 1
        await talk(store, 1)


async def test_a_copy_made_while_others_write_is_one_moment(tmp_path: Path) -> None:
    """A conversation, its reply and its journal row are all in the copy, or none is."""
    path = tmp_path / "flowmend.sqlite3"
    async with open_store(f"sqlite:///{path}") as store:
        for copy in range(4):
            talks = (talk(store, n) for n in range(copy * 100, copy * 100 + 100))
            await asyncio.gather(
                *talks, asyncio.to_thread(back_up, path, tmp_path / f"{copy}.sqlite3")
            )

    seen = []
    for n in range(4):
        with closing(sqlite3.connect(tmp_path / f"{n}.sqlite3")) as db:
            counts = [
                db.execute(count).fetchone()[0]
                for count in (
                    "SELECT count(*) FROM conversation",
                    "SELECT count(*) FROM outbox",
                    "SELECT count(*) FROM journal",
                    "SELECT count(*) FROM inbox",
                )
            ]
            assert len(set(counts)) == 1
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            seen.append(counts[0])
    assert all(n * 100 <= many <= n * 100 + 100 for n, many in enumerate(seen)), seen


def test_what_is_there_is_not_replaced_unless_forced(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_text("mine")

    with pytest.raises(UserError, match="mine is there already; --force replaces it"):
        back_up(database, target)
    assert target.read_text() == "mine"

    back_up(database, target, force=True)
    assert target.read_bytes().startswith(b"SQLite format 3")


def test_the_database_is_never_its_own_copy(database: Path, tmp_path: Path) -> None:
    before = database.read_bytes()
    os.link(database, tmp_path / "same")

    for target in (database, tmp_path / "same"):
        with pytest.raises(UserError, match="is the database itself"):
            back_up(database, target, force=True)
    assert database.read_bytes() == before


def test_a_damaged_database_leaves_no_copy(database: Path, tmp_path: Path) -> None:
    raw = bytearray(database.read_bytes())
    page = int.from_bytes(raw[16:18], "big")
    raw[page * 3 : page * 6] = b"\xff" * page * 3
    database.write_bytes(raw)

    with pytest.raises(UserError, match=r"damaged|not backed up"):
        back_up(database, tmp_path / "copy")

    assert others(tmp_path) <= {"flowmend.sqlite3", "flowmend.sqlite3-shm", "flowmend.sqlite3-wal"}


def test_what_cannot_be_copied_is_said_in_one_line(database: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.sqlite3"
    with closing(sqlite3.connect(foreign)) as db:
        db.execute("CREATE TABLE theirs (x)")
    (tmp_path / "text").write_text("no database " * 100)
    before = others(tmp_path)

    for source, target, why in (
        (tmp_path / "none", tmp_path / "copy", "there is no database"),
        (foreign, tmp_path / "copy", "belongs to another program"),
        (tmp_path / "text", tmp_path / "copy", "not a database"),
        (database, tmp_path / "no" / "copy", "its folder does not exist"),
        (database, tmp_path, "is a folder"),
    ):
        with pytest.raises(UserError, match=why):
            back_up(source, target)
    assert others(tmp_path) == before


@pytest.mark.parametrize(
    ("url", "command"),
    [
        (
            "postgresql://bot:hunter2@db.example:5433/flowmend",
            "pg_dump --format=custom --file=copy postgresql://bot@db.example:5433/flowmend",
        ),
        (
            "postgresql+asyncpg://bot@db/flowmend?sslmode=require&password=hunter2",
            "pg_dump --format=custom --file=copy 'postgresql://bot@db/flowmend?sslmode=require'",
        ),
        ("postgresql:///flowmend", "pg_dump --format=custom --file=copy postgresql:///flowmend"),
    ],
)
def test_postgresql_has_its_own_tool(url: str, command: str) -> None:
    assert dump_command(url, "copy") == command
