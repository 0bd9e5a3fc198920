"""The service, put together: the one place that knows which platforms there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import version

from pydantic import SecretStr

from adapters.base import Adapter
from adapters.http.adapter import HttpAdapter, Peer
from bot import clock
from bot.courier import Courier, Rhythm
from bot.errors import UserError
from bot.housekeeping import keep_house
from bot.logs import log_as_json
from bot.metrics import Metrics
from bot.pages import StoredPages
from bot.serving import Service
from bot.settings import Settings
from bot.storage import Scope, Store
from bot.web import Door
from bot.workings import opened, workings
from dialogs.library import Library


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
