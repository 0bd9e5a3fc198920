"""Files that can be used, and what is said of those that cannot."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.errors import UserError
from bot.storage import Unusable
from bot.storage.layout import MARK
from bot.storage.opening import open_store
from tests.bot.values import NOW, deciding, guiding, said


async def opens(path: Path | str, home: Path | None = None) -> None:
    async with open_store(f"sqlite:///{path}", home):
        pass


async def refusal(path: Path | str) -> str:
    with pytest.raises(Unusable) as refused:
        await opens(path)
    assert isinstance(refused.value, UserError)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def make(path: Path, *statements: str) -> bytes:
    """Make a database with other means and return its bytes."""
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    return path.read_bytes()


async def test_a_conversation_is_there_the_next_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    async with open_store(url) as store:
        await store.turn(said(), deciding(guiding()), NOW)

    async with open_store(url) as store:
        assert (await store.load("test:t:c")).state == guiding()


async def test_nothing_but_the_file_is_left_when_it_is_closed(tmp_path: Path) -> None:
    await opens(tmp_path / "flowmend.sqlite3")

    assert names(tmp_path) == ["flowmend.sqlite3"]


@pytest.mark.parametrize("name", ["a b", "50%20", "what?", "#1", "데이터", "quote'\"", "a&b=c"])
async def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    await opens(tmp_path / name)
    await opens(tmp_path / name)

    assert names(tmp_path) == [name]


async def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_bytes(b"")

    async with open_store(f"sqlite:///{path}") as store:
        await store.turn(said(), deciding(guiding()), NOW)

    async with open_store(f"sqlite:///{path}") as store:
        assert (await store.load("test:t:c")).state == guiding()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (MARK,), "it is ours from now on"


async def test_a_folder_of_our_own_is_made(tmp_path: Path) -> None:
    home = tmp_path / "share" / "flowmend"

    await opens(home / "flowmend.sqlite3", home)

    assert names(home) == ["flowmend.sqlite3"]


async def test_no_other_folder_is(tmp_path: Path) -> None:
    said = await refusal(tmp_path / "typo" / "flowmend.sqlite3")

    assert f"{tmp_path / 'typo' / 'flowmend.sqlite3'} cannot be used: its folder does not" in said
    assert "--database sqlite:///FILE" in said
    assert not names(tmp_path)


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "it is a folder" in await refusal(tmp_path)


async def test_a_path_through_a_file_leads_nowhere(tmp_path: Path) -> None:
    make(tmp_path / "file", "CREATE TABLE a (b)")

    assert "not a directory" in await refusal(tmp_path / "file" / "flowmend.sqlite3")


async def test_a_device_is_no_database() -> None:
    assert "it is no file" in await refusal("/dev/null")


@pytest.mark.parametrize("url", ["", "flowmend.sqlite3", "sqlite://", "sqlite:///", "mysql://a/b"])
async def test_a_database_is_named_by_its_url(url: str) -> None:
    with pytest.raises(Unusable, match="must be named as sqlite:///FILE"):
        async with open_store(url):
            pass


async def test_where_nothing_can_be_written_nothing_is_kept() -> None:
    assert "neither opened nor made" in await refusal("/proc/flowmend.sqlite3")


async def test_a_text_file_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    before = b"my notes, longer than the header of any database file would be. " * 50
    path.write_bytes(before)

    assert "it is no SQLite database" in await refusal(path)
    assert every_file(tmp_path) == {"notes.txt": before}


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
async def test_another_programs_database_is_left_as_it_is(tmp_path: Path, mode: str) -> None:
    before = make(
        tmp_path / "other.db",
        f"PRAGMA journal_mode = {mode}",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "INSERT INTO alembic_version VALUES ('0001')",
        "CREATE TABLE conversation (id)",
    )

    assert "it belongs to another program" in await refusal(tmp_path / "other.db")
    assert every_file(tmp_path)["other.db"] == before


async def test_another_programs_mark_is_respected_without_tables(tmp_path: Path) -> None:
    before = make(tmp_path / "other.db", "PRAGMA application_id = 7")

    assert "it belongs to another program" in await refusal(tmp_path / "other.db")
    assert every_file(tmp_path) == {"other.db": before}


async def test_a_newer_database_is_left_as_it_is(tmp_path: Path) -> None:
    before = make(
        tmp_path / "newer.db",
        f"PRAGMA application_id = {MARK}",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "INSERT INTO alembic_version VALUES ('9999')",
    )

    assert "a newer version of this program wrote it" in await refusal(tmp_path / "newer.db")
    with closing(sqlite3.connect(tmp_path / "newer.db")) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("alembic_version",)]
    assert before


async def test_a_damaged_database_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "flowmend.sqlite3"
    await opens(path)
    whole = every_file(tmp_path)[path.name]
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))

    assert "it is damaged" in await refusal(path)


async def test_a_lock_that_cannot_be_taken_is_named(tmp_path: Path) -> None:
    (tmp_path / "flowmend.sqlite3.lock").mkdir()
    async with open_store(f"sqlite:///{tmp_path / 'flowmend.sqlite3'}") as store:
        with pytest.raises(
            Unusable, match=r"flowmend\.sqlite3\.lock cannot be used: is a directory"
        ):
            async with store.deliverer():
                pass


async def test_a_locked_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flowmend.sqlite3"
    await opens(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Unusable, match="another program keeps it locked"):
            async with open_store(f"sqlite:///{path}", patience=0.1):
                pass

    await opens(path)


@pytest.mark.parametrize("folder_mode", [0o777, 0o555])
async def test_a_file_that_may_not_be_written_is_refused(
    open_folder: Path, folder_mode: int
) -> None:
    path = open_folder / "flowmend.sqlite3"
    await opens(path)
    allow(path, 0o444)
    allow(open_folder, folder_mode)

    with as_nobody():
        assert "it may not be written" in await refusal(path)


async def test_a_folder_that_may_not_be_written_takes_no_database(open_folder: Path) -> None:
    allow(open_folder, 0o555)

    with as_nobody():
        assert "neither opened nor made" in await refusal(open_folder / "flowmend.sqlite3")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that everybody may reach, which pytest's own is not."""
    with TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Lay down the rights of the system's administrator, to whom every file is writable."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def allow(path: Path, mode: int) -> None:
    path.chmod(mode)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def every_file(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}
