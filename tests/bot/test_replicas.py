"""Two replicas on one PostgreSQL: one step for a double click, every reply once and in order.

`pytest tests/bot/test_replicas.py --storm 200x20` is the full size.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest

from bot.content import library
from bot.settings import Settings
from bot.storage.opening import open_store
from dialogs.engine import advance
from dialogs.events import Chose, Event, Origin, Said
from dialogs.intake import clean
from dialogs.library import Library
from dialogs.replies import OpenTicket
from dialogs.state import Guiding, Idle, State
from tests.bot.lives import SECONDS, Replica, settings
from tests.bot.long_story import insist, platform
from tests.bot.storage.looking import rows
from tests.front_end import FrontEnd, front_end
from tests.postgres import Server

LOCKED = "AADSTS50053: the account is locked because there were too many sign-in attempts"
WORDS = (LOCKED, "done", "help", "back", "speak Korean", "done", "영어로", "start over")
AT_ONCE = 32
"""Events that are on their way: more are refused for want of connections, and sent again."""
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)


@dataclass
class Pair:
    """Two replicas and what they talk to."""

    replicas: tuple[Replica, Replica]
    front: FrontEnd
    session: aiohttp.ClientSession
    url: str


@asynccontextmanager
async def pair(url: str, folder: Path) -> AsyncIterator[Pair]:
    async with front_end() as front, platform() as session:
        # A turn whose commit nobody heard of leaves its replies to the end of their lease.
        given = settings(url, front.url, outbox_lease="8s", outbox_timeout="4s")
        one, two = (
            Replica(given | {"replica": name}, folder / name, f"{name}:") for name in ("a", "b")
        )
        async with one.at_work(), two.at_work():
            yield Pair((one, two), front, session, url)


async def until_quiet(url: str) -> None:
    """Wait until nothing is left to be delivered."""
    async with asyncio.timeout(SECONDS), open_store(url) as store:
        while (await store.backlog()).waiting:  # noqa: ASYNC110 - other processes decide when
            await asyncio.sleep(0.02)


def origin(name: str) -> Origin:
    return Origin(
        platform="http",
        tenant="local",
        conversation=f"http:local:{name}:@{name}",
        user=f"http:{name}",
        route={"conversation": name},
    )


@dataclass
class Talk:
    """What one person does, and what must come of it: the decision table tells."""

    name: str
    book: Library
    state: State = field(default_factory=Idle)
    expected: list[str] = field(default_factory=list)
    """Ids of the replies, in order."""

    def does(self, n: int, text: str) -> dict[str, str]:
        """Return the body of the next event: words, or a press when there is something to press."""
        id = f"http:{len(self.name)}:{self.name}:{n}"
        body = {"id": str(n), "conversation": self.name, "user": self.name}
        if text == "done" and isinstance(self.state, Guiding):
            token = self.state.token
            self._then(
                Chose(id=id, at=AT, origin=origin(self.name), token=token, choice="done"), id
            )
            return {**body, "token": token, "choice": "done"}
        self._then(clean(Said(id=id, at=AT, origin=origin(self.name), text=text)), id)
        return {**body, "text": text}

    def _then(self, event: Event, id: str) -> None:
        step = advance(self.state, event, self.book)
        assert not any(isinstance(effect, OpenTicket) for effect in step.effects), "nobody answers"
        self.state = step.state
        self.expected += [f"{id}:{n}" for n in range(len(step.replies))]


@pytest.fixture(scope="module")
def book() -> Library:
    return library(Settings(), waits=True)


async def test_a_double_click_on_two_replicas_is_one_step(
    postgres_url: str, tmp_path: Path, book: Library
) -> None:
    async with pair(postgres_url, tmp_path) as world:

        async def click_twice(name: str) -> None:
            talk = Talk(name, book)
            await insist(world.session, world.replicas[0], body=talk.does(0, LOCKED))
            press = talk.does(1, "done")
            again = {**press, "id": "2"}
            await asyncio.gather(
                *(
                    insist(world.session, replica, body=body)
                    for replica, body in zip(world.replicas, (press, again), strict=True)
                )
            )

        await asyncio.gather(*(click_twice(f"c-{n:02}") for n in range(50)))
        await until_quiet(postgres_url)

    for n in range(50):
        posts = [p for p in world.front.taken if p["conversation"] == f"c-{n:02}"]
        steps = [p["text"] for p in posts if "Step 2 of 4" in p["text"] and "✓" not in p["text"]]
        assert "Step 1 of 4" in posts[0]["text"]
        assert len(steps) == 2, "the step, and the same one again for whoever came second"
        assert not any("Step 3 of 4" in p["text"] for p in posts)
        assert sum(p.get("replaces") == posts[0]["id"] for p in posts) == 1
    versions = rows(postgres_url, "SELECT DISTINCT version FROM conversation")
    assert versions == [(3,)]


async def test_every_reply_comes_once_and_in_order_through_a_kill_and_a_restart(
    own_postgres: Server, tmp_path: Path, book: Library, storm: tuple[int, int]
) -> None:
    people, events = storm
    url = own_postgres.url(own_postgres.migrated_database())
    chance = random.Random(7)  # noqa: S311 - the same storm each time
    talks = [Talk(f"c-{n:03}", book) for n in range(people)]
    taken, at_once = 0, asyncio.Semaphore(AT_ONCE)
    third, two_thirds = asyncio.Event(), asyncio.Event()

    async with pair(url, tmp_path) as world:

        async def talks_on(talk: Talk) -> None:
            nonlocal taken
            for n in range(events):
                body = talk.does(n, WORDS[n % len(WORDS)])
                order = chance.sample(world.replicas, 2)
                async with at_once:
                    await insist(world.session, *order, body=body)
                taken += 1
                if taken >= people * events // 3:
                    third.set()
                if taken >= people * events * 2 // 3:
                    two_thirds.set()

        async def trouble() -> None:
            await third.wait()
            await world.replicas[0].kill()
            await two_thirds.wait()
            await asyncio.to_thread(own_postgres.restart)

        await asyncio.gather(trouble(), *map(talks_on, talks))
        await until_quiet(url)

    assert world.replicas[0].deaths == 1
    assert world.replicas[1].deaths == 0
    assert rows(url, "SELECT count(*) FROM dead_letter") == [(0,)]
    resent = [pair for talk in talks for pair in check(world.front, talk)]
    assert all(before == "a:0" for before, _ in resent), "only what was in flight at the kill"
    assert {by for by, _ in map(life, world.front.heard)} == {"a", "b"}


def check(front: FrontEnd, talk: Talk) -> list[tuple[str, str]]:
    """Compare what came with what must; return the lives between which something was repeated."""
    posts = [p for p in front.heard if p["conversation"] == talk.name]
    once = [p["id"] for n, p in enumerate(posts) if n == 0 or p["id"] != posts[n - 1]["id"]]
    assert once == talk.expected
    repeated = [(p["life"], q["life"]) for p, q in pairwise(posts) if p["id"] == q["id"]]
    assert len(repeated) <= 1
    return repeated


def life(post: dict[str, str]) -> tuple[str, str]:
    name, _, number = post["life"].partition(":")
    return name, number
