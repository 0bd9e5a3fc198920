"""How a place in Teams is named here, and what leads back to it.

In a channel, `conversation.id` is `19:...@thread.tacv2;messageid=<root post>`: one thread. Where
several people talk, each of them has a case of their own, so the key ends with the requester.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeGuard

from adapters.teams.activity import Activity
from dialogs.events import Origin

PLATFORM = "teams"
_PERSON = re.compile(r"[\w:.@|=+/-]{1,200}")
"""The form of an id that may be part of a key: an Entra id, or Teams' own (`29:...`)."""


def origin(activity: Activity, requester: str | None = None) -> Origin:
    """Return who spoke and where; `requester` is whose case it is, the sender's when None."""
    thread, sender = activity.conversation.id, activity.sender
    whose = requester or sender.key
    personal = activity.is_personal
    return Origin(
        platform=PLATFORM,
        tenant=activity.tenant,
        conversation=key(activity.tenant, thread, "" if personal else whose),
        user=f"{PLATFORM}:{sender.key}",
        language=_language(activity),
        route=_route(activity, personal),
        name=activity.sender.name or "",
        channel="" if personal else thread.partition(";")[0],
        thread="" if personal else root(thread),
    )


def root(conversation: str) -> str:
    """Return the post that a channel's thread hangs on; "" in a chat, which has none."""
    return conversation.partition(";messageid=")[2]


def thread(origin: Origin) -> str:
    """Return the conversation that a reply for `origin` goes to."""
    if origin.channel and origin.thread:
        return f"{origin.channel};messageid={origin.thread}"
    return origin.route.get("conversation", "")


def completed(route: Mapping[str, str], channel: str, service: str, bot: str) -> dict[str, str]:
    """Return `route` with what it lacks when a channel is known by its id alone.

    In a chat everything is one after the other; a channel has posts, and is none of their threads.
    """
    known = {"service": service, "bot": bot, "channel": channel}
    if channel.endswith("@thread.v2"):
        known["conversation"] = channel
    return {name: value for name, value in (known | dict(route)).items() if value}


def key(tenant: str, thread: str, requester: str) -> str:
    """Return the key of a conversation; `requester` is "" where nobody else can be."""
    place = f"{PLATFORM}:{tenant}:{thread}"
    return f"{place}:{requester}" if requester else place


def requester(origin: Origin) -> str:
    """Return whose case it is, as `key` was told."""
    place = key(origin.tenant, origin.route.get("conversation", ""), "")
    if not origin.user:  # a desk's card is nobody's case
        return ""
    return origin.conversation.removeprefix(place).removeprefix(":")


def is_person(value: object) -> TypeGuard[str]:
    """Tell whether `value`, which came in a button's data, can be somebody's id."""
    return isinstance(value, str) and bool(_PERSON.fullmatch(value))


def event_id(activity: Activity, *more: str) -> str:
    """Return the id of a happening in this conversation; `more` tells it from its neighbours."""
    place = activity.conversation.id
    return ":".join((PLATFORM, str(len(place)), place, *more))


def _language(activity: Activity) -> str:
    if activity.locale:
        return activity.locale
    return next((it.locale for it in activity.entities or () if it.locale), "")[:35]


def _route(activity: Activity, personal: bool) -> Mapping[str, str]:
    channel = activity.data and activity.data.channel and activity.data.channel.id
    known = {
        "service": activity.service,
        "conversation": activity.conversation.id,
        "kind": "personal" if personal else "shared",
        "bot": activity.recipient.id if activity.recipient else None,
        "user": activity.sender.id,
        "channel": channel,
    }
    return {name: value for name, value in known.items() if value}
