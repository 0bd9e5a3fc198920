"""Databases for every test that asks: nothing is set up by hand, and none is skipped."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.postgres import Server, programs


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """Return a folder that PostgreSQL's user can reach, which pytest's own is not."""
    with TemporaryDirectory(prefix="flowmend-postgres-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def postgres_programs(postgres_folder: Path) -> Path:
    """Return where PostgreSQL's programs are."""
    (postgres_folder / "install").mkdir()
    return programs(postgres_folder / "install")


@pytest.fixture(scope="session")
def postgres(postgres_folder: Path, postgres_programs: Path) -> Iterator[Server]:
    """Return the server that all tests share: it is fast, and must be left running."""
    server = Server(postgres_programs, postgres_folder / "shared", careless=True)
    server.start()
    try:
        server.prepare()
        yield server
    finally:
        server.stop()


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """Return a database of the test's own, with today's tables, on the server of all tests."""
    name = postgres.migrated_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def empty_postgres_url(postgres: Server) -> Iterator[str]:
    """Return a database of the test's own with nothing in it."""
    name = postgres.new_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def own_postgres(postgres_folder: Path, postgres_programs: Path) -> Iterator[Server]:
    """Return a server of the test's own: to be stopped, crashed, frozen and started again.

    What it has committed is on the disk.
    """
    with TemporaryDirectory(prefix="own-", dir=postgres_folder) as name:
        Path(name).chmod(0o755)
        server = Server(postgres_programs, Path(name) / "server")
        server.start()
        try:
            server.prepare()
            yield server
        finally:
            server.stop(signal.SIGQUIT)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a fresh database of each kind, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
