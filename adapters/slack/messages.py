"""What a message event means: something said to the bot, an edit, a deletion, or nothing to it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

from adapters.slack.files import TEXT, UNKNOWN
from adapters.slack.keys import PLATFORM, Spot, message_id
from adapters.slack.payloads import FileInfo, Message, words_in
from adapters.slack.text import mentioned, plain, without
from dialogs.events import Deleted, Edited, Event, File, Origin, Said

_SAID = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of what a person wrote. All others tell of the channel, or come from a bot."""
_MOST_FILES = 10
"""As many as Slack lets anybody send at a time."""
_LINK = re.compile(r"https://[a-z0-9-]+(\.enterprise)?\.slack\.com/files/[\w./%-]{1,1000}")
"""Where a file is shown to those who may see it."""


def read_message(event: Message, team: str, bot: str, at: datetime) -> Event | None:
    """Return what `event` is to `bot`, the user that the bot is in `team`; None: nothing.

    `at` counts where Slack names no moment.
    """
    if event.channel is None:
        return None
    if event.subtype == "message_changed":
        return _changed(event, team, bot, at)
    if event.subtype == "message_deleted":
        return _deleted(event.previous_message, team, event.channel, at)
    if event.subtype not in _SAID or not _by_a_person(event, bot):
        return None
    return _said(event, event, team, bot, mention=event.type == "app_mention")


def _said(message: Message, event: Message, team: str, bot: str, *, mention: bool) -> Said | None:
    """`event` has the channel, `message` the words: in an edit they are two."""
    channel, ts, user = event.channel, message.ts, message.user
    if channel is None or ts is None or user is None:
        return None
    words = words_in(message)
    direct = event.channel_type == "im" or (not event.channel_type and channel.startswith("D"))
    addressed = direct or mention or bot in mentioned(words)
    threaded = message.thread_ts is not None and message.thread_ts != ts
    if not addressed and (not threaded or mentioned(words)):
        return None  # talk of the channel, or to somebody else
    opens = direct and not threaded
    id = message_id(team, channel, ts)
    return Said(
        id=id,
        at=_moment(ts),
        origin=_origin(message, event, team, channel, ts),
        text=plain(without(bot, words)),
        message=id,
        pictures=sum(file.mimetype.startswith("image/") for file in message.files),
        files=tuple(map(_file, message.files[:_MOST_FILES])),
        addressed=addressed,
        within=f"{PLATFORM}:{team}:{channel}:" if opens else "",
    )


def _changed(event: Message, team: str, bot: str, at: datetime) -> Event | None:
    now, before, channel = event.message, event.previous_message, event.channel
    if now is None or channel is None:
        return None
    if now.subtype == "tombstone":  # deleted, but a thread hangs on it
        return _deleted(before, team, channel, at)
    if now.edited is None or now.ts is None or not _by_a_person(now, bot):
        return None  # an unfurled link, a pin, the bot's own update
    words, said_before = words_in(now), words_in(before) if before else ""
    if words == said_before:
        return None
    if bot in mentioned(words) and before and bot not in mentioned(said_before):
        return _said(now, event, team, bot, mention=True)  # only now it is to the bot
    return Edited(
        id=f"{message_id(team, channel, now.ts)}:edited:{now.edited.ts}",
        at=_moment(now.edited.ts),
        origin=_origin(now, event, team, channel, now.ts),
        text=plain(without(bot, words)),
        message=message_id(team, channel, now.ts),
        of=message_id(team, channel, now.ts),
    )


def _deleted(gone: Message | None, team: str, channel: str, at: datetime) -> Deleted | None:
    if gone is None or gone.ts is None or gone.user is None or gone.bot_id:
        return None
    id = message_id(team, channel, gone.ts)
    origin = _origin(gone, gone, team, channel, gone.ts)
    return Deleted(id=f"{id}:deleted", at=at, origin=origin, message=id, of=id)


def _origin(message: Message, event: Message, team: str, channel: str, ts: str) -> Origin:
    user = message.user or ""
    home = event.user_team or message.user_team
    return Origin(
        platform=PLATFORM,
        tenant=team,
        conversation=Spot(team, channel, message.thread_ts or ts, user).key,
        user=f"{PLATFORM}:{user}",
        route={"thread": message.thread_ts or ts},
        guest=bool(home) and home != team,
        channel="" if channel.startswith("D") else channel,
        thread=message.thread_ts if message.thread_ts and message.thread_ts != ts else "",
    )


def _by_a_person(message: Message, bot: str) -> bool:
    """Neither the bot itself nor any other one: two that answer each other never end."""
    return bool(message.user) and message.user != bot and not message.bot_id and not message.app_id


def _file(file: FileInfo) -> File:
    """Return a file of a message: its name is its owner's, where it is says Slack."""
    url = file.url_private_download or file.url_private
    link = file.permalink if _LINK.fullmatch(file.permalink) else ""
    return File(
        name=file.name or file.id or "file",
        route={"id": file.id, "url": url},
        kind=_kind(file.mimetype),
        link=link,
    )


def _kind(mimetype: str) -> Literal["text", "picture", "other"]:
    if mimetype.startswith("image/"):
        return "picture"
    return "text" if not mimetype or mimetype.startswith((*TEXT, *UNKNOWN)) else "other"


def _moment(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
