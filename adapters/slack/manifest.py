"""The manifest that an app of Slack's is made from, at an address or in Socket Mode.

docs.slack.dev, "App manifest reference". Needs none of Slack's SDK.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from adapters.checks import first_problem
from adapters.manifests import Part, UnfitError, Url
from adapters.slack.payloads import ROUTE

FILE = "manifest.yaml"


class _Metadata(Part):
    major_version: Literal[2]
    minor_version: Literal[1]


class _Display(Part):
    name: Annotated[str, Field(min_length=1, max_length=35)]
    description: Annotated[str, Field(max_length=140)]
    long_description: Annotated[str, Field(min_length=175, max_length=4000)]
    background_color: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class _Home(Part):
    home_tab_enabled: Literal[True]
    messages_tab_enabled: Literal[True]
    messages_tab_read_only_enabled: Literal[False]
    """Anything else silently keeps people from writing to the bot."""


class _BotUser(Part):
    display_name: Annotated[str, Field(pattern=r"^[a-z0-9._-]{1,80}$")]
    always_online: bool


class _Agent(Part):
    agent_description: Annotated[str, Field(min_length=1, max_length=300)]


class _Shortcut(Part):
    name: Annotated[str, Field(min_length=1, max_length=24)]
    type: Literal["message", "global"]
    callback_id: Annotated[str, Field(max_length=255)]
    description: Annotated[str, Field(max_length=150)]


class _Command(Part):
    command: Annotated[str, Field(pattern=r"^/[a-z0-9_-]{1,31}$")]
    url: Url | None = None
    description: Annotated[str, Field(max_length=2000)]
    usage_hint: Annotated[str, Field(max_length=1000)]
    should_escape: Literal[True]


class _Features(Part):
    app_home: _Home
    bot_user: _BotUser
    agent_view: _Agent
    shortcuts: Annotated[list[_Shortcut], Field(max_length=10)]
    slash_commands: Annotated[list[_Command], Field(max_length=50)]


class _Scopes(Part):
    bot: Annotated[list[str], Field(min_length=1, max_length=255)]


class _OAuth(Part):
    scopes: _Scopes


class _Events(Part):
    request_url: Url | None = None
    bot_events: Annotated[list[str], Field(min_length=1, max_length=100)]


class _Interactivity(Part):
    is_enabled: Literal[True]
    request_url: Url | None = None


class _Settings(Part):
    event_subscriptions: _Events
    interactivity: _Interactivity
    org_deploy_enabled: bool
    socket_mode_enabled: bool
    token_rotation_enabled: bool


class Manifest(Part):
    """What Slack takes, and no key more."""

    metadata: Annotated[_Metadata, Field(alias="_metadata")]
    display_information: _Display
    features: _Features
    oauth_config: _OAuth
    settings: _Settings


def manifest(template: str, public_url: str | None) -> str:
    """Return the manifest of a bot at `public_url`; None: in Socket Mode. Raises `UnfitError`."""
    try:
        told: dict[str, Any] = yaml.safe_load(template)
        _address(told, f"{public_url.rstrip('/')}{ROUTE}" if public_url else None)
        checked = Manifest.model_validate(told)
    except ValidationError as error:
        raise UnfitError(first_problem(error)) from None
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise UnfitError(f"the template is damaged: {type(error).__name__}") from None
    if (checked.settings.event_subscriptions.request_url is None) != (public_url is None):
        raise UnfitError("settings.event_subscriptions: needs an address, or Socket Mode")
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)


def _address(told: dict[str, Any], url: str | None) -> None:
    """Put `url` wherever Slack posts to; without one it posts nowhere."""
    settings = told["settings"]
    settings["socket_mode_enabled"] = url is None
    places = [(command, "url") for command in told["features"]["slash_commands"]]
    subscribed, pressed = settings["event_subscriptions"], settings["interactivity"]
    for place, key in (*places, (subscribed, "request_url"), (pressed, "request_url")):
        place.pop(key)
        if url:
            place[key] = url
