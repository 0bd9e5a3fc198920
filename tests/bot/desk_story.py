"""A hand-over from the call for a person to the reopening, between a requester and an expert."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import aiohttp

from tests.bot.lives import ASKED, SECONDS, Replica
from tests.bot.long_story import insist
from tests.bot.program import PASTE
from tests.bot.storage.looking import count, rows
from tests.front_end import FrontEnd

DESKS = "http:local:help team support"
TURNS = (
    ("ann", "say", PASTE),
    ("ann", "press", "person"),
    ("kim", "press", "claim"),
    ("kim", "fill in", "look again"),
    ("ann", "say", "still there"),
    ("kim", "mark", "reply: and now?"),
    ("kim", "press", "other-cause"),
    ("ann", "press", "failing"),
)
ANSWERED = "answered"
"""Killed as soon as whoever posted the event has its answer."""
ON_THE_WAY = "post:"
"""Killed when this reply has arrived and is not answered yet."""
_NUMBER = re.compile(r"FM-(\d+)")
_OF_DESK = re.compile(r"http:(desk|ticket):\d+:\d+")
_OF_TICKET = re.compile(r":\d+:([A-Z]\w+)$")


@dataclass
class Requester:
    """Somebody who is handed over, and the expert who takes it."""

    name: str
    replica: Replica
    front: FrontEnd
    session: aiohttp.ClientSession
    ticket: int = 0

    @property
    def heard(self) -> list[dict[str, Any]]:
        """Return what the requester was sent, repetitions too."""
        return [post for post in self.front.heard if post["conversation"] == self.name]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Return what the desk was sent of this ticket, repetitions too."""
        desk = [post for post in self.front.heard if post.get("channel") == "help"]
        cards = {post["id"] for post in desk if post.get("token") == f"FM-{self.ticket}"}
        return [post for post in desk if cards & {post["id"], post.get("thread")}]

    async def act(self, n: int) -> None:
        """Take turn `n`, as often as it needs to be taken."""
        who, how, what = TURNS[n]
        body = {"id": f"{n}", "conversation": self.name, "user": self.name}
        if who == "kim":
            there = {"conversation": f"help/{self.name}", "channel": "help", "name": "Kim"}
            body |= there | {"user": "kim"}
        await insist(self.session, self.replica, body=body | self._said(how, what, who))
        if how == "press" and what == "person":
            await self.quiet()
            self.ticket = int(_NUMBER.findall(self.heard[-1]["text"])[0])

    def _said(self, how: str, what: str, who: str) -> dict[str, str]:
        card = f"FM-{self.ticket}"
        match how:
            case "press" if who == "ann":
                token = next(post["token"] for post in reversed(self.heard) if "token" in post)
                return {"token": token, "choice": what}
            case "press":
                return {"token": card, "choice": what}
            case "fill in":
                return {"token": card, "text": what}
            case "mark":
                return {"thread": self.shown[0]["id"], "text": what}
            case _:
                return {"text": what}

    async def quiet(self) -> None:
        """Wait until nothing is left to be delivered."""
        async with asyncio.timeout(SECONDS):
            while await asyncio.to_thread(count, self.replica.settings["database"], "outbox"):  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    def journal(self) -> list[str]:
        """Return what the ticket's journal holds."""
        asked = f"SELECT what, text FROM ticket_entry WHERE ticket = {self.ticket} ORDER BY id"  # noqa: S608
        found = rows(self.replica.settings["database"], asked)
        return [f"{what} {text}".rstrip() for what, text in found]


@dataclass
class Undisturbed:
    """The story without any trouble."""

    requester: Requester
    points: list[list[str]] = field(default_factory=list)
    """Of each turn all places where a process can be killed, as patterns for any requester.

    Just before something is asked of the store the world is as it was just after what came before
    it, which is a point already: so only the first one of a turn is one of its own.
    """

    async def live(self) -> None:
        """Live it."""
        for n in range(len(TURNS)):
            posts, edges = len(self.requester.front.heard), len(self.requester.replica.edges)
            await self.requester.act(n)
            await self.requester.quiet()
            while self.requester.replica.busy:  # noqa: ASYNC110 - another process decides when
                await asyncio.sleep(0.005)
            passed = [it for it in self.requester.replica.edges[edges:] if it.startswith(ASKED)]
            places = [passed[0], *(it for it in passed if ":after:" in it)]
            sent = [f"{ON_THE_WAY}{it['id']}" for it in self.requester.front.heard[posts:]]
            self.points.append([self._anybodys(it) for it in (*places, *sent, ANSWERED)])

    def _anybodys(self, point: str) -> str:
        point = _OF_DESK.sub(r"http:\1:*:*", point).replace(self.requester.name, "*")
        return _OF_TICKET.sub(r":*:\1", point)


async def disturbed(requester: Requester, plan: list[str | None]) -> None:
    """Live the story with one kill in each turn for which `plan` names a point."""
    replica = requester.replica
    for n, point in enumerate(plan):
        deaths, on_the_way = replica.deaths, [(point or "").removeprefix(ON_THE_WAY)]

        async def post(body: dict[str, Any], waits: list[str] = on_the_way) -> None:
            if waits and fnmatchcase(body["id"], waits[0]):
                waits.clear()
                await replica.kill()

        requester.front.first = post if point and point.startswith(ON_THE_WAY) else None
        if point and point.startswith(ASKED):
            replica.arm(point)
        await requester.act(n)
        if point == ANSWERED:
            await replica.kill()
        if point:
            await replica.dead(deaths + 1)
        await requester.quiet()
