"""What a message holds: its words, pictures and files."""

from __future__ import annotations

import json
from collections.abc import Iterator

from adapters.teams import html
from adapters.teams.activity import Activity, Attachment, at
from adapters.teams.hosts import has_files
from adapters.teams.mentions import is_ours, without_own
from dialogs.events import File

_HTML = "text/html"
_FILE = "application/vnd.microsoft.teams.file.download.info"
_CARD = "application/vnd.microsoft.card.adaptive"
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "webp", "heic", "tif", "tiff", "svg"})
_MOST_FILES = 10
_LONGEST = 4000
"""Characters of an address."""
_DEEPEST = 30
"""Levels of a card that are read."""
_SPOKEN = (
    "text",
    "title",
    "value",
    "items",
    "body",
    "columns",
    "facts",
    "inlines",
    "rows",
    "cells",
)
"""Keys of an Adaptive Card under which there are words, or more of the card."""


def words(activity: Activity) -> html.Words:
    """Return what the message says: from its HTML when there is any, else from its text."""
    pictures = sum(it.type.startswith("image/") for it in activity.attachments or ())
    pictures += sum(_kind(it) in _PICTURES for it in _uploads(activity))
    for attachment in activity.attachments or ():
        if attachment.type == _HTML and isinstance(attachment.content, str):
            said = html.read(attachment.content, lambda number: is_ours(activity, number))
            if said.text:
                return html.Words(said.text, max(pictures, said.pictures))
            pictures = max(pictures, said.pictures)
    return html.Words(without_own(activity), pictures)


def files(activity: Activity) -> tuple[File, ...]:
    """Return the files and pictures that came with the message.

    A bot is shown uploaded files in a personal chat only, pasted pictures everywhere.
    https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
    """
    return (*_uploaded(activity), *_pasted(activity))[:_MOST_FILES]


def _uploaded(activity: Activity) -> Iterator[File]:
    for it in _uploads(activity):
        url = at(it.content, "downloadUrl")
        if isinstance(url, str) and len(url) < _LONGEST:
            yield File(
                name=(it.name or "")[:200],
                route={"url": url},
                kind="picture" if _kind(it) in _PICTURES else "text",
                # Not `downloadUrl`: whoever has that needs no permission of their own.
                link=it.url if it.url and len(it.url) < _LONGEST and has_files(it.url) else "",
            )


def _pasted(activity: Activity) -> Iterator[File]:
    for it in activity.attachments or ():
        if it.type.startswith("image/") and it.url and len(it.url) < _LONGEST:
            kind = it.type.removeprefix("image/")
            name = it.name or ("picture" if kind == "*" else f"picture.{kind}")
            yield File(name[:200], {"url": it.url, "pasted": "yes"}, "picture")


def inspected(activity: Activity) -> html.Words:
    """Return the words of the message whose menu was used."""
    payload = activity.values.get("messagePayload")
    body, kind = at(payload, "body", "content"), at(payload, "body", "contentType")
    text = body if isinstance(body, str) else ""
    own = _own_mentions(activity, at(payload, "mentions"))
    said = html.read(text, own.__contains__) if kind != "text" else html.Words(text, 0)
    attached = at(payload, "attachments")
    cards = (
        [_card(it) for it in attached if isinstance(it, dict)] if isinstance(attached, list) else []
    )
    return html.Words("\n\n".join(filter(None, (said.text, *cards))), said.pictures)


def _uploads(activity: Activity) -> Iterator[Attachment]:
    return (it for it in activity.attachments or () if it.type == _FILE)


def _kind(attachment: Attachment) -> str:
    named = at(attachment.content, "fileType")
    if not isinstance(named, str) or not named:
        named = (attachment.name or "").rpartition(".")[2]
    return named.lower()


def _own_mentions(activity: Activity, mentions: object) -> frozenset[int]:
    """Return the numbers of the mentions of the bot in a message payload."""
    own = (activity.recipient.id if activity.recipient else "").removeprefix("28:")
    return frozenset(
        number
        for it in (mentions if isinstance(mentions, list) else ())
        if isinstance(number := at(it, "id"), int)
        and own
        and at(it, "mentioned", "application", "id") == own
    )


def _card(attachment: dict[str, object]) -> str:
    """Return the words of an Adaptive Card: failure notices are often posted as one."""
    content = attachment.get("content")
    if attachment.get("contentType") != _CARD:
        return ""
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return ""
    return "\n".join(_spoken(content, 0))


def _spoken(part: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from _spoken(each, depth + 1)
    elif isinstance(part, dict):
        for key in _SPOKEN:
            if key in part:
                yield from _spoken(part[key], depth + 1)
