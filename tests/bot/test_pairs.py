"""Requester and desk on Slack and on Teams, in all four pairs: two adapters, one bot and store."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from aiohttp import ClientSession

from adapters.base import Adapter
from adapters.slack.adapter import SlackAdapter, Workspace
from adapters.slack.payloads import ROUTE as SLACK
from adapters.teams.adapter import Setup, TeamsAdapter
from adapters.teams.credentials import App
from adapters.teams.edge import ROUTE as TEAMS
from bot import clock
from bot.content import library
from bot.pages import StoredPages
from bot.settings import Settings
from bot.workings import opened
from tests.adapters.teams.bodies import APP, TENANT
from tests.adapters.teams.microsoft import Microsoft, microsoft
from tests.bot import at_work
from tests.bot.at_work import courier_of
from tests.slack.web_api import BOT_TOKEN, WebApi, web_api
from tests.slack.workspace import MENTION, SECRET
from tests.slack.workspace import Workspace as Slack

PASTE = "AADSTS50173: The provided grant has expired due to it being revoked"
FIRST, SECOND = (b"\x89PNG\r\n\x1a\n" + it for it in (b"of the requester", b"of the expert"))
HELP, DESK = "C1", "C9"
TEAMS_HELP, TEAMS_DESK = "19:help@thread.tacv2", "19:desk@thread.tacv2"
DESKS = {"slack": f"slack:T1:{DESK}", "teams": f"teams:{TENANT}:{TEAMS_DESK}"}


class Side(Protocol):
    """One platform, as requester or as expert."""

    async def asks(self) -> None:
        """Paste an error, and ask for a person."""

    async def says(self, text: str, picture: bytes, name: str, *, desk: bool) -> None:
        """Write into the requester's thread, or below the card."""

    def pictures(self, *, desk: bool) -> list[bytes]:
        """Return the pictures that the bot has shown there."""

    def shown(self, *, desk: bool) -> str:
        """Return all that the bot has said there."""


@dataclass
class InSlack:
    api: WebApi
    people: Slack

    async def asks(self) -> None:
        self.begun = await self.people.says("U1", HELP, f"{MENTION} {PASTE}")
        await until(lambda: self.api.by_bot(HELP))
        await self.people.presses("U1", HELP, self.api.by_bot(HELP)[0], "Talk to a person")

    async def says(self, text: str, picture: bytes, name: str, *, desk: bool) -> None:
        self.api.files[name] = (picture, "image/png")
        url = self.api.file_url(name)
        file = {"id": name, "name": name, "mimetype": "image/png", "url_private": url}
        where = ("U3", DESK, text, self.api.by_bot(DESK)[0]["ts"]) if desk else None
        who = where or ("U1", HELP, text, self.begun["ts"])
        await self.people.says(*who, subtype="file_share", files=[file])

    def pictures(self, *, desk: bool) -> list[bytes]:
        said = self.api.by_bot(DESK if desk else HELP)
        return [self.api.uploads[file["id"]] for it in said for file in it.get("files", ())]

    def shown(self, *, desk: bool) -> str:
        return json.dumps(self.api.by_bot(DESK if desk else HELP))


@dataclass
class InTeams:
    microsoft: Microsoft
    session: ClientSession
    url: str
    count: int = 0

    async def _sends(self, place: str, who: str, **activity: Any) -> None:
        self.count += 1
        body = {
            **self.microsoft.message(),
            "id": f"a-{self.count}",
            "timestamp": clock.now().isoformat(),
            "from": {"id": f"29:{who}", "name": who.title(), "aadObjectId": who},
            "conversation": {"id": place, "conversationType": "channel"},
            **activity,
        }
        headers = {"Authorization": self.microsoft.bearer()}
        async with self.session.post(self.url, json=body, headers=headers) as response:
            assert response.status == 200, await response.text()

    async def _mentions(self, place: str, who: str, text: str, **more: Any) -> None:
        bot = {"id": f"28:{APP}"}
        entity = {"type": "mention", "text": "<at>Flowmend</at>", "mentioned": bot}
        said = {"text": f"<at>Flowmend</at> {text}", "entities": [entity]}
        await self._sends(place, who, **said, **more)

    async def asks(self) -> None:
        await self._mentions(f"{TEAMS_HELP};messageid=1", "ann", PASTE)
        await until(lambda: "Talk to a person" in self.shown(desk=False))
        (button,) = [it for it in _buttons(self._sent(False)) if it["title"] == "Talk to a person"]
        action = {"type": "Action.Execute", "verb": button["verb"], "data": button["data"]}
        value = {"action": action, "trigger": "manual"}
        press = {"type": "invoke", "name": "adaptiveCard/action", "value": value}
        await self._sends(f"{TEAMS_HELP};messageid=1", "ann", **press)

    async def says(self, text: str, picture: bytes, name: str, *, desk: bool) -> None:
        self.microsoft.attachments[name] = picture
        where = f"{self.microsoft.service}v3/attachments/{name}/views/original"
        pasted = [{"contentType": "image/*", "contentUrl": where, "name": name}]
        place = f"{TEAMS_DESK};messageid={self._card()}" if desk else f"{TEAMS_HELP};messageid=1"
        await self._mentions(place, "kim" if desk else "ann", text, attachments=pasted)

    def _card(self) -> str:
        """Return the post that the desk's card is."""
        made = [path.endswith("/v3/conversations") for _, path, _ in self.microsoft.calls]
        return f"post-{made.index(True) + 1}"

    def _sent(self, desk: bool) -> list[Any]:
        channel = TEAMS_DESK if desk else TEAMS_HELP
        return [
            body.get("activity", body)
            for _, path, body in self.microsoft.calls
            if body and (channel in path or channel in json.dumps(body.get("channelData", "")))
        ]

    def pictures(self, *, desk: bool) -> list[bytes]:
        attached = [it for body in self._sent(desk) for it in body["attachments"]]
        images = [it["contentUrl"] for it in attached if it["contentType"] == "image/png"]
        return [b64decode(url.partition(",")[2]) for url in images]

    def shown(self, *, desk: bool) -> str:
        return json.dumps(self._sent(desk))


def _buttons(value: object) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for it in value for found in _buttons(it)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") == "Action.Execute" else []
    return own + [found for it in value.values() for found in _buttons(it)]


async def until(so: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


@asynccontextmanager
async def serving(folder: Path, desk: str) -> AsyncIterator[dict[str, Side]]:
    """Run the bot on both platforms with a desk that only the settings name."""
    url = f"sqlite:///{folder / 'flowmend.sqlite3'}"
    patient = {f"{name}_after": "off" for name in ("remind", "close", "claim", "answer")}
    settings = Settings.model_validate({"database": url, "desks": DESKS[desk], **patient})
    book = library(settings, waits=True)
    async with web_api() as api, microsoft() as there, opened(settings, "serve") as store:
        slack = SlackAdapter(
            Workspace(
                bot_token=BOT_TOKEN,
                signing_secret=SECRET,
                api_url=f"{api.url}api/",
                timeout=5,
                now=clock.now,
            ),
            StoredPages(store, book),
        )
        teams = TeamsAdapter(
            Setup(
                app=App(id=APP, password="a-secret-of-the-tests"),
                tenants=frozenset({TENANT}),
                loopback=True,
                timeout=5,
                now=clock.now,
                phrase=book.phrase,
                service=there.service,
                metadata=f"{there.url}/metadata",
                token=lambda: "a-token",
            )
        )
        adapters: dict[str, Adapter] = {"slack": slack, "teams": teams}
        courier = courier_of(settings, store, book, adapters)
        async with at_work.serving(adapters, courier) as url, ClientSession() as session:
            yield {
                "slack": InSlack(api, Slack(api, session, url + SLACK)),
                "teams": InTeams(there, session, url + TEAMS),
            }


@pytest.mark.parametrize("desk", ["slack", "teams"])
@pytest.mark.parametrize("requester", ["slack", "teams"])
async def test_pictures_pass_both_ways(tmp_path: Path, requester: str, desk: str) -> None:
    async with serving(tmp_path, desk) as sides:
        asker, expert = sides[requester], sides[desk]
        await asker.asks()
        await until(lambda: "FM-1" in expert.shown(desk=True))

        await asker.says("it looks like this", FIRST, "shot.png", desk=False)
        await until(lambda: expert.pictures(desk=True))
        await expert.says("reply: press this", SECOND, "button.png", desk=True)
        await until(lambda: asker.pictures(desk=False))

        assert expert.pictures(desk=True) == [FIRST]
        assert asker.pictures(desk=False) == [SECOND]
        assert "it looks like this" in expert.shown(desk=True)
        assert "shot.png" in expert.shown(desk=True)
        assert "press this" in asker.shown(desk=False)
        assert "cannot show it here" not in asker.shown(desk=False) + expert.shown(desk=True)
