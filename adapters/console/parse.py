"""What the terminal's reader took, as an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dialogs.events import Arrived, Event, Origin, Said

PLATFORM = "console"


def parse(payload: Mapping[str, object]) -> Event | None:
    """Return the event in `payload`; None when it is none.

    `payload` holds `id`, `time` (ISO 8601 with its zone), `conversation`, `user`, `language` and,
    when something was typed, `text`. Without `text` somebody opened the chat.
    """
    match payload:
        case {
            "id": str(id),
            "time": str(time),
            "conversation": str(conversation),
            "user": str(user),
            **rest,
        } if id and conversation and user:
            at = _time(time)
            if at is None:
                return None
            origin = Origin(
                platform=PLATFORM,
                conversation=f"{PLATFORM}:local:{conversation}",
                user=f"{PLATFORM}:{user}",
                tenant="local",
                language=str(rest.get("language") or ""),
            )
            match rest.get("text"):
                case None:
                    return Arrived(id=f"{PLATFORM}:{id}", at=at, origin=origin)
                case str(text):
                    return Said(id=f"{PLATFORM}:{id}", at=at, origin=origin, text=text)
    return None


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
