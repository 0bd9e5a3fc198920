"""A payload of Slack's as an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import ValidationError

from adapters.slack.keys import PLATFORM, Form, Pressed, Spot, beside_key
from adapters.slack.messages import read_message
from adapters.slack.payloads import (
    Action,
    Command,
    Envelope,
    Interaction,
    Message,
    Received,
    User,
    words_in,
)
from adapters.slack.text import plain
from dialogs.events import Chose, Event, Inspected, Origin, Picked, Said

DIAGNOSE = "diagnose_message"
"""The `callback_id` of the message shortcut."""


def parse(payload: Mapping[str, object]) -> Event | None:
    """Return what happened; None when it is nothing to the bot.

    `payload` is a body as Slack sends it, with the adapter's `received` (`payloads.Received`).
    """
    try:
        received = Received.model_validate(payload.get("received"))
        at = datetime.fromisoformat(received.at)
        return _read(payload, received, at) if at.tzinfo else None
    except ValueError:  # a `ValidationError` is one
        return None


def _read(payload: Mapping[str, object], received: Received, at: datetime) -> Event | None:
    match payload.get("type"):
        case "event_callback":
            return _event(Envelope.model_validate(payload), received, at)
        case "block_actions":
            return _press(Interaction.model_validate(payload), received, at)
        case "view_submission":
            return _sent(Interaction.model_validate(payload), at)
        case "message_action" if payload.get("callback_id") == DIAGNOSE:
            return _look(Interaction.model_validate(payload), received, at)
        case None if "command" in payload:
            return _command(Command.model_validate(payload), received, at)
        case _:
            return None


def team_of(payload: Mapping[str, object]) -> str | None:
    """Return the workspace that the bot was installed in, for which `payload` came."""
    try:
        return _team(Envelope.model_validate(payload))
    except ValidationError:
        return None


def _team(envelope: Envelope) -> str | None:
    """In a channel shared with others, `team_id` may be theirs (java-slack-sdk#629)."""
    ours = next((one.team_id for one in envelope.authorizations if one.team_id), None)
    return ours or envelope.team_id


def _event(envelope: Envelope, received: Received, at: datetime) -> Event | None:
    team = _team(envelope)
    if team is None or envelope.event.get("type") not in ("message", "app_mention"):
        return None
    message = Message.model_validate(envelope.event)
    bot = next((one.user_id for one in envelope.authorizations if one.is_bot), received.bot)
    return read_message(message, team, bot, at)


def _press(press: Interaction, received: Received, at: datetime) -> Event | None:
    """Where it was pressed says the envelope; whose card it is, the button; both must agree."""
    action = press.actions[0] if press.actions else Action()
    picked = action.selected_user
    pressed = Pressed.read(action.block_id if picked else action.value)
    channel = press.container.channel_id or (press.channel.id if press.channel else None)
    shown = press.message or Message()
    root = press.container.thread_ts or shown.thread_ts or (pressed.root if pressed else "")
    if pressed and not pressed.requester:  # the card of a desk begins its own thread
        root = root or press.container.message_ts or ""
    if pressed is None or channel is None or not root or pressed.root not in ("", root):
        return None
    spot = Spot(press.team.id, channel, root, pressed.requester or press.user.id)
    if Spot.read(spot.key) is None:
        return None
    id, moment = f"{PLATFORM}:{press.team.id}:press:{received.id}", _moment(action.action_ts) or at
    origin = replace(
        _origin(press.team.id, press.user, spot.key),
        channel="" if spot.direct else channel,
        thread=root,
    )
    token = pressed.token
    if picked:
        who = f"{PLATFORM}:{picked}"
        return Picked(id=id, at=moment, origin=origin, token=token, user=who)
    return Chose(id=id, at=moment, origin=origin, token=token, choice=pressed.choice)


def _sent(sent: Interaction, at: datetime) -> Event | None:
    """Words that were written in a window opened from a card."""
    form = Form.read(sent.view.private_metadata) if sent.view else None
    if form is None or sent.view is None:
        return None
    block = sent.view.state.get("values", {}).get("words", {}).get("words", {})
    words, spot = block.get("value"), Spot(sent.team.id, form.channel, form.root, sent.user.id)
    if not isinstance(words, str) or Spot.read(spot.key) is None:
        return None
    origin = _origin(sent.team.id, sent.user, spot.key)
    return Said(
        id=f"{PLATFORM}:{sent.team.id}:form:{sent.view.id}",
        at=at,
        origin=replace(origin, channel="" if spot.direct else form.channel, thread=form.root),
        text=words,
        token=form.token,
    )


def _look(chosen: Interaction, received: Received, at: datetime) -> Event | None:
    team, user = chosen.team.id, chosen.user
    return Inspected(
        id=f"{PLATFORM}:{team}:look:{received.id}",
        at=at,
        origin=_origin(team, user, beside_key(team, user.id)),
        text=plain(words_in(chosen.message)) if chosen.message else "",
    )


def _command(typed: Command, received: Received, at: datetime) -> Event:
    team, user = typed.team_id, User(id=typed.user_id)
    return Inspected(
        id=f"{PLATFORM}:{team}:command:{received.id}",
        at=at,
        origin=_origin(team, user, beside_key(team, user.id)),
        text=plain(typed.text),
    )


def _origin(team: str, user: User, conversation: str) -> Origin:
    return Origin(
        platform=PLATFORM,
        tenant=team,
        conversation=conversation,
        user=f"{PLATFORM}:{user.id}",
        guest=bool(user.team_id) and user.team_id != team,
    )


def _moment(ts: str | None) -> datetime | None:
    return datetime.fromtimestamp(float(ts), UTC) if ts else None
