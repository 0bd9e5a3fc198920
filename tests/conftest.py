"""Databases for every test that asks: nothing is set up by hand, and none is skipped."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from tests.postgres import Server, programs


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a machine with time to spare do more than `make test` does."""
    parser.addoption(
        "--storm", default="40x8", help="conversations x events in tests/bot/test_replicas.py"
    )


@pytest.fixture
def storm(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Return how many conversations have how many events each."""
    people, events = map(int, request.config.getoption("--storm").split("x"))
    return people, events


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
def new_postgres(postgres_folder: Path, postgres_programs: Path) -> Callable[[str, bool], Server]:
    """Return what makes a server that is not running, by its name and whether it is careless.

    The data is made once and then copied: that takes a sixth of the time.
    """
    first = postgres_folder / "first"
    Server(postgres_programs, first, careless=True).initialise()

    def new(name: str, careless: bool) -> Server:
        subprocess.run(["cp", "-a", first, postgres_folder / name], check=True)
        return Server(postgres_programs, postgres_folder / name, careless=careless)

    return new


@pytest.fixture(scope="session")
def postgres(new_postgres: Callable[[str, bool], Server]) -> Iterator[Server]:
    """Return the server that all tests share: it is fast, and must be left running."""
    server = new_postgres("shared", True)
    server.start()
    yield server
    server.stop(signal.SIGQUIT)


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
def own_postgres(
    postgres_folder: Path, new_postgres: Callable[[str, bool], Server]
) -> Iterator[Server]:
    """Return a server of the test's own: to be stopped, crashed, frozen and started again.

    What it has committed is on the disk.
    """
    name = f"own-{uuid4().hex}"
    server = new_postgres(name, False)
    server.start()
    yield server
    server.stop(signal.SIGQUIT)
    shutil.rmtree(postgres_folder / name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a fresh database of each kind, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'flowmend.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
