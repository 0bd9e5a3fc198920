"""What every process of the bot runs on: the store, the conversation, the desk, the deliveries."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from adapters.base import Adapter
from bot import clock
from bot.chance import spread
from bot.delivery import Deliveries
from bot.desk.builtin import BuiltinDesk
from bot.desk.channels import Channels, decider
from bot.pace import Pace
from bot.settings import Settings, home
from bot.storage import Store
from bot.storage.opening import open_store
from bot.turn import Table, Turns
from bot.watch import Unwatched, Watch
from dialogs.engine import advance, current
from dialogs.events import Origin
from dialogs.intake import clean
from dialogs.library import Library
from dialogs.replies import Reply, Say
from dialogs.state import State
from dialogs.understanding import answers


@asynccontextmanager
async def opened(settings: Settings, role: str | None = None) -> AsyncGenerator[Store]:
    """Yield the store of `settings`. Raises `UserError` when it cannot be used.

    `role` ("serve", "chat") is what this process delivers as, if it delivers.
    """
    patience = settings.database_timeout.total_seconds()
    worker = _worker(settings, role) if role else None
    async with open_store(settings.database, home(), patience=patience, worker=worker) as store:
        yield store


def _worker(settings: Settings, role: str) -> str:
    """Return whose leases this process's are: on SQLite there is one of each role."""
    if settings.database.startswith("sqlite:"):
        return role
    return f"{role}@{settings.replica}:{settings.port}"


def workings(
    settings: Settings,
    store: Store,
    book: Library,
    adapters: Mapping[str, Adapter],
    watch: Watch | None = None,
) -> tuple[Turns, Deliveries]:
    """Return what takes events in, and what sees to their replies."""
    watch = watch or Unwatched()
    turns = Turns(
        store=store,
        adapters=adapters,
        table=_table(book),
        now=clock.now,
        lease=settings.outbox_lease,
        watch=watch,
        channels=Channels(store, book, clock.now),
    )
    deliveries = Deliveries(
        store=store,
        desk=BuiltinDesk(store.tickets, clock.now, decider(book)),
        adapters=adapters,
        turns=turns,
        now=clock.now,
        pace=Pace(
            lease=settings.outbox_lease,
            timeout=min(settings.outbox_timeout, settings.outbox_lease / 2),
            attempts=settings.outbox_attempts,
            backoff=settings.outbox_backoff,
            longest=settings.outbox_longest,
            spread=spread,
        ),
        watch=watch,
    )
    return turns, deliveries


def _table(book: Library) -> Table:
    def trouble(state: State, origin: Origin, id: str) -> Reply:
        return Say(text=(book.phrase("trouble", state.language or spoken(book, origin), id=id),))

    return Table(
        advance=lambda state, event: advance(state, event, book),
        clean=clean,
        current=lambda state, event: current(state, event, book),
        trouble=trouble,
        answers=lambda state, event: answers(state, event, book),
    )


def spoken(book: Library, origin: Origin) -> str:
    """Return the language of somebody who has said nothing yet."""
    return origin.language[:2].lower() or book.policy.language
