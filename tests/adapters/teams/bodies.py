"""What Teams posts, as the Bot Framework writes it down."""

from __future__ import annotations

from typing import Any

APP = "11111111-1111-4111-8111-111111111111"
TENANT = "22222222-2222-4222-8222-222222222222"
THREAD = "19:x@thread.tacv2;messageid=1"
CHANNEL = {"id": THREAD, "conversationType": "channel"}
SERVICE = "https://smba.trafficmanager.net/amer/"


def message(text: str = "hello", *, service: str = SERVICE, **more: Any) -> dict[str, Any]:
    """Return a message in a personal chat."""
    return {
        "type": "message",
        "id": f"m-{len(text)}-{abs(hash(text))}",
        "timestamp": "2026-11-22T09:14:00.123Z",
        "serviceUrl": service,
        "channelId": "msteams",
        "from": {"id": "29:ann", "name": "Ann", "aadObjectId": "ann"},
        "recipient": {"id": f"28:{APP}", "name": "Flowmend"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "text": text,
        **more,
    }


def invoke(name: str, value: object, **more: Any) -> dict[str, Any]:
    """Return what wants an answer in the response."""
    return message(type="invoke", name=name, value=value, **more)


def press(button: object, **more: Any) -> dict[str, Any]:
    """Return the press of `button`, an `Action.Execute`."""
    return invoke("adaptiveCard/action", {"action": button, "trigger": "manual"}, **more)
