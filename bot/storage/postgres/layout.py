"""What stands in a database, and what it takes to make it today's."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.layout import MARK, Foreign
from bot.storage.schema import REVISIONS

VERSION_TABLE = "flowmend_version"
"""Not Alembic's usual name: it tells our tables from another program's."""

_LOOK = sa.text(
    "SELECT current_setting('server_encoding') AS encoding,"
    " current_setting('transaction_read_only') = 'on' AS read_only,"
    " current_schema() AS schema, to_regclass(:version) IS NOT NULL AS ours"
)
_REVISION = sa.text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - the name is ours
_OTHERS = sa.text(
    "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(:schema))"
    " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT FROM pg_depend"
    " WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')"
)
"""Tables and views, but not those that an extension has brought."""
_ALONE = sa.text(f"SELECT pg_advisory_xact_lock({MARK})")
_PATIENT = sa.text(
    "SELECT set_config('lock_timeout', :locks, true), set_config('statement_timeout', '0', true),"
    " set_config('idle_in_transaction_session_timeout', '0', true)"
)


def revision(db: sa.Connection) -> str | None:
    """Return the revision of our tables, None when there are none. Raises `Foreign`."""
    found = db.execute(_LOOK, {"version": VERSION_TABLE}).one()
    if found.encoding != "UTF8":
        raise Foreign(f"its encoding is {found.encoding}, and must be UTF8")
    if found.read_only:
        raise Foreign("it may not be written")
    if found.schema is None:
        raise Foreign("the schema to use does not exist, or is not ours to use")
    if not found.ours:
        if db.execute(_OTHERS, {"schema": found.schema}).scalar():
            raise Foreign("it belongs to another program; give it a database of its own")
        return None
    known: str | None = db.execute(_REVISION).scalar()
    if known is not None and known not in REVISIONS:
        raise Foreign("a newer version of this program wrote it")
    return known


def check(db: sa.Connection) -> None:
    """Raise `Foreign` unless our tables are there and today's."""
    known = revision(db)
    if known != REVISIONS[-1]:
        state = "it is of an older version" if known else "it is empty"
        raise Foreign(f"{state}; run 'flowmend migrate'")


def migrate(db: sa.Connection, patience: float) -> str | None:
    """Bring our tables up to date; return the revision that was there. Raises `Foreign`.

    Whoever else migrates this database is waited for; whoever uses it for `patience` seconds.
    """
    db.execute(_PATIENT, {"locks": "0"})
    db.execute(_ALONE)
    before = revision(db)
    if before != REVISIONS[-1]:
        db.execute(_PATIENT, {"locks": str(round(patience * 1000))})
        from bot.storage.migrate import upgrade

        upgrade(db)
    return before
