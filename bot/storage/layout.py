"""Bringing a database up to date, whatever it is now."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from bot.storage.schema import REVISIONS, metadata

MARK = 0x464D4E44
"""Tells our files from other SQLite files ("FMND" in the file's header)."""

_version = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), primary_key=True),
)


class Foreign(Exception):
    """This database was written by something that we do not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What became of a database."""

    database: str
    """Its file, or its host and name."""
    before: str | None
    """The revision it had; None when it was empty."""
    after: str


def lay_out(db: sa.Connection) -> str | None:
    """Make SQLite's tables, or migrate them; needs a transaction that may write.

    Returns the revision that was there, None when there was none. Raises `Foreign`.
    """
    if not sa.inspect(db).has_table(_version.name):
        _make(db)
        return None
    revision: str | None = db.execute(sa.select(_version.c.version_num)).scalar()
    if revision == REVISIONS[-1]:
        return revision
    if revision is not None and revision not in REVISIONS:
        raise Foreign("a newer version of this program wrote it")
    # Needed on few starts, and dear: it is only imported when it is.
    from bot.storage.migrate import upgrade

    upgrade(db)
    return revision


def _make(db: sa.Connection) -> None:
    """Make today's tables at once: a test proves that the migrations come to the same."""
    metadata.create_all(db)
    _version.create(db)
    db.execute(sa.insert(_version), {"version_num": REVISIONS[-1]})
    db.exec_driver_sql(f"PRAGMA application_id = {MARK}")
