"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first release."""
    _conversations()
    _deliveries()
    _journal()
    _tickets()


def _count(name: str = "id", *, by_hand: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, primary_key=True, autoincrement=not by_hand)


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, primary_key=key)


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _small(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=default)


def _index(table: str, *columns: str, name: str = "", unique: bool = False) -> None:
    op.create_index(f"ix_{table}_{name or columns[0]}", table, list(columns), unique=unique)


def _conversations() -> None:
    op.create_table(
        "conversation",
        _text("id", key=True),
        _small("version"),
        _text("state"),
        _text("requester"),
        _text("route"),
        _big("updated_at"),
        _small("day"),
        postgresql_with={"fillfactor": 70},
    )
    _index("conversation", "requester")
    _index("conversation", "day")
    op.create_table("participant", _text("person", key=True), _text("conversation", key=True))
    _index("participant", "conversation")


def _deliveries() -> None:
    op.create_table("inbox", _text("event", key=True), _big("received_at"), sqlite_with_rowid=False)
    _index("inbox", "received_at")
    names = ("lane", "conversation", "platform", "person", "kind", "key", "origin", "item")
    op.create_table(
        "outbox",
        _count(),
        *map(_text, names),
        _big("due_at"),
        _small("attempts", "0"),
        _small("fleeting", "0"),
        _text("owner", null=True),
        _text("last_error", null=True),
        sqlite_autoincrement=True,
    )
    _index("outbox", "lane", "id")
    _index("outbox", "due_at")
    op.create_table(
        "dead_letter",
        _count(by_hand=True),
        *map(_text, names),
        _small("attempts", "0"),
        _text("last_error"),
        _big("died_at"),
    )
    _index("dead_letter", "conversation")
    op.create_table(
        "timer", _text("id", key=True), _text("conversation"), _big("due_at"), _text("payload")
    )
    _index("timer", "conversation")
    _index("timer", "due_at")


def _journal() -> None:
    op.create_table(
        "journal",
        _count(),
        _big("at"),
        _small("day"),
        _text("conversation", null=True),
        _text("platform"),
        _text("event"),
        _text("cause", null=True),
        _text("confidence", null=True),
        _text("outcome"),
        _text("language"),
    )
    _index("journal", "at")
    _index("journal", "conversation")


def _tickets() -> None:
    op.create_table(
        "ticket",
        _count("number"),
        _text("key"),
        _text("status"),
        _text("state"),
        _text("requester", null=True),
        _text("origin", null=True),
        _text("wanted", null=True),
        _big("opened_at"),
        _big("updated_at"),
        _small("day"),
        sqlite_autoincrement=True,
    )
    _index("ticket", "key", unique=True)
    _index("ticket", "requester")
    _index("ticket", "day")
    _index("ticket", "status", "number")
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "ticket_entry",
        _count(),
        sa.Column("ticket", number, nullable=False),
        _text("key", null=True),
        _big("at"),
        _text("person", null=True),
        _text("by"),
        _text("what"),
        _text("text"),
        sqlite_autoincrement=True,
    )
    _index("ticket_entry", "ticket")
    _index("ticket_entry", "key", unique=True)
    _index("ticket_entry", "person")
