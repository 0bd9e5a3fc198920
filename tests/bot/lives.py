"""`flowmend serve` in a process that dies where a test says, and is started again when it does.

The processes are forked from one that has read everything already: a start takes a fraction of what
a program's takes, and so a test can afford a hundred. What runs in them is `bot.app.service`.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast

from bot.app import platforms, service
from bot.content import desks_of
from bot.logs import log_as_json
from bot.settings import PREFIX, Settings
from bot.storage import Outgoing, Store
from bot.workings import opened
from tests.front_end import TOKEN
from tests.postgres import free_port

ASKED = ("turn:", "done:", "tickets.")
"""Edges that are passed because somebody wants something, not because time passes."""
SECONDS = 60
"""Nothing here takes that long, unless it hangs."""
_PR_SET_PDEATHSIG = 1
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.bot.preloaded"])


class Fuse:
    """Notes each edge of each thing that a store does, and kills this process at one of them.

    An edge is "turn:before:EVENT", "done:after:KEY" and so on; the file `edges` has one a line.
    `point` is one, or a pattern for one; another may be laid into the file `armed` at any time.
    """

    def __init__(self, folder: Path, point: str | None) -> None:
        self._file = os.open(folder / "edges", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._armed = folder / "armed"
        self._point = point

    def pass_(self, edge: str) -> None:
        with suppress(OSError):  # the disk may be full
            os.write(self._file, f"{edge}\n".encode())
        if self._point and fnmatchcase(edge, self._point):
            os.kill(os.getpid(), signal.SIGKILL)
        if self._armed.exists() and fnmatchcase(edge, self._armed.read_text()):
            self._armed.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    def on(self, inner: object, prefix: str = "") -> Any:
        return _Fused(inner, self, prefix)


class _Fused:
    def __init__(self, inner: object, fuse: Fuse, prefix: str) -> None:
        self._inner, self._fuse, self._prefix = inner, fuse, prefix

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._inner, name)
        if name in ("tickets", "desks"):
            return self._fuse.on(inner, f"{name}.")
        if name == "deliverer":
            return inner
        return self._edged(f"{self._prefix}{name}", inner)

    def _edged(
        self, name: str, method: Callable[..., Awaitable[object]]
    ) -> Callable[..., Awaitable[object]]:
        async def call(*args: object, **kwargs: object) -> object:
            about = kwargs.get("key") or _asked(args) or _about(args)
            self._fuse.pass_(f"{name}:before:{about}")
            result = await method(*args, **kwargs)
            claimed = isinstance(result, Sequence) and _about(result)
            self._fuse.pass_(f"{name}:after:{about or claimed or ''}")
            return result

        return call


def _asked(args: Sequence[object]) -> str:
    """Return what is asked of which ticket; "" when it is something else that is asked."""
    match args:
        case [int(number), request, *_]:
            return f"{number}:{type(request).__name__}"
        case _:
            return ""


def _about(things: Sequence[object]) -> str:
    """Return the id of the event, or the key of the outgoing row, that `things` begin with."""
    for thing in things[:1]:
        if isinstance(thing, Outgoing):
            return thing.key
        if isinstance(thing, str):
            return thing
        return str(getattr(thing, "id", ""))
    return ""


def live(given: dict[str, Any], folder: str, point: str | None) -> None:
    """Be `flowmend serve` with the settings `given`, until killed."""
    from tests.bot.preloaded import BOOK

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    sys.stderr = Path(folder, "log").open("a", buffering=1)  # noqa: SIM115 - as long as we live
    settings = Settings(**given)
    policy = replace(
        BOOK.policy,
        remind_after=settings.remind_after,
        close_after=settings.close_after,
        desks=desks_of(settings.desks or "", BOOK),
    )
    book = replace(BOOK, policy=policy)
    log_as_json("INFO")
    logging.getLogger(__name__).info("born to die at %s", point)

    async def main() -> None:
        async with opened(settings, "serve") as store, store.deliverer() as alone:
            assert alone
            fused = cast(Store, Fuse(Path(folder), point).on(store))
            await service(settings, book, fused, platforms(settings, book, store)).run()

    asyncio.run(main())


@dataclass
class Replica:
    """One service at one address, a process after another.

    What it posts has a `life`: `name` and how often it had died before.
    """

    settings: dict[str, Any]
    folder: Path
    name: str = ""
    points: list[str | None] = field(default_factory=list)
    """Where each life ends, first to last; without one it does not end by itself."""
    port: int = field(default_factory=free_port)
    deaths: int = 0
    process: BaseProcess | None = None
    _died: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def reply_url(self) -> str:
        return str(self.settings["http_reply_url"])

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def edges(self) -> list[str]:
        """Return all that was passed, by any life."""
        return (self.folder / "edges").read_text().splitlines()

    @property
    def busy(self) -> bool:
        """Whether something was begun that is not finished, in a life without an end."""
        begun = Counter(edge.split(":")[1] for edge in self.edges if edge.startswith(ASKED))
        return begun["before"] != begun["after"]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Replica]:
        """Live, and live again after each death, until the end of the context."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "edges").touch()
        keeping = asyncio.create_task(self._keep_alive())
        try:
            yield self
        finally:
            keeping.cancel()
            if self.process:
                self.process.kill()
                self.process.join()

    async def _keep_alive(self) -> None:
        while True:
            point = self.points.pop(0) if self.points else None
            given = self.settings | {
                "port": self.port,
                "ops_port": 0,
                "http_reply_url": f"{self.reply_url}?life={self.name}{self.deaths}",
            }
            self.process = _FORKS.Process(
                target=live, args=(given, str(self.folder), point), daemon=True
            )
            self.process.start()
            code = await _end(self.process)
            if code != -signal.SIGKILL:
                raise AssertionError(f"ended by itself with {code}: {self.log[-3000:]}")
            self.deaths += 1
            self._died.set()

    def arm(self, point: str) -> None:
        """Let the life that goes on end at `point`."""
        ready = self.folder / "arming"
        ready.write_text(point)
        ready.rename(self.folder / "armed")

    async def kill(self) -> None:
        """Kill it; return when it is dead."""
        deaths = self.deaths
        assert self.process
        self.process.kill()
        await self.dead(deaths + 1)

    async def dead(self, times: int) -> None:
        """Wait until it has died so many times."""
        async with asyncio.timeout(SECONDS):
            while self.deaths < times:
                self._died.clear()
                await self._died.wait()


async def _end(process: BaseProcess) -> int | None:
    """Return the exit code of `process` once it has one."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)
    process.join()
    return process.exitcode


def settings(database: str, reply_url: str, **more: object) -> dict[str, Any]:
    """Return settings of a service that is in a hurry."""
    return {
        "database": database,
        "http_token": TOKEN,
        "http_reply_url": reply_url,
        "outbox_poll": "100ms",
        **more,
    }
