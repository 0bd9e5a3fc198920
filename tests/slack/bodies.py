"""What Slack posts to a bot. `tests/e2e/slack` holds it against Slack's own types."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

from tests.slack.web_api import APP, BOT, TEAM

Json = dict[str, Any]

_number = count(1)
_LACKS: dict[object, tuple[str, ...]] = {
    "file_share": ("team", "client_msg_id"),
    "thread_broadcast": ("team",),
}
"""What messages of these subtypes have not, by `@slack/types`."""
_URL = re.compile(r"https?://[^\s<>|]+")


def typed(text: str) -> str:
    """Return what becomes of `text` between a keyboard and a bot: escaped, its addresses linked."""
    parts = re.split(r"(<@\w+>)", text)
    return "".join(part if n % 2 else _linked(part) for n, part in enumerate(parts))


def _linked(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _URL.sub(lambda found: f"<{found[0]}>", escaped)


def envelope(event: Json, team: str = TEAM, **more: object) -> Json:
    """Return `event` as the Events API posts it, under an id of its own."""
    return {
        "token": "unused",
        "team_id": team,
        "context_team_id": team,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{next(_number):08}",
        "event_time": 1_764_000_000,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": BOT,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        **more,
    }


def message(user: str, channel: str, text: str, ts: str, **more: object) -> Json:
    """Return the event `message` of something that somebody typed."""
    kind = {"D": "im", "G": "group"}.get(channel[0], "channel")
    said = {
        "type": "message",
        "user": user,
        "team": TEAM,
        "text": typed(text),
        "ts": ts,
        "event_ts": ts,
        "channel": channel,
        "channel_type": kind,
        "client_msg_id": f"00000000-0000-4000-8000-{next(_number):012}",
        **more,
    }
    return {
        name: it for name, it in said.items() if name not in _LACKS.get(said.get("subtype"), ())
    }


def mention_of(said: Json) -> Json:
    """Return the event `app_mention` that comes beside the event `message`."""
    left_out = ("channel_type", "subtype")
    return {**{k: v for k, v in said.items() if k not in left_out}, "type": "app_mention"}


def changed(channel: str, before: Json, now: Json, ts: str) -> Json:
    """Return the event of an edit, an unfurled link, or a deletion that leaves a tombstone."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel,
        "channel_type": "im" if channel[0] == "D" else "channel",
        "ts": ts,
        "event_ts": ts,
        "message": now,
        "previous_message": before,
    }


def edited(said: Json, text: str, ts: str) -> Json:
    """Return the event of an edit of the message `said`."""
    now = {**said, "text": typed(text), "edited": {"user": said["user"], "ts": ts}}
    return changed(said["channel"], said, now, ts)


def deleted(said: Json, ts: str) -> Json:
    """Return the event of a deletion of the message `said`."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": said["channel"],
        "channel_type": "im" if said["channel"][0] == "D" else "channel",
        "ts": ts,
        "event_ts": ts,
        "deleted_ts": said["ts"],
        "previous_message": said,
    }


def interaction(kind: str, user: str, channel: str, url: str, **more: object) -> Json:
    """Return a `block_actions` or a `message_action`."""
    return {
        "type": kind,
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": APP,
        "token": "unused",
        "trigger_id": f"1.2.{next(_number)}",
        "team": {"id": TEAM, "domain": "t"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "help"},
        "response_url": f"{url}respond",
        **more,
    }


def pick(user: str, channel: str, shown: Json, picked: str, url: str) -> Json:
    """Return what picking `picked` from the list of people on `shown` sends."""
    (block,) = (
        it
        for it in shown["blocks"]
        if it["type"] == "actions" and it["elements"][0]["type"] == "users_select"
    )
    (select,) = block["elements"]
    action = {**select, "block_id": block["block_id"], "selected_user": picked}
    return press(user, channel, {"ts": "1764000000.000300", **shown}, action, url)


def press(user: str, channel: str, shown: Json, button: Json, url: str) -> Json:
    """Return what the press of `button` on the message `shown` sends."""
    container = {
        "type": "message",
        "message_ts": shown["ts"],
        "channel_id": channel,
        "is_ephemeral": False,
        "thread_ts": shown.get("thread_ts"),
    }
    ts = f"1764{next(_number):06}.000200"
    action = {"block_id": "b1", **button, "action_ts": ts}
    return interaction(
        "block_actions",
        user,
        channel,
        url,
        container={name: it for name, it in container.items() if it is not None},
        message=shown,
        state={"values": {}},
        actions=[action],
    )


def shortcut(user: str, channel: str, on: Json, url: str) -> Json:
    """Return what the message shortcut on the message `on` sends."""
    return interaction(
        "message_action",
        user,
        channel,
        url,
        callback_id="diagnose_message",
        message_ts=on["ts"],
        action_ts=f"1764{next(_number):06}.000300",
        message={k: v for k, v in on.items() if k not in ("channel", "channel_type", "event_ts")},
    )


def command(user: str, text: str, url: str) -> dict[str, str]:
    """Return the form that `/flowmend TEXT` sends."""
    return {
        "token": "unused",
        "team_id": TEAM,
        "team_domain": "t",
        "channel_id": "C1",
        "channel_name": "help",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/flowmend",
        "text": typed(text),
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": f"{url}respond",
        "trigger_id": f"1.2.{next(_number)}",
    }


def home_opened(user: str, channel: str, tab: str) -> Json:
    """Return the event of somebody who opens the bot's pages."""
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "tab": tab,
        "event_ts": "1764000000.000400",
    }


def stopped(user: str, channel: str, root: str) -> Json:
    """Return the event of somebody who stops an agent."""
    return {
        "type": "agent_session_stopped",
        "channel": channel,
        "user": user,
        "thread_ts": root,
        "streaming_message_ts": [],
        "event_ts": "1764000000.000500",
    }
