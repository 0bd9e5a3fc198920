"""A copy of the database, made while others read and write it."""

from __future__ import annotations

import os
import shlex
import sqlite3  # noqa: TID251 - SQLite's own back-up is what its driver has and nothing else
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from bot.errors import UserError
from bot.storage.layout import MARK


def back_up(database: Path, target: Path, *, force: bool = False) -> int:
    """Copy `database`, an SQLite file, to `target` and return the copy's bytes.

    The copy is whole or not there, and was checked. Raises `UserError`, also when `target` is
    there already, unless `force`.
    """
    _check(database, target, force)
    try:
        with _beside(target) as part:
            _copy(database, part)
            size = part.stat().st_size
            _put(part, target, force)
    except OSError as error:
        raise UserError(f"{target}: {(error.strerror or 'it cannot be written').lower()}") from None
    except sqlite3.Error as error:
        raise UserError(f"{database} was not backed up: {error}") from None
    return size


def dump_command(url: str, target: str) -> str:
    """Return what backs up the PostgreSQL database `url`, without its password."""
    parts = sa.make_url(url)
    secret = [name for name in parts.query if "password" in name.lower()]
    plain = sa.URL.create(
        "postgresql",
        username=parts.username,
        host=parts.host,
        port=parts.port,
        database=parts.database,
        query=parts.difference_update_query(secret).query,
    )
    dump = ("pg_dump", "--format=custom", f"--file={target}", plain.render_as_string())
    return shlex.join(dump)


def _check(database: Path, target: Path, force: bool) -> None:
    if not database.exists():
        raise UserError(f"there is no database {database}")
    if target.is_dir():
        raise UserError(f"{target} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise UserError(f"{target}: its folder does not exist")
    if target.exists():
        if target.samefile(database):
            raise UserError(f"{target} is the database itself; name another file")
        if not force:
            raise _there(target)


def _there(target: Path) -> UserError:
    return UserError(f"{target} is there already; --force replaces it")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield a new, empty file that only we may read; nothing is left of it afterwards."""
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        yield part
    finally:
        for name in (part.name, f"{part.name}-journal", f"{part.name}-wal", f"{part.name}-shm"):
            part.with_name(name).unlink(missing_ok=True)


def _copy(database: Path, part: Path) -> None:
    with (
        closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(part)) as copy,
    ):
        if source.execute("PRAGMA application_id").fetchone() != (MARK,):
            raise UserError(f"{database} belongs to another program")
        # All at once: the log lets others write meanwhile, and a copy made in pieces would begin
        # again with each of their commits.
        source.backup(copy)
        # One file that needs no log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        found = copy.execute("PRAGMA integrity_check").fetchone()
    if found != ("ok",):
        raise UserError(f"{database} is damaged, and so was its copy: {found[0]}")


def _put(part: Path, target: Path, force: bool) -> None:
    """Give the copy its name once the disk has it."""
    _sync(part)
    if force:
        part.replace(target)
    else:
        try:
            os.link(part, target)  # unlike a rename this replaces nothing
        except FileExistsError:
            raise _there(target) from None
        except OSError:  # a file system without hard links
            part.rename(target)
    with suppress(OSError):  # not every file system can sync a folder
        _sync(target.parent)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
