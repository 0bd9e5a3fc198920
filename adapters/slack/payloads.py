"""What Slack sends, as far as it is read. Everything else in it is left alone.

Fields: docs.slack.dev, and `@slack/types` for events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

ROUTE = "/slack/events"
"""Where Slack posts it, unless in Socket Mode."""

Id = Annotated[str, Field(pattern=r"^\w{1,100}$")]
Ts = Annotated[str, Field(pattern=r"^\d{1,12}\.\d{1,9}$")]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class Received(_Part):
    """What the adapter adds to a payload: nothing in it can say so itself."""

    id: Annotated[str, Field(min_length=1)]
    """The same for the same body."""
    at: str
    """ISO 8601, with zone."""
    bot: str = ""
    """The bot's own user."""


class Edit(_Part):
    """Set once somebody has edited a message."""

    ts: Ts


class FileInfo(_Part):
    """A file that hangs on a message."""

    id: str = ""
    name: str | None = None
    mimetype: str = ""
    permalink: str = ""
    url_private: str = ""
    url_private_download: str = ""


class Message(_Part):
    """A message as it is, was, or has become."""

    type: str = ""
    subtype: str | None = None
    user: Id | None = None
    bot_id: str | None = None
    app_id: str | None = None
    text: str | None = None
    ts: Ts | None = None
    thread_ts: Ts | None = None
    channel: Id | None = None
    channel_type: str = ""
    edited: Edit | None = None
    files: list[FileInfo] = []
    attachments: list[dict[str, Any]] = []
    blocks: list[dict[str, Any]] = []
    user_team: str | None = None
    message: Message | None = None
    previous_message: Message | None = None
    deleted_ts: Ts | None = None


class Authorization(_Part):
    """For whom Slack sends an event."""

    team_id: Id | None = None
    user_id: str = ""
    is_bot: bool = False


class Envelope(_Part):
    """An event of the Events API."""

    type: str
    team_id: Id | None = None
    event_id: Id | None = None
    event: dict[str, Any] = {}
    authorizations: list[Authorization] = []


class Named(_Part):
    """Anything with an id."""

    id: Id


class User(_Part):
    """Who pressed, chose or typed."""

    id: Id
    team_id: str | None = None


class Container(_Part):
    """Where a pressed button was shown."""

    channel_id: Id | None = None
    message_ts: Ts | None = None
    thread_ts: Ts | None = None


class Action(_Part):
    """A pressed button."""

    value: str | None = None
    block_id: str = ""
    selected_user: Id | None = None
    action_ts: Ts | None = None


class View(_Part):
    """A window that was sent."""

    id: str
    private_metadata: str = ""
    state: dict[str, Any] = {}


class Interaction(_Part):
    """A press, or a shortcut."""

    type: str
    user: User
    team: Named
    channel: Named | None = None
    container: Container = Container()
    message: Message | None = None
    actions: list[Action] = []
    view: View | None = None


class Command(_Part):
    """A slash command."""

    command: str
    text: str = ""
    team_id: Id
    user_id: Id


def words_in(message: Message) -> str:
    """Return what `message` says, in Slack's writing: its text, else that of its blocks.

    Forwarded messages and those of other apps say it in attachments.
    """
    parts = [message.text or "\n".join(_texts(message.blocks))]
    for one in message.attachments:
        said = [one.get(name) for name in ("pretext", "title", "text")]
        fields = one.get("fields")
        for field in fields if isinstance(fields, list) else ():
            said += [field.get("title"), field.get("value")] if isinstance(field, dict) else []
        spoken = [it for it in said if isinstance(it, str) and it]
        fallback = one.get("fallback")
        parts += spoken or ([fallback] if isinstance(fallback, str) else [])
    return "\n".join(part for part in parts if part)


def _texts(value: object, depth: int = 12) -> Iterator[str]:
    if not depth:
        return
    if isinstance(value, list):
        for one in value:
            yield from _texts(one, depth - 1)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "text" and isinstance(one, str):
                yield one
            elif isinstance(one, list | dict):
                yield from _texts(one, depth - 1)
