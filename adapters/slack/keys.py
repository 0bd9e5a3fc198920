"""What we call a conversation, a message and a button's value."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from dialogs.events import Origin

PLATFORM = "slack"
_KEY = re.compile(r"slack:(\w+):(\w+):([\d.]+):(\w+)")


@dataclass(frozen=True, slots=True)
class Spot:
    """One person's case in one thread. Two people in a thread have a case each."""

    team: str
    channel: str
    root: str
    """The `ts` of the message that the thread hangs on."""
    user: str

    @property
    def key(self) -> str:
        """Return it as `Origin.conversation`."""
        return f"{PLATFORM}:{self.team}:{self.channel}:{self.root}:{self.user}"

    @property
    def direct(self) -> bool:
        """Tell whether only this person and the bot are there."""
        return self.channel.startswith("D")

    @classmethod
    def read(cls, key: str) -> Spot | None:
        """Return the spot that `key` names; None when it is that of no thread."""
        found = _KEY.fullmatch(key)
        return cls(*found.groups()) if found else None


def spot_of(origin: Origin) -> Spot | None:
    """Return where a reply for `origin` goes; a desk's card belongs to nobody."""
    if spot := Spot.read(origin.conversation):
        return spot
    return Spot(origin.tenant, origin.channel, origin.thread, "") if origin.channel else None


def beside_key(team: str, user: str) -> str:
    """Return the conversation of what somebody does beside every thread: looks, commands."""
    return f"{PLATFORM}:{team}:{user}:beside"


def message_id(team: str, channel: str, ts: str) -> str:
    """Return the id of a message, whichever of Slack's events tell of it."""
    return f"{PLATFORM}:{team}:{channel}:{ts}"


@dataclass(frozen=True, slots=True)
class Form:
    """What a window keeps of the card that it was opened from. People cannot change it."""

    token: str
    channel: str
    root: str

    @property
    def metadata(self) -> str:
        """Return it as the `private_metadata` of a view."""
        return json.dumps([self.token, self.channel, self.root])

    @classmethod
    def read(cls, value: str) -> Form | None:
        """Return what `value` says; None when it is none of ours."""
        parts = _strings(value, 3)
        return cls(*parts) if parts else None


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button's value says. Who pressed it, and where, it does not say."""

    token: str
    choice: str
    requester: str = ""
    root: str = ""

    @property
    def value(self) -> str:
        """Return it as the value of a button."""
        return json.dumps([self.token, self.choice, self.requester, self.root])

    @classmethod
    def read(cls, value: object) -> Pressed | None:
        """Return what `value` says; None when it is none of ours."""
        parts = _strings(value, 4)
        return cls(*parts) if parts else None


def _strings(value: object, count: int) -> list[str] | None:
    """Return the `count` strings that `value` holds as JSON; None when it holds anything else."""
    try:
        found = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or len(found) != count:
        return None
    return found if all(isinstance(it, str) for it in found) else None
