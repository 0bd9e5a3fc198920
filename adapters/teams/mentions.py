"""Who is mentioned, and the text without the mention of the bot itself.

A mention is known by its id, never by its name: evidence may name the bot as well ("BotService
timed out"), and the name on the screen is a translated one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.teams.activity import Activity, Entity

_TAG = re.compile(r"</?at(?:\s[^<>]*)?>")


def mentions(activity: Activity) -> tuple[Entity, ...]:
    """Return who is mentioned, in order."""
    return tuple(it for it in activity.entities or () if it.type == "mention")


def is_of(entity: Entity, id: str) -> bool:
    """Tell whether `entity` mentions the account `id`."""
    return bool(id) and entity.mentioned is not None and entity.mentioned.get("id") == id


def is_mentioned(activity: Activity) -> bool:
    """Tell whether the bot itself is mentioned."""
    return any(is_of(it, _own(activity)) for it in mentions(activity))


def is_ours(activity: Activity, number: int) -> bool:
    """Tell whether the mention `number`, counted from 0, is of the bot itself."""
    all_of_them = mentions(activity)
    return number < len(all_of_them) and is_of(all_of_them[number], _own(activity))


def without_own(activity: Activity) -> str:
    """Return the text without the bot's own mention; other people's names stay."""
    return _cut(activity.text or "", mentions(activity), _own(activity))


def _cut(text: str, named: Sequence[Entity], own: str) -> str:
    kept, rest = [], text
    for entity in named:
        span = entity.text or _default_span(entity)
        before, found, after = rest.partition(span) if span else (rest, "", "")
        if found:
            kept += [before, "" if is_of(entity, own) else _TAG.sub("", found)]
            rest = after
    return "".join([*kept, rest]).replace("\xa0", " ").strip()


def _default_span(entity: Entity) -> str:
    """In group chats the span may be missing (microsoft/botbuilder-dotnet#2504)."""
    name = (entity.mentioned or {}).get("name")
    return f"<at>{name}</at>" if name else ""


def _own(activity: Activity) -> str:
    return activity.recipient.id if activity.recipient else ""
