"""Opening a SQLite file: is it ours, may it be written, is it of today."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import sqlalchemy as sa

from bot.storage import Store, Unavailable, Unusable
from bot.storage.layout import MARK, Foreign, Migrated, lay_out
from bot.storage.lock import sole
from bot.storage.postgres.address import SHAPE
from bot.storage.schema import REVISIONS
from bot.storage.store import SqlStore
from bot.storage.writer import Writer

_SCHEME = "sqlite:///"
_HINT = "choose another file with --database sqlite:///FILE"
_PRAGMAS = (
    "auto_vacuum = INCREMENTAL",  # heeded only before anything is written
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
)
_REASONS = {
    "unable to open": "it can be neither opened nor made there",
    "readonly": "it may not be written",
    "locked": "another program keeps it locked",
    "not a database": "it is no SQLite database",
    "malformed": "it is damaged",
    "full": "the disk is full",
    "disk I/O": "the disk does not take what is written there",
}


@asynccontextmanager
async def open_sqlite(
    url: str, home: Path | None, *, patience: float, worker: str | None
) -> AsyncIterator[Store]:
    """Open `url` (`sqlite:///FILE`), lay out a new file, bring an old one up to date.

    `home` is a folder that is made when the file is to be in it; no other folder is. `patience` is
    how many seconds other processes are waited for. Raises `Unusable`, and then nothing was changed
    in a file that is not ours.
    """
    path = _path(url)
    async with _writer(path, home, patience) as writer:
        await _prepare(writer, path)
        lock = path.with_name(f"{path.name}.{worker}.lock" if worker else f"{path.name}.lock")
        yield SqlStore(writer, worker or uuid4().hex, lambda: sole(lock))


async def migrate_sqlite(url: str, home: Path | None, *, patience: float) -> Migrated:
    """Do what opening does, and tell it. Raises `Unusable`."""
    path = _path(url)
    async with _writer(path, home, patience) as writer:
        before = await _prepare(writer, path)
    return Migrated(database=str(path), before=before, after=REVISIONS[-1])


@asynccontextmanager
async def _writer(path: Path, home: Path | None, patience: float) -> AsyncIterator[Writer]:
    _check(path, home)
    writer = Writer(_engine(path, patience))
    writer.start()
    try:
        yield writer
    finally:
        await writer.stop()


async def _prepare(writer: Writer, path: Path) -> str | None:
    try:
        return await writer.run(lay_out)
    except Foreign as error:
        raise _unusable(path, str(error)) from None
    except Unavailable as error:
        raise _unusable(path, _reason(error)) from error


def _path(url: str) -> Path:
    name = url.removeprefix(_SCHEME)
    if name == url or not name or name == ":memory:":
        raise Unusable(f"the database must be named as {_SCHEME}FILE or {SHAPE}")
    return Path(name)


def _check(path: Path, home: Path | None) -> None:
    try:
        if home is not None and path.parent == home:
            home.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise _unusable(path, "its folder does not exist") from None
        return
    except OSError as error:
        raise _unusable(path, (error.strerror or "it cannot be read").lower()) from None
    if not S_ISREG(mode):
        raise _unusable(path, "it is a folder" if S_ISDIR(mode) else "it is no file")
    _look_inside(path)


def _look_inside(path: Path) -> None:
    """Refuse what is not ours before anything is opened for writing."""
    file = sa.URL.create(
        "sqlite", database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"}
    )
    try:
        with sa.create_engine(file, poolclass=sa.NullPool).connect() as db:
            # Tables first: whoever lays them out in between leaves the mark with them.
            tables = db.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            mark = db.exec_driver_sql("PRAGMA application_id").scalar_one()
    except sa.exc.DBAPIError as error:
        raise _unusable(path, _reason(error)) from None
    if mark != MARK and (mark or tables):
        raise _unusable(path, "it belongs to another program")


def _engine(path: Path, patience: float) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=sa.NullPool,
        connect_args={"timeout": patience},
        hide_parameters=True,  # an error that is logged must not hold what people wrote
    )
    sa.event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: Any, _: object) -> None:
    # Whoever uses the connection says BEGIN: the driver's own begins as a reader.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _unusable(path: Path, why: str) -> Unusable:
    return Unusable(f"the database {path} cannot be used: {why}; {_HINT}")


def _reason(error: Exception) -> str:
    words = str(error)
    return next((why for sign, why in _REASONS.items() if sign in words), words.splitlines()[0])
