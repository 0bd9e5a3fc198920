"""Real processes are killed at every point of a hand-over: nobody notices, on either side.

As in `test_kill_processes`, the story is lived once undisturbed, which tells the points, and then
again and again with one kill in every turn. Two experts who are quick are here too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count, pairwise, zip_longest
from pathlib import Path
from typing import Any

from tests.bot.desk_story import DESKS, TURNS, Requester, Undisturbed, disturbed
from tests.bot.lives import Replica, settings
from tests.bot.long_story import insist, platform
from tests.bot.storage.looking import count as count_rows
from tests.front_end import front_end


def once(posts: Sequence[dict[str, Any]]) -> list[str]:
    """Return the texts of `posts`; what was in flight at a kill came twice, and once only."""
    again = [(one["life"], two["life"]) for one, two in pairwise(posts) if one["id"] == two["id"]]
    assert all(int(later) > int(first) for first, later in again), "only what a kill cut off"
    assert len({first for first, _ in again}) == len(again), "and one of each lane at each kill"
    kept = [it for n, it in enumerate(posts) if n == 0 or it["id"] != posts[n - 1]["id"]]
    assert len({it["id"] for it in kept}) == len(kept)
    return [_words(it["text"]) for it in kept]


def _words(text: str) -> str:
    """Return what is the same in every story: of a card its ticket and where it stands."""
    title, *paragraphs = text.split("\n\n")
    status = [it for it in paragraphs if it.startswith("Status: ")]
    return "\n\n".join((title, *(status or paragraphs)))


def told(requester: Requester) -> tuple[list[str], list[str], list[str]]:
    """Return all that came of a story, on both sides and in the journal, without its number."""
    cards = {it["id"] for it in requester.shown if it.get("token") and not it.get("replaces")}
    assert len(cards) == 1, "one card, changed in place"
    number = f"FM-{requester.ticket}"
    heard, shown = (
        [text.replace(number, "FM-N") for text in once(posts)]
        for posts in (requester.heard, requester.shown)
    )
    return heard, shown, requester.journal()


async def test_killed_at_every_point_of_a_hand_over(database_url: str, tmp_path: Path) -> None:
    async with front_end() as front, platform() as session:
        given = settings(database_url, front.url, desks=DESKS)
        replica = Replica(given, tmp_path / "replica")
        async with replica.at_work():
            before = Undisturbed(Requester("r-00", replica, front, session))
            await before.live()
            heard, shown, journal = told(before.requester)
            points = [[], *before.points[1:]]  # the first answer is `test_kill_processes`' business
            for n, plan in zip(count(1), zip_longest(*points)):
                requester = Requester(f"r-{n:02}", replica, front, session)
                await disturbed(requester, list(plan))
                assert told(requester) == (heard, shown, journal), plan

    assert "FM-N" in " ".join(heard), "the number reaches the requester"
    assert [text for text in shown if "still there" in text] == [
        "From the requester:\n\nstill there"
    ]
    assert len(journal) == len(TURNS) - 1
    assert replica.deaths == sum(map(len, points)) > 60
    assert count_rows(database_url, "dead_letter") == 0


async def test_two_experts_within_a_moment_at_two_replicas(
    postgres_url: str, tmp_path: Path
) -> None:
    """One has it; the other is told who, and by a press of the same label may take it over."""
    async with front_end() as front, platform() as session:
        given = settings(postgres_url, front.url, desks=DESKS)
        here, there = (
            Replica(given | {"replica": name}, tmp_path / name, f"{name}:") for name in ("a", "b")
        )

        async def claim(who: str, replica: Replica, number: int) -> dict[str, Any]:
            body = {
                "conversation": f"help/{who}",
                "channel": "help",
                "user": who,
                "name": who.title(),
            }
            press = {"id": f"claim-{number}", "token": f"FM-{number}", "choice": "claim"}
            answers: list[dict[str, Any]] = (await insist(session, replica, body=body | press))[
                "answer"
            ]
            return answers[0]

        async with here.at_work(), there.at_work():
            for n in range(1, 11):
                requester = Requester(f"r-{n:02}", here, front, session)
                await requester.act(0)
                await requester.quiet()
                await requester.act(1)
                both = await asyncio.gather(
                    claim("kim", here, requester.ticket), claim("lee", there, requester.ticket)
                )
                lost = [it for it in both if it["text"].startswith("Somebody has it already.")]
                won = [it for it in both if it not in lost]
                assert len(won) == len(lost) == 1
                winner = "Kim" if "Taken · Kim" in won[0]["text"] else "Lee"
                assert f"Who: {winner}" in lost[0]["text"]
                await requester.quiet()
                assert requester.journal() == ["opened", "claimed"]
                assert f"Taken · {winner}" in requester.shown[-1]["text"]
