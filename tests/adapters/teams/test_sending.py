"""Where replies go: real requests, taken by a service that is not Microsoft's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.base import Place, Receipt
from dialogs.events import Origin
from dialogs.replies import Ask, Say
from tests.adapters.teams.bodies import APP, TENANT, THREAD
from tests.adapters.teams.conftest import ASK, SETTLE, World, world_with
from tests.adapters.teams.microsoft import Microsoft


async def test_a_card_goes_into_the_thread_with_a_token(world: World) -> None:
    receipt = await world.adapter.send(Place(world.here(), key="k"), ASK)

    assert receipt.message == "new-1"
    ((method, path, body),) = world.teams.calls
    assert (method, path) == ("POST", f"/amer/v3/conversations/{THREAD}/activities")
    assert body["summary"] == "Signed out."
    assert world.teams.authorized == ["Bearer a-token"]
    assert "'requester': 'ann'" in str(body)


async def test_an_answered_card_is_changed_for_everybody(world: World) -> None:
    receipt = await world.adapter.send(Place(world.here(), shown="m7"), SETTLE)

    assert receipt.message == "m7"
    ((method, path, body),) = world.teams.calls
    assert (method, path) == ("PUT", f"/amer/v3/conversations/{THREAD}/activities/m7")
    assert "✓ Done" in str(body)


async def test_a_card_that_was_never_shown_is_not_changed(world: World) -> None:
    assert await world.adapter.send(Place(world.here()), SETTLE) == Receipt()
    assert not world.teams.calls


async def test_a_new_post_is_a_thread_of_its_own(world: World) -> None:
    receipt = await world.adapter.send(Place(world.here(), "post"), ASK)

    ((method, path, body),) = world.teams.calls
    assert (method, path) == ("POST", "/amer/v3/conversations")
    assert body["channelData"]["channel"] == {"id": "19:x@thread.tacv2"}
    assert body["isGroup"]
    assert (receipt.route["conversation"], receipt.message) == ("new-1", "post-1")


async def test_a_direct_message_opens_the_chat_first(world: World) -> None:
    receipt = await world.adapter.send(Place(world.here(), "direct"), ASK)

    (_, _, opened), (_, path, _) = world.teams.calls
    assert opened["members"] == [{"id": "29:ann"}]
    assert opened["tenantId"] == TENANT
    assert path == "/amer/v3/conversations/new-1/activities"
    assert (receipt.route["conversation"], receipt.message) == ("new-1", "new-2")


@pytest.mark.parametrize(
    ("language", "text", "hint"),
    [("en-GB", "Passed on.", "Here I read"), ("en-GB", "전달했어요.", "여기서는")],
)
async def test_words_in_a_thread_tell_how_to_be_heard(
    world: World, language: str, text: str, hint: str
) -> None:
    await world.adapter.send(Place(world.here()), Say(text=(text,)))

    assert hint in str(world.teams.cards)


async def test_words_that_change_take_the_place_of_what_was_said(world: World) -> None:
    below = replace(world.here(), channel="19:x@thread.tacv2", thread="7")

    await world.adapter.send(Place(below, shown="m8"), Say(text=("Edited.",), change="edit"))

    ((method, path, body),) = world.teams.calls
    assert method == "PUT"
    assert path == "/amer/v3/conversations/19:x@thread.tacv2;messageid=7/activities/m8"
    assert "Edited." in str(body)


DESK = Ask(text=("FM-1",), token="FM-1", choices=(), stays=True)


def named_only(channel: str) -> Origin:
    """Return a desk channel that nobody has written from: the settings know its id alone."""
    return Origin(
        platform="teams",
        tenant=TENANT,
        conversation=f"teams:{TENANT}:{channel}:FM-1",
        user="",
        channel=channel,
    )


async def test_a_channel_of_the_settings_is_reached(teams: Microsoft) -> None:
    async with world_with(teams, service=teams.service) as world:
        place = Place(named_only("19:desk@thread.tacv2"), "post", key="k")

        receipt = await world.adapter.send(place, DESK)

    ((method, path, body),) = teams.calls
    assert (method, path) == ("POST", "/amer/v3/conversations")
    assert body["channelData"] == {
        "tenant": {"id": TENANT},
        "channel": {"id": "19:desk@thread.tacv2"},
    }
    assert body["bot"] == {"id": f"28:{APP}"}
    assert (receipt.route["service"], receipt.route["conversation"]) == (teams.service, "new-1")


async def test_a_chat_of_the_settings_has_no_posts(teams: Microsoft) -> None:
    async with world_with(teams, service=teams.service) as world:
        await world.adapter.send(Place(named_only("19:chat@thread.v2"), "post"), DESK)

    ((method, path, _),) = teams.calls
    assert (method, path) == ("POST", "/amer/v3/conversations/19:chat@thread.v2/activities")


async def test_the_service_of_whoever_wrote_goes_before_the_settings(world: World) -> None:
    await world.post(world.teams.message("hello"))

    await world.adapter.send(Place(named_only("19:desk@thread.tacv2"), "post"), DESK)

    assert [path for _, path, _ in world.teams.calls] == ["/amer/v3/conversations"]
