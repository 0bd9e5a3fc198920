"""A desk channel at the program itself: `flowmend serve` between a requester and two experts."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.bot.program import PASTE, Program
from tests.bot.served import SECONDS, Served, serving, set_up
from tests.front_end import FrontEnd, front_end

SECRET = "Kq8~x7Q2zV.9bT4mLwP1cR6nYd3sHf0eGjUa5"


def below(front: FrontEnd, thread: str) -> list[str]:
    """Return what stands below the card `thread`; what was sent twice has the same id."""
    return [
        *{post["id"]: post["text"] for post in front.taken if post.get("thread") == thread}.values()
    ]


async def until(front: FrontEnd, text: str, channel: str | None = None) -> dict[str, Any]:
    """Wait for the reply with `text` in it."""
    async with asyncio.timeout(SECONDS):
        while True:
            posts: list[dict[str, Any]] = front.taken[::-1]
            for post in posts:
                if text in post["text"] and channel in (None, post.get("channel")):
                    return post
            await asyncio.sleep(0.01)


def inside(user: str, id: str, **more: str) -> dict[str, str]:
    """Return what an expert posts in the channel of the desk."""
    return {
        "id": id,
        "conversation": f"help/{user}",
        "user": user,
        "name": user.title(),
        "channel": "help",
        **more,
    }


async def handed_over(served: Served, front: FrontEnd, who: str = "ann") -> dict[str, Any]:
    """Let `who` ask for a person; return the card in the desk's channel."""
    await served.says(PASTE, id=f"{who}-1", who=who)
    await until(front, "Step 1")
    await served.presses(front, "person", id=f"{who}-2", who=who)
    card = await until(front, "Nobody has taken it yet", "help")
    await until(front, "with the support team now")
    return card


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


async def make_a_desk(served: Served, front: FrontEnd) -> None:
    """Let an administrator make a desk, which nobody else may."""
    await served.post(**inside("kim", "0", text="desk here"))
    await until(front, "Only an administrator")
    await served.post(**inside("ada", "0", text="desk here team support"))
    await until(front, "Tickets come to this channel now")


async def claim_at_once(served: Served) -> list[str]:
    """Let two experts claim at once; return what each is told."""
    claims = (
        served.post(**inside(user, "1", token="FM-1", choice="claim")) for user in ("kim", "lee")
    )
    return [body["answer"][0]["text"] for _, body, _ in await asyncio.gather(*claims)]


async def test_a_ticket_from_hand_over_to_solved(program: Program) -> None:
    async with front_end() as front:
        program = set_up(program, front, ADMINISTRATORS="http:ada")
        async with serving(program) as served:
            await make_a_desk(served, front)
            card = await handed_over(served, front)
            assert "AADSTS50173" in card["text"]
            choices = [choice["id"] for choice in card["choices"]]
            assert choices == ["claim", "reply", "retry", "resolve", "assign"]

            told = await claim_at_once(served)
            assert sum("already" in it for it in told) == 1, "one wins, the other is told"
            await until(front, "Somebody from the support team has FM-1")

            thread = card["id"]
            await served.post(
                **inside("kim", "2", thread=thread, text=f"reply: use client_secret={SECRET}")
            )
            answer = await until(front, "The support team answers (FM-1)")
            assert answer["conversation"] == "ann"
            assert SECRET not in "".join(map(str, front.heard))

        # Killed; what was on its way, and what comes now, arrives all the same.
        async with serving(program) as served:
            await served.says("still **broken** @everyone", id="3", who="ann")
            await until(front, "still **broken** @everyone", "help")
            await served.end(signal.SIGKILL)
        async with serving(program) as served:
            body = (await served.post(**inside("kim", "4", token="FM-1", choice="resolve")))[1]
            assert body["answer"][0]["token"] == "FM-1/resolve"
            stranger = {"id": "5", "conversation": "x", "user": "bob", "token": "FM-1"}
            refused = (await served.post(**stranger, choice="claim"))[1]
            assert "Only those who work" in refused["answer"][0]["text"]
            out = await asyncio.to_thread(program.run, "tickets", "resolve", "1", "--as", "Kim")
            assert out.stdout == "FM-1 is resolved\n"
            await until(front, "FM-1 is solved")
            solved = await until(front, "Solved", "help")
            assert solved["replaces"] == thread, "one card, changed in place"

        lines = [text for text in below(front, thread) if "requester" in text.lower()]
        assert len(lines) == len(set(lines)) == 2, lines


async def test_side_talk_reaches_nobody_and_is_not_kept(program: Program) -> None:
    async with front_end() as front:
        program = set_up(program, front, DESKS="http:local:help team support")
        async with serving(program) as served:
            card = await handed_over(served, front)
            aside = {**inside("kim", "1", thread=card["id"]), "text": "poor soul"}
            async with served.session.post(
                served.url("/http/events"),
                json={**aside, "addressed": False},
                headers={"Authorization": "Bearer a-token-of-the-tests"},
            ) as response:
                assert response.status == 200
            await served.post(**inside("kim", "2", thread=card["id"], text="reply: on it"))
            await until(front, "on it")
            shown = await asyncio.to_thread(program.run, "tickets", "show", "1")

    assert "poor soul" not in "".join(map(str, front.heard))
    assert "poor soul" not in shown.stdout
    assert "on it" in shown.stdout
