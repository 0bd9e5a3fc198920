"""The manifest: it asks for what is used, and for nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.manifests import UnfitError
from adapters.slack.manifest import FILE, manifest
from adapters.slack.parse import DIAGNOSE, parse
from tests.slack import bodies
from tests.slack.web_api import TEAM
from tests.slack.workspace import MENTION

ROOT = Path(__file__).parents[3]
TEMPLATE = (ROOT / "manifest/slack" / FILE).read_text("utf-8")
URL = "https://bot.example.com"

METHODS: dict[str, set[str]] = {
    "agents.sessions.setStatus": {"chat:write"},
    "assistant.threads.setSuggestedPrompts": {"assistant:write"},
    "auth.test": set(),
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
}
"""The scopes that docs.slack.dev names for each method that the adapter calls."""
EVENTS: dict[str, set[str]] = {
    "agent_session_stopped": set(),
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}
FEATURES = {"shortcuts": "commands", "slash_commands": "commands", "agent_view": "assistant:write"}


def read(text: str) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(text)
    return told


def called() -> set[str]:
    """Return the methods that stand in the adapter's source."""
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "adapters/slack").glob("*.py"))
    return set(re.findall(r'"([a-z]+\.(?:[a-z]+\.)*[a-z]+[A-Za-z]*)"', source)) - {"manifest.yaml"}


def test_the_table_of_methods_is_what_the_adapter_calls() -> None:
    hosts = {"files.slack.com"}

    assert called() - hosts == set(METHODS)


def test_every_scope_is_used_and_every_use_has_its_scope() -> None:
    asked = read(TEMPLATE)
    methods = {scope for scopes in METHODS.values() for scope in scopes}
    events = {scope for scopes in EVENTS.values() for scope in scopes}
    features = {scope for name, scope in FEATURES.items() if name in asked["features"]}

    assert set(asked["oauth_config"]["scopes"]["bot"]) == methods | events | features


def test_every_event_is_listened_to() -> None:
    """A message of each kind is an event to us; `test_entry_points` shows the others at work."""
    asked = set(read(TEMPLATE)["settings"]["event_subscriptions"]["bot_events"])
    said = {
        "app_mention": bodies.mention_of(bodies.message("U1", "C1", f"{MENTION} x", "1.1")),
        "message.channels": bodies.message("U1", "C1", "x", "1.2", thread_ts="1.1"),
        "message.groups": bodies.message("U1", "G1", "x", "1.2", thread_ts="1.1"),
        "message.im": bodies.message("U1", "D1", "x", "1.1"),
    }
    received = {"id": "1", "at": "2026-11-22T09:14:00+00:00"}
    shown = {"app_home_opened", "agent_session_stopped"}

    assert asked == set(EVENTS) == set(said) | shown
    for event in said.values():
        assert parse({**bodies.envelope(event, TEAM), "received": received})


def test_the_shortcut_and_the_command_are_ours() -> None:
    features = read(TEMPLATE)["features"]

    assert [it["callback_id"] for it in features["shortcuts"]] == [DIAGNOSE]
    command = bodies.command("U1", "x", "")["command"]
    assert [it["command"] for it in features["slash_commands"]] == [command]


def test_at_an_address_slack_posts_to_one_place() -> None:
    told = read(manifest(TEMPLATE, f"{URL}/"))

    settings = told["settings"]
    places = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(it["url"] for it in told["features"]["slash_commands"]),
    }
    assert places == {f"{URL}/slack/events"}
    assert settings["socket_mode_enabled"] is False


def test_in_socket_mode_slack_posts_nowhere() -> None:
    told = manifest(TEMPLATE, None)

    assert "https://" not in told
    assert read(told)["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("name: Flowmend", f"name: {'F' * 36}", "display_information.name"),
        ("name: Diagnose this message", "name: Diagnose this long message", "shortcuts"),
        ("display_name: flowmend", "display_name: Flow Mend", "display_name"),
        ("read_only_enabled: false", "read_only_enabled: true", "messages_tab_read_only_enabled"),
        ("always_online: true", "always_onlin: true", "bot_user"),
        ("major_version: 2", "major_version: 1", "major_version"),
        ("should_escape: true", "should_escape: false", "should_escape"),
        ("slash_commands:", "slash_command:", "damaged"),
        ("features:", "features: [", "damaged"),
    ],
)
def test_what_slack_would_refuse_is_refused_here(old: str, new: str, why: str) -> None:
    assert old in TEMPLATE

    with pytest.raises(UnfitError, match=why):
        manifest(TEMPLATE.replace(old, new), URL)


@pytest.mark.parametrize("url", ["http://bot.example.com", "ftp://x", "https://"])
def test_an_address_that_slack_would_refuse(url: str) -> None:
    with pytest.raises(UnfitError, match="url"):
        manifest(TEMPLATE, url)
