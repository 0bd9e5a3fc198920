"""Old databases become today's, and all roads lead to the same tables."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.storage import Unusable
from bot.storage.layout import MARK, Foreign, lay_out
from bot.storage.migrate import config, upgrade
from bot.storage.opening import open_store
from bot.storage.schema import REVISIONS, metadata
from bot.storage.transactions.audit import read_some
from bot.storage.transactions.letters import oldest
from tests.bot.values import NOW, deciding, guiding, said

VERSIONS = Path(__file__).parents[3] / "bot/storage/migrations/versions"


@pytest.fixture
def db() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    sa.event.listen(engine, "connect", lambda c, _: setattr(c, "isolation_level", None))
    sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def layout(db: sa.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return every table with its columns and indices, as SQLite itself sees them."""
    tables = db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
    return {
        name: [
            *(tuple(row) for row in db.exec_driver_sql(f"PRAGMA table_xinfo({name})")),
            *sorted(_index(db, row.name, row.unique) for row in _indices(db, name)),
            *(tuple(row) for row in db.exec_driver_sql(f"PRAGMA table_list({name})")),
        ]
        for name in tables.all()
    }


def _indices(db: sa.Connection, table: str) -> list[sa.Row[tuple[object, ...]]]:
    return list(db.exec_driver_sql(f"PRAGMA index_list({table})"))


def _index(db: sa.Connection, name: str, unique: int) -> tuple[object, ...]:
    columns = tuple(row.name for row in db.exec_driver_sql(f"PRAGMA index_info({name})"))
    return (name, unique, columns)


def test_the_migrations_come_to_the_tables_that_a_new_file_gets(db: sa.Connection) -> None:
    upgrade(db)
    migrated = layout(db)
    differences = compare_metadata(MigrationContext.configure(db), metadata)
    for name in migrated:
        if not name.startswith("sqlite_"):
            db.exec_driver_sql(f"DROP TABLE {name}")

    lay_out(db)

    assert differences == []
    assert layout(db) == migrated


def test_tables_that_count_never_count_twice(db: sa.Connection) -> None:
    """AUTOINCREMENT is in neither comparison: a ticket's number must not come again."""

    def counting() -> set[str]:
        found = db.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
        )
        return set(found.scalars())

    upgrade(db)

    assert counting() == {"outbox", "ticket", "ticket_entry"}
    assert counting() == {t.name for t in metadata.tables.values() if _counts(t)}


def _counts(table: sa.Table) -> bool:
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def test_every_revision_is_known(db: sa.Connection) -> None:
    found = ScriptDirectory.from_config(config(db)).walk_revisions("base", "heads")

    assert tuple(reversed([script.revision for script in found])) == REVISIONS


def test_a_step_stands_alone() -> None:
    """What a step does must not change because today's tables do."""
    for file in VERSIONS.glob("r*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert imported == {"__future__", "alembic"}, file.name


def test_an_older_database_is_brought_up_to_date(db: sa.Connection) -> None:
    db.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")

    lay_out(db)

    assert db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == REVISIONS[-1]
    assert metadata.tables.keys() <= set(sa.inspect(db).get_table_names())


def test_what_was_kept_before_there_was_an_audit_is_in_it(db: sa.Connection) -> None:
    command.upgrade(config(db), "0001")
    ana = '["console", "local", "ana"]'
    for row in (
        ("conversation", "c", 2, "{}", ana, "{}", 20, 0),
        ("journal", 1, 10, 0, "c", "console", "Said", None, None, "Guiding", "en"),
        ("journal", 2, 20, 0, "c", "console", "Said", None, None, "Guiding", "en"),
        ("journal", 3, 5, 0, None, "console", "Said", None, None, "Guiding", "en"),
        ("ticket_entry", 1, 7, None, 11, ana, "ana", "opened", ""),
        ("ticket_entry", 2, 7, None, 12, None, "the support team", "resolved", ""),
        ("ticket_entry", 3, 7, None, 13, ana, "ana", "added", "words"),
        ("ticket_entry", 4, 7, None, 14, None, "", "reopened", ""),
        ("outbox", 1, "c", "c", "console", ana, "reply", "k", "{}", "{}", 33, 0, 0, None, None),
        ("dead_letter", 2, "c", "c", "console", ana, "reply", "k", "{}", "{}", 1, "gone", 44),
    ):
        table, *values = row
        marks = ", ".join("?" * len(values))
        db.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", tuple(values))  # noqa: S608

    lay_out(db)

    assert [
        (act.at, act.who.user if act.who else "", act.what, act.about)
        for _, act in read_some(db, 0, 0)
    ] == [
        (10, "ana", "began", ""),
        (11, "ana", "opened", "FM-7"),
        (12, "the support team", "resolved", "FM-7"),
        (14, "", "reopened", "FM-7"),
    ]
    assert [letter.put_at for letter in oldest(db, 9)] == [33, 44]


def test_todays_database_is_left_as_it_is(db: sa.Connection) -> None:
    lay_out(db)
    before = db.exec_driver_sql("PRAGMA schema_version").scalar()

    lay_out(db)

    assert db.exec_driver_sql("PRAGMA schema_version").scalar() == before
    assert db.exec_driver_sql("PRAGMA application_id").scalar() == MARK


def test_a_revision_of_tomorrow_is_refused(db: sa.Connection) -> None:
    lay_out(db)
    db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Foreign, match="newer version"):
        lay_out(db)


async def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.execute(f"PRAGMA application_id = {MARK}")
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        old.execute("CREATE TABLE ticket_entry (in_the_way)")
        old.commit()

    with pytest.raises(Unusable, match="table ticket_entry already exists"):
        async with open_store(f"sqlite:///{path}"):
            pass

    with closing(sqlite3.connect(path)) as old:
        names = {name for (name,) in old.execute("SELECT name FROM sqlite_master")}
    assert names == {"alembic_version", "ticket_entry"}


def test_neither_a_new_file_nor_todays_needs_the_migrations(tmp_path: Path) -> None:
    """They cost a third of a second and ten megabytes."""
    script = (
        "import asyncio, sys\n"
        "from bot.storage.opening import open_store\n"
        "async def main():\n"
        f"    async with open_store({f'sqlite:///{tmp_path}/new.sqlite3'!r}): pass\n"
        "asyncio.run(main()); asyncio.run(main())\n"
        "assert 'alembic' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", script], check=True)


async def test_an_old_file_keeps_working_after_its_migration(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.execute(f"PRAGMA application_id = {MARK}")
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        old.commit()

    async with open_store(f"sqlite:///{path}") as store:
        await store.turn(said(), deciding(guiding()), NOW)

        assert (await store.load("test:t:c")).state == guiding()
