"""A hand-over in Slack, seen from both sides: Alice asks in a channel or directly, Bob answers."""

from __future__ import annotations

import re

import pytest

from tests.e2e.slack.emulated import BOT, Json, World, eventually, words
from tests.e2e.tongues import tongues
from tests.slack.workspace import labels

pytestmark = pytest.mark.asyncio(loop_scope="module")
TONGUES = tongues()
BUTTONS = ("claim", "reply", "retry", "resolve", "assign")
MARKUP = " *now* <!channel> & wait"
"""What Slack would make something of."""
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.mark.parametrize(
    ("language", "place", "desk"), [("English", "help", "desk"), ("Korean", "direct", "desk-ko")]
)
async def test_from_a_pasted_error_to_solved_and_open_again(
    world: World, language: str, place: str, desk: str
) -> None:
    story = await Story.begun(world, language, place, desk)
    await story.is_handed_over()
    await story.is_claimed()
    await story.is_pictured()
    await story.is_answered_in_the_window()
    await story.is_talked_about()
    await story.fails_again()
    await story.is_solved()
    await story.is_opened_again()

    told, below = await story.told()
    for phrase in ("advice", "more advice", "has it", "is solved"):
        assert story.times(phrase, told) == 1, phrase
    for phrase in ("adds", "failed"):
        assert story.times(phrase, below) == 1, phrase
    assert story.times("aside", [*told, *below]) == 0, "it stays inside"


class Story:
    """One ticket, and the two places where it is seen."""

    def __init__(self, world: World, language: str, here: str, there: str) -> None:
        self.world, self.here, self.there = world, here, there
        self.phrases: dict[str, str] = TONGUES[language]
        self.ticket = ""
        self.root = ""
        """What Alice's thread hangs on."""
        self.card: Json = {}

    @classmethod
    async def begun(cls, world: World, language: str, place: str, desk: str) -> Story:
        """Alice is in `place`, and Bob has made a desk of `desk`."""
        here, there = world.channels.get(place, ""), world.channels[desk]
        if not here:
            opened = await world.call("alice", "conversations.open", users="UFLOWMEND")
            here = opened["channel"]["id"]
        story = cls(world, language, here, there)
        asked = await world.says("bob", there, f"{BOT} {story.say('desk')}")
        await world.shows(there, asked, story.say("made"))
        return story

    def say(self, phrase: str) -> str:
        """Return what is written, read or pressed."""
        return self.phrases[phrase].format(ticket=self.ticket, expert="bob")

    async def requester_sees(self, phrase: str) -> Json:
        """Wait until Alice is shown it."""
        return await self.world.shows(self.here, self.root, self.say(phrase))

    async def desk_sees(self, phrase: str) -> Json:
        """Wait until it stands below the card."""
        return await self.world.shows(self.there, self.card["ts"], self.say(phrase))

    async def becomes(self, status: str, *more: str) -> Json:
        """Wait until the card says so; it must be the same card."""
        title = f"{self.ticket} · {self.say('cause')}"
        card = await self.world.card(self.there, title, self.say(status), *more)
        assert card["ts"] == self.card.get("ts", card["ts"]), "changed in place"
        self.card = card
        return card

    async def press(self, who: str, shown: Json, label: str) -> None:
        channel = self.here if who == "alice" else self.there
        assert await self.world.press(who, channel, shown, label) == 200

    async def is_handed_over(self) -> None:
        mention = "" if self.here.startswith("D") else f"{BOT} "
        self.root = await self.world.says("alice", self.here, mention + self.say("paste"))
        await self.press("alice", await self.requester_sees("step"), self.say("person"))
        told = words(await self.world.shows(self.here, self.root, "FM-"))
        self.ticket = re.findall(r"FM-\d+", told)[0]
        assert self.say("handed over") in told
        card = await self.becomes("open", self.say("code"), "SharePoint", "alice (slack)")
        assert labels(card)[-5:] == [*map(self.say, BUTTONS)]

    async def is_claimed(self) -> None:
        await self.press("bob", self.card, self.say("claim"))
        assert self.say("claim") not in labels(await self.becomes("taken"))
        await self.requester_sees("has it")

    async def is_pictured(self) -> None:
        """A picture of Alice's is below the card, for people who do not see her thread."""
        where = {"channel_id": self.here, "thread_ts": self.root, "initial_comment": "so"}
        await self.world.shares("alice", "shot.png", PICTURE, **where)

        async def shown() -> list[str] | None:
            below = await self.world.below(self.there, self.card["ts"])
            return [file["title"] for it in below for file in it.get("files") or ()] or None

        assert await eventually(shown, "the picture") == ["shot.png"]

    async def is_answered_in_the_window(self) -> None:
        await self.press("bob", self.card, self.say("reply"))
        window = await self.world.window("bob", self.say("field"))
        assert await self.world.submit("bob", window, self.say("advice") + MARKUP) == 200
        told = await self.requester_sees("answers")
        assert self.say("advice") + MARKUP in words(told)
        assert "<!channel>" not in told["text"], "nobody is called"
        await self.desk_sees("sent")
        await self.becomes("waits")

    async def is_talked_about(self) -> None:
        """Alice's words reach the desk; of Bob's, those behind the mark reach Alice."""
        await self.world.says("alice", self.here, self.say("adds"), self.root)
        await self.requester_sees("passed on")
        await self.desk_sees("adds")
        await self.becomes("taken")
        below = self.card["ts"]
        await self.world.says("bob", self.there, self.say("aside"), below)
        marked = f"{self.say('mark')} {self.say('more advice')}"
        await self.world.says("bob", self.there, marked, below)
        await self.requester_sees("more advice")
        await self.becomes("waits")

    async def fails_again(self) -> None:
        await self.press("bob", self.card, self.say("retry"))
        await self.press("alice", await self.requester_sees("asked"), self.say("fails"))
        await self.requester_sees("told")
        await self.desk_sees("failed")
        await self.becomes("taken")

    async def is_solved(self) -> None:
        await self.press("bob", self.card, self.say("resolve"))
        form = await self.world.whisper("bob", self.say("what"))
        await self.press("bob", form, self.say("cause"))
        card = await self.becomes("solved", f"{self.say('solved')} · {self.say('cause')}")
        assert labels(card)[-1] == self.say("reopen")
        assert not {*map(self.say, BUTTONS)} & {*labels(card)}

    async def is_opened_again(self) -> None:
        await self.press("alice", await self.requester_sees("is solved"), self.say("fails"))
        await self.requester_sees("is open again")
        await self.becomes("open again")

    async def told(self) -> tuple[list[str], list[str]]:
        """Return what Alice was told, and what stands below the card."""
        here = await self.world.thread(self.here, self.root, 0)
        there = await self.world.thread(self.there, self.card["ts"], 0)
        return [words(it) for it in here], [words(it) for it in there]

    def times(self, phrase: str, told: list[str]) -> int:
        """Return how often `phrase` was told."""
        return len([it for it in told if self.say(phrase) in it])
