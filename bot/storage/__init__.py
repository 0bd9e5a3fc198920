"""Keeping what must not be lost: the port (`port.py`), and the values that pass through it.

What administrators and the clock do to it is in `keeping.py`.
"""

from bot.storage.conversations import Decide, Decision, Known, Note, Snapshot
from bot.storage.errors import Conflict, StorageError, Unavailable, Unreadable, Unusable
from bot.storage.outgoing import Backlog, Due, Lease, Outgoing, Scope, Shown
from bot.storage.person import Person
from bot.storage.port import Store
from bot.storage.ticketing import (
    Changed,
    DeskDecide,
    Desks,
    Ticket,
    TicketDecide,
    TicketEntry,
    Tickets,
)

__all__ = [
    "Backlog",
    "Changed",
    "Conflict",
    "Decide",
    "Decision",
    "DeskDecide",
    "Desks",
    "Due",
    "Known",
    "Lease",
    "Note",
    "Outgoing",
    "Person",
    "Scope",
    "Shown",
    "Snapshot",
    "StorageError",
    "Store",
    "Ticket",
    "TicketDecide",
    "TicketEntry",
    "Tickets",
    "Unavailable",
    "Unreadable",
    "Unusable",
]
