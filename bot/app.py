"""The composition root: the one place that knows which store, desk and platform there are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.metadata import version
from logging.handlers import RotatingFileHandler
from uuid import uuid4

from pydantic import SecretStr

from adapters.base import Adapter
from adapters.console.adapter import ConsoleAdapter, Seat
from adapters.console.terminal import terminal
from adapters.http.adapter import HttpAdapter, Peer
from bot import clock
from bot.chance import spread
from bot.courier import Courier, Rhythm
from bot.delivery import Deliveries
from bot.desk.builtin import BuiltinDesk
from bot.desk.channels import Channels, decider
from bot.errors import UserError
from bot.housekeeping import keep_house
from bot.logs import log_as_json
from bot.metrics import Metrics
from bot.pace import Pace
from bot.pages import StoredPages
from bot.serving import Service
from bot.settings import Settings, home, log_folder
from bot.storage import Scope, Store
from bot.storage.opening import open_store
from bot.terminal import Talk
from bot.turn import Table, Turns
from bot.watch import Unwatched, Watch
from bot.web import Door
from dialogs.engine import advance, current
from dialogs.events import Origin
from dialogs.intake import clean
from dialogs.library import Library
from dialogs.replies import Reply, Say
from dialogs.state import State
from dialogs.understanding import answers

_USER = "local"
"""Whoever sits at this machine's terminal: one person to the bot."""
_LOG_BYTES = 1_000_000


@asynccontextmanager
async def opened(settings: Settings, role: str | None = None) -> AsyncGenerator[Store]:
    """Yield the store of `settings`. Raises `UserError` when it cannot be used.

    `role` ("serve", "chat") is what this process delivers as, if it delivers.
    """
    patience = settings.database_timeout.total_seconds()
    worker = _worker(settings, role) if role else None
    async with open_store(settings.database, home(), patience=patience, worker=worker) as store:
        yield store


async def chat(
    settings: Settings, book: Library, *, conversation: str, language: str, plain: bool
) -> None:
    """Talk at the terminal until its input ends. Raises `UserError`."""
    _log_to_file()
    source, screen = terminal(plain=plain)
    seat = Seat(
        conversation=conversation,
        user=_USER,
        language=language,
        now=clock.now,
        new_id=lambda: uuid4().hex,
    )
    adapter = ConsoleAdapter(seat, source, screen, greets=not plain)
    async with opened(settings, "chat") as store, store.deliverer() as alone:
        turns, deliveries = workings(settings, store, book, {adapter.name: adapter})
        talk = Talk(turns, deliveries, adapter, _not_stored(book), alone=alone)
        async with adapter.connect(None, talk.handle):
            polling = asyncio.create_task(talk.poll(settings.outbox_poll.total_seconds()))
            try:
                await adapter.ended()
            finally:
                polling.cancel()
                with suppress(asyncio.CancelledError):
                    await polling


async def serve(settings: Settings, book: Library) -> None:
    """Serve every platform that is set up until told to stop. Raises `UserError`."""
    if not any(_makers(settings)):
        raise UserError(
            "no platform is set up: set FLOWMEND_TEAMS_APP_ID for Teams, FLOWMEND_SLACK_BOT_TOKEN"
            " for Slack, or FLOWMEND_HTTP_TOKEN and FLOWMEND_HTTP_REPLY_URL for your own front end"
        )
    log_as_json(settings.log_level)
    async with opened(settings, "serve") as store, store.deliverer() as alone:
        if not alone:
            raise UserError("another 'flowmend serve' delivers for this database already")
        adapters = platforms(settings, book, store)
        await service(settings, book, store, adapters).run()


def service(
    settings: Settings, book: Library, store: Store, adapters: Mapping[str, Adapter]
) -> Service:
    """Return all that `serve` runs."""
    metrics = Metrics()
    turns, deliveries = workings(settings, store, book, adapters, metrics)
    courier = Courier(
        store=store,
        turns=turns,
        deliveries=deliveries,
        scope=Scope(platforms=frozenset(adapters)),
        now=clock.now,
        rhythm=Rhythm(
            lanes=settings.outbox_lanes,
            poll=settings.outbox_poll.total_seconds(),
            stop=settings.stop_timeout.total_seconds(),
        ),
        watch=metrics,
    )
    return Service(
        store=store,
        courier=courier,
        adapters=adapters,
        metrics=metrics,
        house=partial(keep_house, store, clock.now, settings.retention, settings.purge_every),
        public=Door(host=settings.host, port=settings.port, setting="FLOWMEND_PORT"),
        operations=Door(
            host=settings.ops_host, port=settings.ops_port, setting="FLOWMEND_OPS_PORT"
        ),
        version=version("flowmend"),
    )


def platforms(settings: Settings, book: Library, store: Store) -> dict[str, Adapter]:
    """Return an adapter for each platform that has its settings, by its name.

    Raises `UserError` when one cannot be had.
    """
    made = (make(settings, book, store) for make in _makers(settings))
    return {adapter.name: adapter for adapter in made}


def _makers(settings: Settings) -> Iterator[Callable[[Settings, Library, Store], Adapter]]:
    """Yield what makes the adapter of each platform that has its settings."""
    if settings.http_token:
        yield _http
    if settings.teams_app_id or settings.teams_dev:
        yield _teams
    if settings.slack_bot_token:
        yield _slack


def _http(settings: Settings, _: Library, __: Store) -> Adapter:
    peer = Peer(
        token=_secret(settings.http_token),
        reply_url=settings.http_reply_url or "",
        timeout=settings.outbox_timeout.total_seconds(),
        now=clock.now,
    )
    return HttpAdapter(peer)


def _teams(settings: Settings, book: Library, _: Store) -> Adapter:
    try:  # only who serves Teams needs Microsoft's SDK, and waits for it
        from adapters.teams.adapter import Setup, TeamsAdapter
        from adapters.teams.credentials import App
    except ModuleNotFoundError as error:
        raise _lacking("teams", error) from None
    app = settings.teams_app_id and App(
        id=settings.teams_app_id,
        type=settings.teams_app_type,
        tenant=settings.teams_tenant_id or "",
        password=_secret(settings.teams_app_password),
        certificate=settings.teams_app_certificate,
    )
    own = frozenset({settings.teams_tenant_id} if settings.teams_tenant_id else ())
    setup = Setup(
        app=app or None,
        tenants=settings.teams_allowed_tenants or own,
        loopback=settings.teams_dev,
        timeout=settings.outbox_timeout.total_seconds(),
        now=clock.now,
        phrase=book.phrase,
        service=settings.teams_service_url,
    )
    try:
        return TeamsAdapter(setup)
    except (OSError, ValueError) as error:
        why = f"cannot be used: {type(error).__name__}"
        raise UserError(f"FLOWMEND_TEAMS_APP_CERTIFICATE: {why}") from None


def _slack(settings: Settings, book: Library, store: Store) -> Adapter:
    try:  # only who serves Slack needs its SDK, and waits for it
        from adapters.slack.adapter import SlackAdapter, Workspace
    except ModuleNotFoundError as error:
        raise _lacking("slack", error) from None
    workspace = Workspace(
        bot_token=_secret(settings.slack_bot_token),
        signing_secret=_secret(settings.slack_signing_secret),
        app_token=_secret(settings.slack_app_token),
        api_url=settings.slack_api_url,
        timeout=settings.outbox_timeout.total_seconds(),
        now=clock.now,
    )
    return SlackAdapter(workspace, StoredPages(store, book))


def _lacking(extra: str, error: ModuleNotFoundError) -> UserError:
    return UserError(f"{error.name} is missing: pip install 'flowmend[{extra}]'")


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


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
        return Say(text=(book.phrase("trouble", state.language or _spoken(book, origin), id=id),))

    return Table(
        advance=lambda state, event: advance(state, event, book),
        clean=clean,
        current=lambda state, event: current(state, event, book),
        trouble=trouble,
        answers=lambda state, event: answers(state, event, book),
    )


def _not_stored(book: Library) -> Callable[[Origin], Reply]:
    return lambda origin: Say(text=(book.phrase("not-stored", _spoken(book, origin)),))


def _spoken(book: Library, origin: Origin) -> str:
    return origin.language[:2].lower() or book.policy.language


def _log_to_file() -> None:
    """A terminal is for the conversation: what goes wrong behind it goes into a file."""
    logging.raiseExceptions = False
    root = logging.getLogger()
    folder = log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / "flowmend.log",
            maxBytes=_LOG_BYTES,
            backupCount=1,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
