"""The message action: a message is diagnosed in a dialog, and gone on with elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.base import Answer
from dialogs.events import Inspected, Said
from dialogs.replies import Say
from tests.adapters.teams import bodies
from tests.adapters.teams.bodies import THREAD
from tests.adapters.teams.conftest import World
from tests.adapters.teams.microsoft import Microsoft

PAYLOAD = {"id": "9", "body": {"contentType": "text", "content": "AADSTS50173"}}


def invoke(teams: Microsoft, name: str, value: object) -> dict[str, Any]:
    where = {"service": teams.service, "conversation": bodies.CHANNEL}
    return bodies.invoke(name, value, **where)


def dialog(body: Any) -> tuple[str, list[str], list[str]]:
    """Return the title, words and buttons of a dialog."""
    value = body["task"]["value"]
    card = value["card"]["content"]
    words = [run["text"] for block in card["body"] for run in block.get("inlines", ())]
    return value["title"], words, [it["title"] for it in card.get("actions", ())]


async def test_a_message_is_diagnosed_in_a_dialog(world: World) -> None:
    said = Say(text=("**Signed out** by a password change",), facts=("AADSTS50173",), to="presser")
    world.bot.answers = [Answer({"k": said})]

    value = {"commandId": "diagnose", "messagePayload": PAYLOAD}
    body = await (await world.post(invoke(world.teams, "composeExtension/fetchTask", value))).json()

    assert [event.text for event in world.bot.heard if isinstance(event, Inspected)] == [
        "AADSTS50173"
    ]
    title, words, buttons = dialog(body)
    assert title == "What this message says"
    assert words == ["Signed out", " by a password change", "AADSTS50173"]
    assert buttons == ["Go on in the thread", "Go on in a direct message"]


@pytest.mark.parametrize(
    ("place", "refused", "said", "heard"),
    [
        ("here", None, "I go on with it in the conversation.", THREAD),
        ("direct", None, "I have written to you in a direct message.", "new-1"),
        ("here", 403, "I am not a member of this conversation.", None),
        ("direct", 403, "I cannot write to you yet", None),
        ("direct", 500, "I cannot write to you yet", None),
        ("elsewhere", None, "That message was empty.", None),
    ],
)
async def test_the_dialog_goes_on_where_it_is_told_to(
    world: World, place: str, refused: int | None, said: str, heard: str | None
) -> None:
    world.teams.plan = [refused] if refused else []
    value = {"messagePayload": PAYLOAD, "data": {"continue": place}}

    response = await world.post(invoke(world.teams, "composeExtension/submitAction", value))

    assert said in dialog(await response.json())[1][0]
    routes = [event.origin.route["conversation"] for event in world.bot.heard]
    assert routes == ([heard] if heard else [])
    assert all(isinstance(event, Said) for event in world.bot.heard)
