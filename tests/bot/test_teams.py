"""What happens in Teams, from Microsoft's side to Microsoft's side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.teams.bodies import APP, TENANT
from tests.bot.teams_channel import ANN, BOB, PASTE, Channel, teams_channel, words_of

FORBIDDEN = "403 Forbidden: the caller is not permitted to edit this SharePoint list"


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncIterator[Channel]:
    async with teams_channel(tmp_path, frozenset({TENANT})) as running:
        yield running


async def test_a_press_is_answered_at_once_and_then_for_everybody(channel: Channel) -> None:
    await channel.mention(ANN, PASTE)
    await channel.shows("Step 1 of 3")

    answer = await channel.press(ANN, "Done")

    assert "✓ Done · Ann" in words_of(answer["value"])
    await channel.shows("Step 2 of 3")
    assert channel.calls("PUT") == 1
    assert "✓ Done · Ann" in await channel.shows("✓ Done")


async def test_a_stranger_gets_a_kind_word_and_changes_nothing(channel: Channel) -> None:
    await channel.mention(ANN, "ConnectionNotConfigured: the connection reference is missing")
    await channel.shows("Step 1 of 3")
    before = len(channel.teams.calls)

    answer = await channel.press(BOB, "Done")

    assert answer["type"] == "application/vnd.microsoft.activity.message"
    assert answer["value"].startswith("These buttons are for the person who asked")
    assert len(channel.teams.calls) == before


async def test_whoever_the_step_asks_for_may_press(channel: Channel) -> None:
    await channel.mention(ANN, "DlpViolation: an admin data policy restricts this connector")
    await channel.shows("An administrator decides")

    answer = await channel.press(BOB, "Done")

    assert "✓ Done · Bob" in words_of(answer["value"])
    await channel.shows("Step 2 of")


async def test_each_person_has_a_case_of_their_own_in_a_thread(channel: Channel) -> None:
    await channel.mention(ANN, PASTE)
    await channel.shows("Step 1 of 3")
    first = channel.button("Done")["data"]["flowmend"]

    await channel.mention(BOB, PASTE)
    async with asyncio.timeout(10):
        while channel.calls("POST") < 2:  # noqa: ASYNC110 - another task decides when
            await asyncio.sleep(0.01)

    second = channel.button("Done")["data"]["flowmend"]
    assert (first["requester"], second["requester"]) == ("ann", "bob")
    assert first["token"] != second["token"]


async def test_an_edit_is_read_again(channel: Channel) -> None:
    await channel.mention(ANN, PASTE, id="m-1")
    await channel.shows("Step 1 of 3")
    data = {"eventType": "editMessage", "tenant": {"id": TENANT}}

    await channel.mention(ANN, FORBIDDEN, id="m-1", type="messageUpdate", channelData=data)

    assert "has changed" in await channel.shows("Your message has changed")


async def test_a_deleted_message_closes_its_case(channel: Channel) -> None:
    await channel.mention(ANN, PASTE, id="m-1")
    await channel.shows("Step 1 of 3")
    data = {"eventType": "softDeleteMessage", "tenant": {"id": TENANT}}

    await channel.sends({"type": "messageDelete", "id": "m-1", "channelData": data, "from": ANN})

    assert "✓ The message was deleted" in await channel.shows("The message was deleted")


async def test_without_a_mention_only_an_open_case_is_gone_on_with(channel: Channel) -> None:
    await channel.sends({"from": BOB, "text": PASTE})
    await channel.mention(ANN, PASTE)
    await channel.shows("Step 1 of 3")

    await channel.sends({"from": ANN, "text": "done"})

    await channel.shows("Step 2 of 3")
    assert not any("bob" in str(card) for card in channel.teams.cards), "nobody spoke to the bot"


async def test_a_double_click_is_one_step(channel: Channel) -> None:
    await channel.mention(ANN, PASTE)
    await channel.shows("Step 1 of 3")

    first, second = await asyncio.gather(*(channel.press(ANN, "Done") for _ in range(2)))

    kinds = sorted(it["type"].rpartition(".")[2] for it in (first, second))
    assert kinds == ["adaptive", "message"]
    await channel.shows("Step 2 of 3")
    assert sum("Step 2 of 3" in words_of(card) for card in channel.teams.cards) == 1


async def test_an_installation_is_greeted_once_with_an_example(channel: Channel) -> None:
    chat = {"id": "a:1", "conversationType": "personal"}
    added = {"type": "installationUpdate", "action": "add", "conversation": chat, "id": "i-1"}
    members = {"type": "conversationUpdate", "membersAdded": [{"id": f"28:{APP}"}]}

    await channel.sends(added)
    await channel.sends({**members, "conversation": chat})
    await channel.sends({**added, "action": "add-upgrade", "id": "i-2"})
    await channel.sends({**added, "action": "remove", "id": "i-3"})

    assert "For example" in await channel.shows("For example")
    await asyncio.sleep(0.2)
    assert len(channel.teams.cards) == 1


DESK = "19:desk@thread.tacv2"


async def test_a_desk_in_a_channel_has_a_post_for_each_ticket(channel: Channel) -> None:
    there = {"conversation": {"id": f"{DESK};messageid=9", "conversationType": "channel"}}
    await channel.mention(ANN, "desk here team support", **there)
    await channel.shows("Tickets come to this channel now")
    await channel.mention(BOB, PASTE)
    await channel.shows("Step 1 of 3")
    await channel.press(BOB, "Talk to a person")
    card = await channel.shows("Nobody has taken it yet")
    assert "AADSTS50173" in card

    stranger = await channel.press(BOB, "Claim")
    assert stranger["value"].startswith("Only those who work")
    (posted,) = (body for *_, body in channel.teams.calls if "channelData" in (body or {}))
    assert posted["channelData"]["channel"]["id"] == DESK

    below = {"conversation": {"id": f"{DESK};messageid=1", "conversationType": "channel"}}
    answer = await channel.press(ANN, "Claim", **below)
    assert "Taken · Ann" in words_of(answer["value"])
    await channel.shows("Somebody from the support team has FM-1")

    form = await channel.press(ANN, "Resolve", **below)
    assert "What was the cause of FM-1?" in words_of(form["value"])

    back = await channel.sends({**_pressed(form["value"], "Back"), "from": ANN, **below})
    assert "Taken · Ann" in words_of(back["value"])


async def test_what_is_written_on_the_card_is_answered_with_the_card(channel: Channel) -> None:
    there = {"conversation": {"id": f"{DESK};messageid=9", "conversationType": "channel"}}
    await channel.mention(ANN, "desk here", **there)
    await channel.shows("Tickets come to this channel now")
    await channel.mention(BOB, PASTE)
    await channel.shows("Step 1 of 3")
    await channel.press(BOB, "Talk to a person")
    await channel.shows("Nobody has taken it yet")
    below = {"conversation": {"id": f"{DESK};messageid=1", "conversationType": "channel"}}

    for words, answer in (
        ("Look at step 2", "Waiting for the requester"),
        (" ", "nothing to send"),
    ):
        sent = _sent(channel.button("Reply"), words)
        shown = await channel.sends({**sent, "from": ANN, **below})
        assert answer in str(shown["value"])

    await channel.shows("The support team answers")
    assert "Look at step 2" in str(channel.teams.cards[-1])


def _pressed(card: dict[str, Any], title: str) -> dict[str, Any]:
    rows = (row["actions"] for row in card["body"] if "actions" in row)
    return _sent(next(it for row in rows for it in row if it["title"] == title))


def _sent(button: dict[str, Any], words: str = "") -> dict[str, Any]:
    data = button["data"] | ({"words": words} if words else {})
    value = {"action": {"type": "Action.Execute", "verb": button["verb"], "data": data}}
    return {"type": "invoke", "name": "adaptiveCard/action", "value": value}
