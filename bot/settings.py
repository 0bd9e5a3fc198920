"""Everything that can be set, read once at start. Nothing else reads the environment."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from platformdirs import user_data_path, user_log_path
from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.hosts import is_loopback
from adapters.teams.hosts import PUBLIC_CLOUD, is_service
from bot.errors import UserError
from bot.kinds import (
    Database,
    DeskRoutes,
    Duration,
    ExistingFile,
    ExistingFolder,
    Guid,
    Guids,
    Holidays,
    Hours,
    Language,
    Names,
    Patience,
    Port,
    ReplicaName,
    Retention,
    Url,
    Zone,
)

PREFIX = "FLOWMEND_"

_FILE = "sqlite:///"


def home() -> Path:
    """Return the folder of this user's data, which may not be there yet."""
    return user_data_path("flowmend", appauthor=False)


def log_folder() -> Path:
    """Return the folder of this user's logs, which may not be there yet."""
    return user_log_path("flowmend", appauthor=False)


def _default_database() -> str:
    return f"sqlite:///{home() / 'flowmend.sqlite3'}"


def _default_replica() -> str:
    """Return this machine's name; replicas on one machine tell each other apart by their port."""
    return re.sub(r"[^\w.-]", "-", socket.gethostname())[:100] or "flowmend"


class Settings(BaseSettings):
    """`FLOWMEND_DATABASE`, `FLOWMEND_LANGUAGE` ..."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    database: Database = Field(default_factory=_default_database)
    """Where conversations and tickets are kept."""
    language: Language = "en"
    """Spoken to whoever has not shown another one."""
    playbooks: ExistingFolder | None = None
    """A folder with words, links and causes of one's own, laid over ours key by key."""
    fallback_contact: str | None = None
    """Whom to turn to when no ticket can be opened."""
    remind_after: Patience = timedelta(hours=4)
    """How long an open question waits before it is asked once more; `off`: never."""
    close_after: Patience = timedelta(days=3)
    """How long somebody may be silent before the bot stops waiting; `off`: never."""
    administrators: Names = frozenset()
    """Who may make a channel a desk: ids as `slack:U123`, one after the other."""
    desks: DeskRoutes | None = None
    """Desk channels: `slack:T123:C123 team identity; teams:...`."""
    business_hours: Hours | None = None
    """When people are there: `Mon-Fri 09:00-12:00 13:00-18:00; Sat 10:00-12:00`."""
    time_zone: Zone = "UTC"
    """Where those hours are: `Asia/Seoul`."""
    holidays: Holidays | None = None
    """Days on which nobody is there: `2026-12-25 2027-01-01`."""
    claim_after: Patience = timedelta(hours=1)
    """How long a ticket waits in its channel for somebody to take it, in open hours; `off`."""
    answer_after: Patience = timedelta(days=3)
    """How long experts wait for the requester, once before they ask and once more after; `off`."""
    retention: Retention = None
    """How long `flowmend serve` keeps conversations and solved tickets; `off`: for ever."""
    purge_every: Duration = timedelta(hours=1)
    """How often `flowmend serve` deletes what is old, and ids of events after a week."""
    host: str = "127.0.0.1"
    """Where `flowmend serve` listens."""
    port: Port = 3978
    """Where `flowmend serve` listens; 0 is any free port."""
    ops_host: str = "127.0.0.1"
    """Where metrics and the detailed health are to be had."""
    ops_port: Port = 3979
    """Where metrics and the detailed health are to be had; 0 is any free port."""
    http_token: SecretStr | None = None
    """Bearer token of the HTTP platform, both ways; without it the platform is off."""
    http_reply_url: Url | None = None
    """Where the HTTP platform's replies are posted; needed with the token."""
    public_url: Url | None = None
    """Where the service is reached from outside; `flowmend manifest` writes it down."""
    teams_app_id: Guid | None = None
    """The bot's application id in Entra; without it the platform is off."""
    teams_app_password: SecretStr | None = None
    """Its client secret."""
    teams_app_certificate: ExistingFile | None = None
    """A PEM file with private key and certificate, in place of the secret."""
    teams_app_type: Literal["SingleTenant", "MultiTenant", "UserAssignedMSI"] = "SingleTenant"
    """How the bot is registered; a managed identity needs neither secret nor certificate."""
    teams_tenant_id: Guid | None = None
    """The tenant that it is registered in; needed unless it is `MultiTenant`."""
    teams_allowed_tenants: Guids = frozenset()
    """Whose people may use it."""
    teams_service_url: Url = PUBLIC_CLOUD
    """Where a desk channel is reached that only the settings name."""
    teams_dev: bool = False
    """Serve a Teams client on this machine without any registration."""
    slack_bot_token: SecretStr | None = None
    """The bot token of the Slack app (`xoxb-...`); without it Slack is off."""
    slack_signing_secret: SecretStr | None = None
    """What Slack signs its requests with; needed with the bot token, unless in Socket Mode."""
    slack_app_token: SecretStr | None = None
    """App-level token (`xapp-...`): switches Socket Mode on."""
    slack_api_url: Url = "https://slack.com/api/"
    """Where Slack's Web API is; for a stand-in."""
    replica: ReplicaName = Field(default_factory=_default_replica)
    """This process's name among all that share a database; the same again after a restart."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least that is logged by `flowmend serve`."""
    database_timeout: Duration = timedelta(seconds=3)
    """How long a locked or silent database is waited for."""
    stop_timeout: Duration = timedelta(seconds=20)
    """How long what is in hand may take when the service is stopped."""
    outbox_lease: Duration = timedelta(seconds=30)
    """How long one delivery may take before another worker may try it."""
    outbox_timeout: Duration = timedelta(seconds=10)
    """How long a platform may take for one reply; never more than half the lease."""
    outbox_attempts: Annotated[int, Field(ge=1, le=100)] = 10
    """Deliveries that are tried before one is put aside."""
    outbox_backoff: Duration = timedelta(seconds=2)
    """The pause after the first failed delivery; it doubles with each further one."""
    outbox_longest: Duration = timedelta(minutes=10)
    """The longest pause between two tries, unless the platform asks for a longer one."""
    outbox_lanes: Annotated[int, Field(ge=1, le=1000)] = 32
    """Conversations of each platform that are delivered to at the same time."""
    outbox_poll: Duration = timedelta(seconds=1)
    """How often a running process looks for timers and for what others have left for it."""

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.http_token and not self.http_reply_url:
            raise ValueError("FLOWMEND_HTTP_REPLY_URL: needed with FLOWMEND_HTTP_TOKEN")
        if self.http_reply_url and not self.http_token:
            raise ValueError("FLOWMEND_HTTP_TOKEN: needed with FLOWMEND_HTTP_REPLY_URL")
        self._slack_fits_together()
        if self.remind_after and self.close_after and self.close_after <= self.remind_after:
            raise ValueError("FLOWMEND_CLOSE_AFTER: must be longer than FLOWMEND_REMIND_AFTER")
        return self

    @model_validator(mode="after")
    def _teams_fits_together(self) -> Self:
        if why := self._teams_lacks():
            raise ValueError(f"FLOWMEND_TEAMS_{why}")
        return self

    def _teams_lacks(self) -> str | None:
        secrets = [self.teams_app_password, self.teams_app_certificate]
        if self.teams_dev and not is_loopback(self.host):
            return "DEV: only where nobody else can call; set FLOWMEND_HOST to 127.0.0.1"
        if not is_service(self.teams_service_url, loopback=self.teams_dev):
            return f"SERVICE_URL: that is no service of Microsoft's; usual is {PUBLIC_CLOUD}"
        if not self.teams_app_id:
            others = [*secrets, self.teams_tenant_id, self.teams_allowed_tenants]
            return "APP_ID: needed with the other settings of Teams" if any(others) else None
        if self.teams_app_type == "UserAssignedMSI":
            if any(secrets):
                return "APP_TYPE: a managed identity has no secret; unset it"
        elif not any(secrets):
            return "APP_PASSWORD: needed with FLOWMEND_TEAMS_APP_ID, or a certificate"
        elif all(secrets):
            return "APP_CERTIFICATE: given beside FLOWMEND_TEAMS_APP_PASSWORD; unset one of them"
        if self.teams_app_type != "MultiTenant" and not self.teams_tenant_id:
            return "TENANT_ID: needed with FLOWMEND_TEAMS_APP_ID"
        if self.teams_app_type == "MultiTenant" and not self.teams_allowed_tenants:
            return "ALLOWED_TENANTS: needed when the bot is MultiTenant; name whom it serves"
        return None

    def _slack_fits_together(self) -> None:
        takes = self.slack_signing_secret or self.slack_app_token
        if self.slack_bot_token and not takes:
            raise ValueError(
                "FLOWMEND_SLACK_SIGNING_SECRET: needed with FLOWMEND_SLACK_BOT_TOKEN"
                " (or FLOWMEND_SLACK_APP_TOKEN, for Socket Mode)"
            )
        if takes and not self.slack_bot_token:
            raise ValueError("FLOWMEND_SLACK_BOT_TOKEN: needed with what else is set for Slack")


def read(given: Mapping[str, str | None] | None = None) -> Settings:
    """Return the settings; `given` ({"database": URL}) are a command's own options, None if unset.

    Raises `UserError` naming the setting, or the option, that is wrong.
    """
    _refuse_unknown(os.environ)
    options: dict[str, Any] = {key: value for key, value in (given or {}).items() if value}
    try:
        return Settings(**options)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    if not first["loc"]:  # settings that do not fit together: the message names them
        raise UserError(first["msg"].removeprefix("Value error, "))
    key = str(first["loc"][0])
    name = f"--{key}" if key in options else f"{PREFIX}{key.upper()}"
    why = first["msg"].removeprefix("Value error, ")
    raise UserError(f"{name}: {why[0].lower()}{why[1:]}")


def read_existing(given: Mapping[str, str | None]) -> Settings:
    """Return the settings as `read` does, for commands that look after a database.

    Raises `UserError` when the database that an option names is a file that is not there: a
    mistyped name would otherwise become a new and empty one.
    """
    settings, url = read(given), given.get("database")
    if url and url.startswith(_FILE) and not Path(url.removeprefix(_FILE)).exists():
        raise UserError(f"--database: there is no file {url.removeprefix(_FILE)}")
    return settings


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """A misspelt setting would otherwise be a setting that silently does nothing."""
    known = {f"{PREFIX}{key.upper()}" for key in Settings.model_fields}
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            from difflib import get_close_matches

            meant = get_close_matches(name.upper(), known, n=1, cutoff=0.8)
            hint = f"; is {meant[0]} meant?" if meant else f"; known are {', '.join(sorted(known))}"
            raise UserError(f"{name}: there is no such setting{hint}")
