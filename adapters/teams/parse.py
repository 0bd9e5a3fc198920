"""An activity as an event, or none that anybody here has to hear of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b

from adapters.teams import buttons, content
from adapters.teams.activity import (
    CARD_ACTION,
    FETCH_TASK,
    SUBMIT_ACTION,
    Activity,
    at,
    read,
)
from adapters.teams.mentions import is_mentioned
from adapters.teams.places import PLATFORM, event_id, origin
from dialogs.events import Arrived, Chose, Deleted, Edited, Event, Inspected, Said

__all__ = ["PLATFORM", "event", "parse"]

_EDITED = ("editMessage", "undeleteMessage")
_DELETED = ("softDeleteMessage",)


def parse(payload: Mapping[str, object]) -> Event | None:
    """Return the event in `payload`, an activity with its `timestamp`; None when it is none."""
    try:
        return event(read(payload))
    except ValueError:
        return None


def event(activity: Activity) -> Event | None:
    """Return the event in `activity`; None when it is none."""
    try:
        moment = datetime.fromisoformat(activity.timestamp or "")
    except ValueError:
        return None
    if moment.tzinfo is None or not activity.own_id:
        return None
    match activity.type, activity.name:
        case "message", _:
            return _message(activity, moment)
        case "messageUpdate", _ if activity.data and activity.data.event in _EDITED:
            return _edited(activity, moment)
        case "messageDelete", _ if activity.data and activity.data.event in _DELETED:
            return _deleted(activity, moment)
        case "installationUpdate", _ if activity.action == "add":
            id = event_id(activity, "added", activity.own_id)
            return Arrived(id=id, at=moment, origin=origin(activity))
        case "invoke", name if name == CARD_ACTION:
            return _press(activity, at(activity.value, "action", "data"), moment)
        case "invoke", name if name == FETCH_TASK:
            return _inspected(activity, moment)
        case "invoke", name if name == SUBMIT_ACTION:
            return _continued(activity, moment)
        case _:
            return None


def _message(activity: Activity, moment: datetime) -> Event | None:
    if buttons.NAME in activity.values:  # an old client, which sends presses as messages
        return _press(activity, activity.values, moment)
    addressed = activity.is_personal or is_mentioned(activity)
    if not addressed and not _answers(activity):
        return None
    said = content.words(activity)
    return Said(
        id=event_id(activity, activity.own_id),
        at=moment,
        origin=origin(activity),
        text=said.text,
        pictures=said.pictures,
        message=activity.own_id,
        files=content.files(activity),
        addressed=addressed,
    )


def _answers(activity: Activity) -> bool:
    """Tell whether a message that nobody is mentioned in may go on with something.

    Teams only lets us hear those where an administrator has allowed it. A new post never does.
    """
    _, in_channel, root = activity.conversation.id.partition(";messageid=")
    return not in_channel or root != activity.own_id


def _edited(activity: Activity, moment: datetime) -> Event:
    said = content.words(activity)
    return Edited(
        id=_again(activity),
        at=moment,
        origin=origin(activity),
        text=said.text,
        pictures=said.pictures,
        message=activity.own_id,
        of=event_id(activity, activity.own_id),
    )


def _deleted(activity: Activity, moment: datetime) -> Event:
    return Deleted(
        id=_again(activity),
        at=moment,
        origin=origin(activity),
        message=activity.own_id,
        of=event_id(activity, activity.own_id),
    )


def _again(activity: Activity) -> str:
    """An edit and a deletion have the id of the message that they change."""
    kind = activity.data.event if activity.data else None
    return event_id(activity, activity.own_id, activity.type, kind or "", activity.timestamp or "")


def _press(activity: Activity, value: object, moment: datetime) -> Event | None:
    """A press, or the words of a card's text field.

    Named by what was pressed: a double click is two activities and one happening. Words are
    always of whoever wrote them; only the button says whose question it answers.
    """
    pressed = buttons.pressed(value) if isinstance(value, dict) else None
    if pressed is None:
        return None
    who = activity.sender.key
    if pressed.choice:
        # Without a requester somebody pressed a button of a card in a place for two.
        whose = pressed.requester or who
        id = event_id(activity, whose, pressed.token, pressed.choice, who)
        return Chose(
            id=id,
            at=moment,
            origin=origin(activity, whose),
            token=pressed.token,
            choice=pressed.choice,
        )
    # The field of a card that stays may be sent the same words another day.
    told = (f"{moment:%Y%m%d%H%M}", _digest(pressed.words), who)
    id = event_id(activity, pressed.token, *told)
    return Said(id=id, at=moment, origin=origin(activity), text=pressed.words, token=pressed.token)


def _inspected(activity: Activity, moment: datetime) -> Event:
    said = content.inspected(activity)
    return Inspected(
        id=event_id(activity, activity.own_id, "inspected"),
        at=moment,
        origin=origin(activity),
        text=said.text,
        pictures=said.pictures,
    )


def _continued(activity: Activity, moment: datetime) -> Event | None:
    """The message that was inspected becomes the beginning of a case of whoever asked."""
    said = content.inspected(activity)
    if not said.text:
        return None
    return Said(
        id=event_id(activity, activity.own_id, "continued"),
        at=moment,
        origin=origin(activity),
        text=said.text,
        pictures=said.pictures,
        message=_own_message(activity, activity.values.get("messagePayload")),
    )


def _own_message(activity: Activity, payload: object) -> str:
    """Return the id of the message where it is the asker's own, so that edits are followed."""
    id, author = at(payload, "id"), at(payload, "from", "user", "id")
    return id if isinstance(id, str) and author == activity.sender.aad else ""


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
