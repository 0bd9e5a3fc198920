"""Who did what, when; counts by day in place of old turns; since when a delivery waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_DESK = '["desk", "", "the support team"]'
"""Who resolves a ticket on the command line, as the audit names them."""


def upgrade() -> None:
    """Make the tables and fill in what is known of the time before."""
    _ages()
    _counts()
    _audit()
    _what_is_known()


def _ages() -> None:
    for table, since in (("outbox", "due_at"), ("dead_letter", "died_at")):
        put = sa.Column("put_at", sa.BigInteger, nullable=False, server_default="0")
        op.add_column(table, put)
        rows = sa.table(table, sa.column("put_at"), sa.column(since))
        op.execute(sa.update(rows).values(put_at=rows.c[since]))


def _counts() -> None:
    names = ("platform", "event", "outcome", "cause", "confidence", "language")
    op.create_table(
        "journal_day",
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, primary_key=True) for name in names),
        sa.Column("turns", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _audit() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("key", sa.Text, nullable=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=True),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
    )
    op.create_index("ix_audit_key", "audit", ["key"], unique=True)
    op.create_index("ix_audit_who", "audit", ["who"])
    op.create_index("ix_audit_at", "audit", ["at", "id"])


def _what_is_known() -> None:
    audit = _table("audit", "at", "who", "what", "about")
    entry = _table("ticket_entry", "at", "person", "by", "what", "ticket")
    turn = _table("journal", "at", "conversation")
    home = _table("conversation", "id", "requester")
    who = sa.case(
        (entry.c.person.is_not(None), entry.c.person), (entry.c.by == "the support team", _DESK)
    )
    tickets = sa.select(
        entry.c.at, who, entry.c.what, "FM-" + sa.cast(entry.c.ticket, sa.Text)
    ).where(entry.c.what != "added")
    begun = (
        sa.select(sa.func.min(turn.c.at), home.c.requester, sa.literal("began"), sa.literal(""))
        .join_from(turn, home, turn.c.conversation == home.c.id)
        .group_by(home.c.id, home.c.requester)
    )
    for rows in (begun, tickets):
        op.execute(sa.insert(audit).from_select(["at", "who", "what", "about"], rows))


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))
