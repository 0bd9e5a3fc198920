"""A real process is killed at every point between webhook and delivery, and nobody notices.

The story is lived once undisturbed, which tells the points: each edge of what the store is asked
to do, each post on its way (it has arrived and is not answered), each answer to the webhook. Then
it is lived again and again with one kill in every turn, each time at the turn's next point.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import count, pairwise, zip_longest
from pathlib import Path
from typing import Any

from tests.bot.lives import ASKED, Replica, settings
from tests.bot.long_story import (
    NUMBER,
    SAID_BY_DESK,
    STORY,
    Happened,
    Person,
    Told,
    insist,
    platform,
    undisturbed,
)
from tests.bot.storage.looking import count as count_rows
from tests.front_end import front_end

FIRST = "c-00"
ANSWERED = "answered"
"""Killed as soon as whoever posted the event has its answer."""
ON_THE_WAY = "post:"
"""Killed when this reply has arrived and is not answered yet."""


def points(turn: Happened, kind: str) -> list[str]:
    """Return all places in `turn` where a process can be killed."""
    asked = [edge for edge in turn.edges if edge.startswith(ASKED)]
    sent = [f"{ON_THE_WAY}{id}" for id in turn.posts]
    return [*asked, *sent, *([] if kind == "desk" else [ANSWERED])]


@dataclass
class Story:
    """The story as somebody lives it whose service is killed in every turn."""

    person: Person
    before: Told
    plan: tuple[str | None, ...]
    """Where it is killed in each turn."""
    _on_the_way: str = field(default="", init=False)

    def mine(self, what: str) -> str:
        """Return an id or an edge of the undisturbed story as it is called in this one."""
        other = SAID_BY_DESK.sub("http:ticket:*:*", what)
        return other.replace(f":{FIRST}:", f":{self.person.name}:")

    @property
    def fuses(self) -> list[str | None]:
        """Return where the process itself ends each of its lives."""
        return [
            self.mine(point) if point.startswith(ASKED) else None for point in self.plan if point
        ]

    async def live(self) -> None:
        """Live it."""
        self.person.front.first = self._post
        for n, (turn, point) in enumerate(zip(self.before.turns, self.plan, strict=True)):
            deaths = self.person.replica.deaths
            if point and point.startswith(ON_THE_WAY):
                self._on_the_way = self.mine(point.removeprefix(ON_THE_WAY))
            await self.person.act(n)
            if point == ANSWERED:
                await self.person.replica.kill()
            if point:
                await self.person.replica.dead(deaths + 1)
            await self.person.hears([self.mine(id) for id in turn.posts])
        await self.person.quiet()

    async def _post(self, body: dict[str, Any]) -> None:
        if self._on_the_way and fnmatchcase(body["id"], self._on_the_way):
            self._on_the_way = ""
            await self.person.replica.kill()

    def check(self) -> None:
        """Compare it with the undisturbed one: the same, but for sends in flight at a kill."""
        posts = self.person.posts
        once = [p for n, p in enumerate(posts) if n == 0 or p["id"] != posts[n - 1]["id"]]
        expected = [self.mine(id) for turn in self.before.turns for id in turn.posts]
        assert len(once) == len(expected), [p["id"] for p in posts]
        assert all(map(fnmatchcase, (p["id"] for p in once), expected)), [p["id"] for p in posts]
        texts = [text for turn in self.before.turns for text in turn.texts]
        now = self.person.found([])
        assert [p["text"] for p in once] == [NUMBER.sub(f"FM-{now.ticket}", it) for it in texts]
        repeated = [(p["life"], q["life"]) for p, q in pairwise(posts) if p["id"] == q["id"]]
        assert all(int(q) > int(p) for p, q in repeated), "only what was in flight at a kill"
        assert len({p for p, _ in repeated}) == len(repeated), "and one reply at each of them"
        assert (now.version, now.entries) == (self.before.version, self.before.entries)


async def test_killed_at_every_point_of_every_turn(database_url: str, tmp_path: Path) -> None:
    async with front_end() as front, platform() as session:
        replica = Replica(settings(database_url, front.url), tmp_path / "replica")
        async with replica.at_work():
            before = await undisturbed(Person(FIRST, replica, front, session))
            each = [points(turn, kind) for turn, (kind, _) in zip(before.turns, STORY, strict=True)]
            stories = [
                Story(Person(f"c-{n:02}", replica, front, session), before, plan)
                for n, plan in zip(count(1), zip_longest(*each))
            ]
            replica.points = [fuse for story in stories for fuse in story.fuses]
            await replica.kill()
            for story in stories:
                await story.live()
                story.check()

        assert replica.deaths == sum(map(len, each)) + 1
        assert count_rows(database_url, "ticket") == len(stories) + 1
        assert count_rows(database_url, "dead_letter") == 0


async def test_killed_again_and_again_while_it_recovers(database_url: str, tmp_path: Path) -> None:
    said = {"id": "1", "conversation": "c", "user": "u", "text": "help"}
    async with front_end() as front, platform() as session:
        replica = Replica(settings(database_url, front.url), tmp_path / "replica")
        replica.points = [
            "turn:after:http:1:c:1",  # stored, and nobody knows
            "release:before:",
            "release:after:",
            "claim:before:",
            "claim:after:http:1:c:1:0",
            "done:before:http:1:c:1:0",  # sent, and nobody knows
            "claim:after:http:1:c:1:0",
            "done:after:http:1:c:1:0",
        ]
        async with replica.at_work():
            await insist(session, replica, body=said)
            await replica.dead(8)
            await Person("c", replica, front, session).quiet()

        assert [post["id"] for post in front.heard] == ["http:1:c:1:0"] * 2
        assert [post["life"] for post in front.heard] == ["5", "7"]
