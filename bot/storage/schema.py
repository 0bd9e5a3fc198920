"""The tables. `migrations/` lays out the same ones, step by step; a test compares the two."""

from __future__ import annotations

import sqlalchemy as sa

REVISIONS = ("0001", "0002", "0003", "0004")
"""All of `migrations/`, oldest first."""

metadata = sa.MetaData()

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite counts rows only in a column that is declared INTEGER."""


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _number(name: str, *, index: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, index=index)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _since(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _counted(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, _Id, primary_key=True, autoincrement=True)


conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    _text("state"),
    sa.Column("requester", sa.Text, nullable=False, index=True),
    _text("route"),
    _number("updated_at"),
    # Days, not moments, are indexed: PostgreSQL then rewrites no index at each turn.
    sa.Column("day", sa.Integer, nullable=False, index=True),
    # PostgreSQL leaves room in its pages (r0001): said here, it would load its dialect everywhere.
)

participant = sa.Table(
    "participant",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("conversation", sa.Text, primary_key=True, index=True),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("event", sa.Text, primary_key=True),
    _number("received_at", index=True),
    sqlite_with_rowid=False,
)

outbox = sa.Table(
    "outbox",
    metadata,
    _counted(),
    _text("lane"),
    _text("conversation"),
    _text("platform"),
    _text("person"),
    _text("kind"),
    _text("key"),
    _text("origin"),
    _text("item"),
    _number("due_at"),
    _flag("attempts"),
    _flag("fleeting"),
    _text("owner", null=True),
    _text("last_error", null=True),
    _since("put_at"),
    sa.Index("ix_outbox_lane", "lane", "id"),
    sa.Index("ix_outbox_due_at", "due_at"),
    sqlite_autoincrement=True,
)

dead_letter = sa.Table(
    "dead_letter",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=False),
    _text("lane"),
    sa.Column("conversation", sa.Text, nullable=False, index=True),
    _text("platform"),
    _text("person"),
    _text("kind"),
    _text("key"),
    _text("origin"),
    _text("item"),
    _flag("attempts"),
    _text("last_error"),
    _number("died_at"),
    _since("put_at"),
)

timer = sa.Table(
    "timer",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    _text("platform"),
    _text("name"),
    _text("origin"),
    _number("due_at", index=True),
)

shown = sa.Table(
    "shown",
    metadata,
    sa.Column("conversation", sa.Text, primary_key=True),
    sa.Column("token", sa.Text, primary_key=True),
    _text("message"),
    _text("asked"),
    _text("route", null=True),
    # The thread that hangs on a card in a channel.
    sa.Column("thread", sa.Text, nullable=True, index=True),
)

journal = sa.Table(
    "journal",
    metadata,
    _counted(),
    _number("at", index=True),
    sa.Column("day", sa.Integer, nullable=False),
    sa.Column("conversation", sa.Text, nullable=True, index=True),
    _text("platform"),
    _text("event"),
    _text("cause", null=True),
    _text("confidence", null=True),
    _text("outcome"),
    _text("language"),
)

# What became of journal rows that are too old to be kept: counts, and nothing else.
journal_day = sa.Table(
    "journal_day",
    metadata,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    *(
        sa.Column(name, sa.Text, primary_key=True)
        for name in ("platform", "event", "outcome", "cause", "confidence", "language")
    ),
    _number("turns"),
    sqlite_with_rowid=False,
)

audit = sa.Table(
    "audit",
    metadata,
    _counted(),
    sa.Column("key", sa.Text, nullable=True, index=True, unique=True),
    _number("at"),
    sa.Column("who", sa.Text, nullable=True, index=True),
    _text("what"),
    _text("about"),
    sa.Index("ix_audit_at", "at", "id"),
)

ticket = sa.Table(
    "ticket",
    metadata,
    _counted("number"),
    sa.Column("key", sa.Text, nullable=False, index=True, unique=True),
    _text("status"),
    _text("state"),
    sa.Column("requester", sa.Text, nullable=True, index=True),
    _text("origin", null=True),
    _text("wanted", null=True),
    _number("opened_at"),
    _number("updated_at"),
    sa.Column("day", sa.Integer, nullable=False, index=True),
    _since("version"),
    _text("cause", null=True),
    _text("desk", null=True),
    sa.Column("desk_key", sa.Text, nullable=True, index=True),
    # Whoever has it, so that they can be forgotten.
    sa.Column("holder", sa.Text, nullable=True, index=True),
    sa.Index("ix_ticket_status", "status", "number"),
    sa.Index("ix_ticket_cause", "cause", "number"),
    sqlite_autoincrement=True,
)

desk = sa.Table(
    "desk",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    _number("at"),
    _text("value"),
)

ticket_entry = sa.Table(
    "ticket_entry",
    metadata,
    _counted(),
    sa.Column("ticket", _Id, nullable=False, index=True),
    sa.Column("key", sa.Text, nullable=True, index=True, unique=True),
    _number("at"),
    sa.Column("person", sa.Text, nullable=True, index=True),
    _text("by"),
    _text("what"),
    _text("text"),
    sqlite_autoincrement=True,
)
