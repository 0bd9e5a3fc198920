"""Desk channels, where each ticket is and who has it, and the threads below their cards."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables, and read the causes of the tickets that there are."""
    op.create_table(
        "desk",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    for name in ("route", "thread"):
        op.add_column("shown", sa.Column(name, sa.Text, nullable=True))
    op.create_index("ix_shown_thread", "shown", ["thread"])
    op.add_column("ticket", sa.Column("version", sa.BigInteger, nullable=False, server_default="0"))
    for name in ("cause", "desk", "desk_key", "holder"):
        op.add_column("ticket", sa.Column(name, sa.Text, nullable=True))
    op.create_index("ix_ticket_desk_key", "ticket", ["desk_key"])
    op.create_index("ix_ticket_holder", "ticket", ["holder"])
    op.create_index("ix_ticket_cause", "ticket", ["cause", "number"])
    _causes()


def _causes() -> None:
    names = ("number", "wanted", "cause")
    ticket = sa.table("ticket", *(sa.column(name) for name in names))
    known = sa.select(ticket.c.number, ticket.c.wanted).where(ticket.c.wanted.is_not(None))
    db = op.get_bind()
    for number, wanted in db.execute(known).all():
        cause = json.loads(wanted)["OpenTicket"]["case"]["diagnosis"].get("cause")
        db.execute(sa.update(ticket).where(ticket.c.number == number).values(cause=cause))
