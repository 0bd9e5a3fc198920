"""PostgreSQL databases that can be used, what is said of those that cannot, and `migrate`."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import quote

import asyncpg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import UserError
from bot.storage import Unusable
from bot.storage.layout import MARK, Migrated
from bot.storage.migrate import config
from bot.storage.opening import migrate_store, open_store
from bot.storage.postgres.layout import VERSION_TABLE
from bot.storage.schema import REVISIONS, metadata
from tests.bot.storage.looking import count, rows
from tests.bot.values import NOW, deciding, guiding, said
from tests.postgres import PASSWORD, Server, execute

NEWEST = REVISIONS[-1]
SECRETS = (PASSWORD, quote(PASSWORD, safe=""), PASSWORD.split("@")[0] + "@", "w/rd")
_TABLES = (
    "SELECT relname FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)
_VIEWS = (
    "SELECT relname FROM pg_class WHERE relkind = 'v'"
    " AND relnamespace = current_schema()::regnamespace ORDER BY relname"
)
_UPDATES = (
    "SELECT pg_stat_get_tuples_updated(oid), pg_stat_get_tuples_hot_updated(oid)"
    " FROM pg_class WHERE relname = 'conversation'"
)


async def opens(url: str) -> None:
    async with open_store(url, patience=1):
        pass


async def refusal(url: str) -> str:
    with pytest.raises(Unusable) as refused:
        await opens(url)
    line = str(refused.value)
    assert isinstance(refused.value, UserError)
    assert "\n" not in line
    assert not any(secret in line for secret in SECRETS)
    return line


def tables(url: str) -> set[str]:
    return {name for (name,) in rows(url, _TABLES)}


async def test_a_new_database_is_laid_out_and_then_used(empty_postgres_url: str) -> None:
    shown = empty_postgres_url.rpartition("@")[2]

    assert await refusal(empty_postgres_url) == (
        f"the database {shown} cannot be used: it is empty; run 'flowmend migrate'"
    )
    done = await migrate_store(empty_postgres_url)
    again = await migrate_store(empty_postgres_url)

    assert done == Migrated(database=shown, before=None, after=NEWEST)
    assert again == Migrated(database=shown, before=NEWEST, after=NEWEST)
    async with open_store(empty_postgres_url) as store:
        await store.turn(said(), deciding(guiding()), NOW)
    async with open_store(empty_postgres_url) as store:
        assert (await store.load("test:t:c")).state == guiding()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+asyncpg"])
async def test_other_spellings_will_do(postgres_url: str, scheme: str) -> None:
    async with open_store(postgres_url.replace("postgresql", scheme, 1)) as store:
        await store.turn(said(), deciding(guiding()), NOW)

    async with open_store(postgres_url) as store:
        assert (await store.load("test:t:c")).state == guiding(), "it is the same database"


async def test_the_migrations_come_to_the_tables_that_we_use(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url.replace("postgresql", "postgresql+asyncpg", 1))

    def differences(db: sa.Connection) -> list[object]:
        context = MigrationContext.configure(db, opts={"version_table": VERSION_TABLE})
        return list(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()

    assert found == []
    assert tables(postgres_url) == {*metadata.tables, VERSION_TABLE}
    assert rows(postgres_url, "SELECT reloptions FROM pg_class WHERE relname = 'conversation'") == [
        (["fillfactor=70"],)
    ]


async def test_several_migrate_at_once(empty_postgres_url: str) -> None:
    done = await asyncio.gather(*(migrate_store(empty_postgres_url) for _ in range(4)))

    assert sorted(d.before or "" for d in done) == ["", NEWEST, NEWEST, NEWEST]
    await opens(empty_postgres_url)


async def test_whoever_migrates_is_waited_for_however_long(empty_postgres_url: str) -> None:
    """The patience is for tables that are in use, not for another one who migrates."""
    other = await asyncpg.connect(empty_postgres_url)
    await other.execute(f"SELECT pg_advisory_lock({MARK})")

    migrating = asyncio.create_task(migrate_store(empty_postgres_url, patience=0.2))
    await asyncio.sleep(0.6)
    assert not migrating.done()
    await other.close()

    assert (await migrating).after == NEWEST


async def test_older_databases_are_named_and_then_brought_up_to_date(postgres: Server) -> None:
    for older in ("base", *REVISIONS[:-1]):
        url = postgres.url(postgres.new_database())
        await migrated_to(url, older)
        state = "it is empty" if older == "base" else "it is of an older version"
        assert f"{state}; run 'flowmend migrate'" in await refusal(url)

        done = await migrate_store(url)

        assert done.before == (None if older == "base" else older)
        await opens(url)
        postgres.drop_database(url.rpartition("/")[2])


async def migrated_to(url: str, revision: str) -> None:
    engine = create_async_engine(url.replace("postgresql", "postgresql+asyncpg", 1))
    async with engine.begin() as db:
        await db.run_sync(lambda sync: command.upgrade(config(sync), revision))
    await engine.dispose()


async def test_a_newer_database_is_left_as_it_is(postgres_url: str) -> None:
    execute(postgres_url, "UPDATE flowmend_version SET version_num = '9999'")

    assert "a newer version of this program wrote it" in await refusal(postgres_url)
    with pytest.raises(Unusable, match="a newer version"):
        await migrate_store(postgres_url)
    assert rows(postgres_url, "SELECT * FROM flowmend_version") == [("9999",)]


@pytest.mark.parametrize(
    "theirs",
    [
        "CREATE TABLE conversation (id int)",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "CREATE VIEW theirs AS SELECT 1",
    ],
)
async def test_another_programs_database_is_left_as_it_is(
    empty_postgres_url: str, theirs: str
) -> None:
    execute(empty_postgres_url, theirs)
    before = tables(empty_postgres_url)

    assert "it belongs to another program" in await refusal(empty_postgres_url)
    with pytest.raises(Unusable, match="give it a database of its own"):
        await migrate_store(empty_postgres_url)
    assert tables(empty_postgres_url) == before


async def test_what_an_extension_brings_is_nobodys_program(
    empty_postgres_url: str, postgres: Server
) -> None:
    name = empty_postgres_url.rpartition("/")[2]
    postgres.execute("CREATE EXTENSION pg_stat_statements", database=name)
    brought = rows(empty_postgres_url, _VIEWS)
    assert brought, "else there is nothing to be taken for another program's"

    done = await migrate_store(empty_postgres_url)

    assert (done.before, done.after) == (None, NEWEST)
    await opens(empty_postgres_url)
    assert tables(empty_postgres_url) == {*metadata.tables, VERSION_TABLE}
    assert rows(empty_postgres_url, _VIEWS) == brought


async def test_a_schema_of_its_own_is_enough(empty_postgres_url: str) -> None:
    execute(empty_postgres_url, "CREATE TABLE theirs (id int)", "CREATE SCHEMA bot")
    url = f"{empty_postgres_url}?search_path=bot"

    await migrate_store(url)
    await opens(url)

    assert tables(empty_postgres_url) == {"theirs"}
    assert count(empty_postgres_url, "bot.conversation") == 0
    missing = await refusal(f"{empty_postgres_url}?search_path=nowhere")
    assert "the schema to use does not exist" in missing


async def test_a_migration_that_fails_leaves_nothing(empty_postgres_url: str) -> None:
    execute(
        empty_postgres_url,
        f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)",
        "CREATE TABLE ticket_entry (in_the_way int)",
    )

    with pytest.raises(Unusable, match='relation "ticket_entry" already exists'):
        await migrate_store(empty_postgres_url)

    assert tables(empty_postgres_url) == {VERSION_TABLE, "ticket_entry"}


async def test_a_database_that_may_only_be_read_is_refused(
    postgres_url: str, postgres: Server
) -> None:
    name = postgres_url.rpartition("/")[2]
    postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")

    assert "it may not be written" in await refusal(postgres_url)


async def test_an_encoding_without_korean_is_refused(postgres: Server) -> None:
    postgres.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 OWNER flowmend")

    assert "its encoding is LATIN1, and must be UTF8" in await refusal(postgres.url("latin"))

    postgres.drop_database("latin")


@pytest.fixture
def rights(postgres: Server, postgres_url: str) -> Iterator[str]:
    """Return a URL whose user may look at nothing."""
    postgres.execute("CREATE ROLE nobody LOGIN PASSWORD 'hunter2'")
    yield postgres_url.replace(f"flowmend:{quote(PASSWORD, safe='')}", "nobody:hunter2")
    postgres.execute("DROP ROLE nobody")


async def test_a_user_without_rights_is_told(rights: str) -> None:
    assert "permission denied for table flowmend_version" in await refusal(rights)


async def test_a_wrong_password_is_not_repeated(postgres: Server) -> None:
    url = f"postgresql://flowmend:hunter2@127.0.0.1:{postgres.port}/postgres"

    said = await refusal(url)

    assert 'password authentication failed for user "flowmend"' in said
    assert "hunter2" not in said


async def test_a_database_that_is_not_there_is_named(postgres: Server) -> None:
    said = await refusal(postgres.url("nowhere"))

    assert said.startswith(f"the database 127.0.0.1:{postgres.port}/nowhere cannot be used: ")
    assert 'database "nowhere" does not exist' in said


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "connection refused"),
        ("localhost", "connection refused"),
        ("no-such-host.invalid", "name"),
    ],
)
async def test_a_server_that_is_not_there_is_named(postgres: Server, host: str, why: str) -> None:
    said = await refusal(postgres.url("db", host=host, port=9))

    assert said.startswith(f"the database {host}:9/db cannot be used: ")
    assert why in said.lower()


async def test_a_server_without_tls_is_told_when_tls_is_asked_for(postgres_url: str) -> None:
    said = await refusal(f"{postgres_url}?sslmode=require")

    assert "SSL" in said


@pytest.mark.parametrize("module", ["asyncpg", "greenlet"])
def test_without_its_driver_postgresql_is_one_clear_line(module: str) -> None:
    script = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from bot.cli import main\n"
        "raise SystemExit(main(['migrate', '--database', 'postgresql://me:hunter2@host/db']))\n"
    )

    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        "flowmend: PostgreSQL needs its driver: pip install 'flowmend[postgres]'\n"
    )


async def test_a_turn_rewrites_no_index(postgres_url: str) -> None:
    """Only what is indexed makes an update dear: the moment of the last turn is not."""
    async with open_store(postgres_url) as store:
        for n in range(100):
            await store.turn(said(f"test:{n}"), deciding(guiding(str(n))), NOW + n)

    ((updated, in_place),) = rows(postgres_url, _UPDATES)
    assert updated == 99
    assert in_place >= 90
