"""Ten turns with a hand-over, lived through HTTP, and what must have come of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import aiohttp

from bot import clock
from bot.storage.opening import open_store
from dialogs.ticket import Resolve
from tests.bot.lives import SECONDS, Replica
from tests.bot.storage.looking import count, rows
from tests.bot.values import change
from tests.front_end import TOKEN, FrontEnd

STORY = (
    ("say", "AADSTS50053: the account is locked because there were too many sign-in attempts"),
    ("press", "done"),
    ("say", "back"),
    ("say", "speak Korean"),
    ("press", "done"),
    ("say", "담당자 연결해 주세요"),
    ("say", "어제부터 그래요"),
    ("desk", "resolve"),
    ("press", "failing"),
    ("say", "help"),
)
SAID_BY_DESK = re.compile(r"http:ticket:\d+:\d+")
NUMBER = re.compile(r"FM-\d+")


@dataclass
class Happened:
    """What one turn brought about."""

    posts: list[str]
    """Ids, in the order in which they first came."""
    texts: list[str]
    edges: list[str]
    """What the store was asked to do for it."""


@dataclass
class Told:
    """A whole story."""

    turns: list[Happened]
    version: int
    ticket: int
    entries: list[str]


@asynccontextmanager
async def platform() -> AsyncIterator[aiohttp.ClientSession]:
    """Yield what events are posted with."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        yield session


async def insist(
    session: aiohttp.ClientSession, *replicas: Replica, body: dict[str, str]
) -> dict[str, Any]:
    """Post an event as platforms do, the same again until it is taken; return the answer."""
    tried = 0
    async with asyncio.timeout(SECONDS):
        while True:
            url = f"{replicas[tried % len(replicas)].url}/http/events"
            tried += 1
            try:
                async with session.post(url, json=body) as response:
                    if response.status == 200:
                        answer: dict[str, Any] = await response.json()
                        return answer
                    assert response.status == 503, await response.text()
                    assert response.headers["Retry-After"]
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.02)


@dataclass
class Person:
    """Somebody who lives the story in a conversation of their own."""

    name: str
    replica: Replica
    front: FrontEnd
    session: aiohttp.ClientSession

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Return what came here, repetitions too."""
        return [post for post in self.front.heard if post["conversation"] == self.name]

    async def act(self, n: int) -> None:
        """Take turn `n`, as often as it needs to be taken."""
        kind, what = STORY[n]
        body = {"id": str(n), "conversation": self.name, "user": self.name}
        match kind:
            case "say":
                await insist(self.session, self.replica, body={**body, "text": what})
            case "press":
                token = next(p["token"] for p in reversed(self.posts) if "token" in p)
                press = {**body, "token": token, "choice": what}
                await insist(self.session, self.replica, body=press)
            case _:
                await self.quiet()
                await self._resolve()

    async def _resolve(self) -> None:
        """What `flowmend tickets resolve` does."""
        number = int(NUMBER.findall(self.posts[-1]["text"])[0][3:])
        async with open_store(self.replica.settings["database"]) as store:
            request = Resolve(by="the support team", at=clock.now())
            assert await change(store, number, request)

    async def hears(self, patterns: list[str]) -> None:
        """Wait until all of `patterns` have come."""
        async with asyncio.timeout(SECONDS):
            while not all(  # noqa: ASYNC110 - another process decides when
                any(fnmatchcase(post["id"], pattern) for post in self.posts) for pattern in patterns
            ):
                await asyncio.sleep(0.005)

    async def quiet(self) -> None:
        """Wait until nothing is left to be delivered."""
        async with asyncio.timeout(SECONDS):
            while await asyncio.to_thread(count, self.replica.settings["database"], "outbox"):  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    def found(self, turns: list[Happened]) -> Told:
        """Return what stands in the database of this story."""
        url, where = self.replica.settings["database"], f"http:local:{self.name}:@{self.name}"
        ((version,),) = rows(url, f"SELECT version FROM conversation WHERE id = '{where}'")  # noqa: S608
        ((number,),) = rows(
            url,
            f"SELECT number FROM ticket WHERE origin LIKE '%\"{where}\"%'",  # noqa: S608
        )
        entries = rows(
            url,
            f"SELECT what, text FROM ticket_entry WHERE ticket = {number} ORDER BY id",  # noqa: S608
        )
        return Told(turns, version, number, [f"{what} {text}" for what, text in entries])


async def undisturbed(person: Person) -> Told:
    """Live the story without any trouble; return what comes of it."""
    turns: list[Happened] = []
    for n in range(len(STORY)):
        posts, edges = len(person.posts), len(person.replica.edges) if turns else 0
        await person.act(n)
        await person.quiet()
        while person.replica.busy:  # noqa: ASYNC110 - another process decides when
            await asyncio.sleep(0.005)
        new = person.posts[posts:]
        turns.append(
            Happened(
                posts=[post["id"] for post in new],
                texts=[post["text"] for post in new],
                edges=person.replica.edges[edges:],
            )
        )
    return person.found(turns)
