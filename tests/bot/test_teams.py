"""The whole bot in Teams, but for Microsoft: real engine, real store, signed activities."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.teams.adapter import Setup, TeamsAdapter
from adapters.teams.credentials import App
from adapters.teams.edge import ROUTE
from bot import clock
from bot.app import opened, workings
from bot.content import library
from bot.courier import Courier, Rhythm
from bot.settings import Settings
from bot.storage import Scope
from bot.watch import Unwatched
from tests.adapters.teams.bodies import APP, TENANT
from tests.adapters.teams.microsoft import Microsoft, microsoft

THREAD = "19:x@thread.tacv2;messageid=1"
PASTE = '{"status": 401, "message": "AADSTS50173: The provided grant has expired"}'
FORBIDDEN = "403 Forbidden: the caller is not permitted to edit this SharePoint list"
MENTION = {"type": "mention", "text": "<at>Flowmend</at>", "mentioned": {"id": f"28:{APP}"}}
ANN, BOB = ({"id": f"29:{it}", "name": it.title(), "aadObjectId": it} for it in ("ann", "bob"))


@dataclass
class Channel:
    """One thread of a channel, seen from Microsoft's side."""

    client: TestClient[Any, Any]
    teams: Microsoft
    count: int = 0

    async def sends(self, activity: dict[str, Any]) -> Any:
        self.count += 1
        body = {
            **self.teams.message(),
            "id": f"a-{self.count}",
            "timestamp": None,
            "conversation": {"id": THREAD, "conversationType": "channel"},
            **activity,
        }
        headers = {"Authorization": self.teams.bearer()}
        async with self.client.post(ROUTE, json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            return await response.json() if await response.read() else None

    async def mention(self, who: dict[str, str], text: str, **more: Any) -> None:
        said = {"from": who, "text": f"<at>Flowmend</at> {text}", "entities": [MENTION], **more}
        await self.sends(said)

    async def press(self, who: dict[str, str], title: str, **more: Any) -> Any:
        data = self.button(title)["data"]
        action = {"type": "Action.Execute", "verb": "flowmend.choose", "data": data}
        value = {"action": action, "trigger": "manual"}
        activity = {"type": "invoke", "name": "adaptiveCard/action", "value": value, "from": who}
        return await self.sends(activity | more)

    def button(self, title: str) -> Any:
        rows = [row for card in self.teams.cards for row in card["body"] if "actions" in row]
        return [it for row in rows for it in row["actions"] if it["title"] == title][-1]

    async def shows(self, text: str) -> str:
        """Wait until a card says `text`; return the last one that does."""
        async with asyncio.timeout(10):
            while True:
                found = [said for said in map(_words, self.teams.cards) if text in said]
                if found:
                    return found[-1]
                await asyncio.sleep(0.01)

    def calls(self, method: str) -> int:
        return sum(it[0] == method for it in self.teams.calls)


def _words(card: Any) -> str:
    inlines = (it for block in card["body"] for it in block.get("inlines", ()))
    return "".join(str(it["text"]) for it in inlines)


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncIterator[Channel]:
    settings = Settings(
        database=f"sqlite:///{tmp_path / 'teams.sqlite3'}",
        administrators=frozenset({"teams:ann"}),
    )
    book = library(settings, waits=True)
    async with microsoft() as teams, opened(settings, "serve") as store:
        adapter = TeamsAdapter(
            Setup(
                app=App(id=APP, password="a-secret-of-the-tests"),
                tenants=frozenset({TENANT}),
                loopback=True,
                timeout=5,
                now=clock.now,
                phrase=book.phrase,
                metadata=f"{teams.url}/metadata",
                token=lambda: "a-token",
            )
        )
        adapters = {adapter.name: adapter}
        turns, deliveries = workings(settings, store, book, adapters)
        courier = Courier(
            store=store,
            turns=turns,
            deliveries=deliveries,
            scope=Scope(platforms=frozenset(adapters)),
            now=clock.now,
            rhythm=Rhythm(lanes=4, poll=0.05, stop=5),
            watch=Unwatched(),
        )
        app = web.Application()
        async with adapter.connect(app, courier.handle), TestClient(TestServer(app)) as client:
            running = asyncio.create_task(courier.run())
            yield Channel(client, teams)
            await courier.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_a_press_is_answered_at_once_and_then_for_everybody(channel: Channel) -> None:
    await channel.mention(ANN, PASTE)
    await channel.shows("Step 1 of 3")

    answer = await channel.press(ANN, "Done")

    assert "✓ Done · Ann" in _words(answer["value"])
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

    assert "✓ Done · Bob" in _words(answer["value"])
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
    assert sum("Step 2 of 3" in _words(card) for card in channel.teams.cards) == 1


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
    assert "Taken · Ann" in _words(answer["value"])
    await channel.shows("Somebody from the support team has FM-1")

    form = await channel.press(ANN, "Resolve", **below)
    assert "What was the cause of FM-1?" in _words(form["value"])

    back = await channel.sends({**_pressed(form["value"], "Back"), "from": ANN, **below})
    assert "Taken · Ann" in _words(back["value"])


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
