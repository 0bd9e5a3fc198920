"""Timers know their platform, and cards that are shown are kept until they are answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Lay out timers anew (none was ever set before) and make the table of shown cards."""
    op.drop_table("timer")
    op.create_table(
        "timer",
        _text("conversation", key=True),
        _text("platform"),
        _text("name"),
        _text("origin"),
        sa.Column("due_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_timer_due_at", "timer", ["due_at"])
    op.create_table(
        "shown",
        _text("conversation", key=True),
        _text("token", key=True),
        _text("message"),
        _text("asked"),
    )


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, primary_key=key)
