"""Opening a database, whichever kind its URL names."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from importlib.util import find_spec
from pathlib import Path

from bot.storage import Store, Unusable
from bot.storage.layout import Migrated
from bot.storage.postgres.address import is_postgres
from bot.storage.sqlite import migrate_sqlite, open_sqlite

_DRIVER = ("asyncpg", "greenlet")


def open_store(
    url: str, home: Path | None = None, *, patience: float = 5.0, worker: str | None = None
) -> AbstractAsyncContextManager[Store]:
    """Open `url`: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.

    A SQLite file is laid out or brought up to date; PostgreSQL must be migrated first. `home` is a
    folder that is made when the file is to be in it; no other folder is. `patience` is how many
    seconds others are waited for. `worker` is a name that this process has again after a restart
    and no other process has: leases are in that name. Raises `Unusable`, and then nothing was
    changed.
    """
    if is_postgres(url):
        _need_driver()
        from bot.storage.postgres.opening import open_postgres

        return open_postgres(url, patience=patience, worker=worker)
    return open_sqlite(url, home, patience=patience, worker=worker)


async def migrate_store(url: str, home: Path | None = None, *, patience: float = 5.0) -> Migrated:
    """Lay out what `url` names, or bring it up to date. Raises `Unusable`."""
    if is_postgres(url):
        _need_driver()
        from bot.storage.postgres.opening import migrate_postgres

        return await migrate_postgres(url, patience=patience)
    return await migrate_sqlite(url, home, patience=patience)


def _need_driver() -> None:
    if not all(map(find_spec, _DRIVER)):
        raise Unusable("PostgreSQL needs its driver: pip install 'flowmend[postgres]'")
