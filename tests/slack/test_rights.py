"""Who may do what with a ticket, tried from outside: signed requests, forged buttons and windows.

What is in a button's value is whatever somebody likes; who presses, and where, Slack has signed.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.slack.keys import Form, Pressed
from dialogs.ticket import Claimed
from tests.bot.choices import EVERY_CHOICE
from tests.slack import bodies
from tests.slack.bodies import Json
from tests.slack.town import PASTE, Town, town
from tests.slack.workspace import MENTION

HELP, DESK, OTHER, RANDOM = "C1", "C9", "C8", "C2"
NOT_AN_EXPERT = "Only those who work in this ticket's channel can do that."
MOVED = "FM-1 has moved to another desk. Only there can it be changed."


@dataclass(frozen=True)
class Somebody:
    """A person at a place, as Slack would tell it."""

    user: str
    channel: str
    home: str = "T1"
    """The workspace that they are of."""
    team: str = "T1"
    """The workspace that the request is about."""

    def tells(self, body: Json) -> Json:
        """Return `body` as it comes when this person is behind it."""
        who = {**body["user"], "team_id": self.home}
        return {**body, "user": who, "team": {"id": self.team, "domain": "t"}}


OUTSIDERS: dict[str, tuple[Somebody, str]] = {
    "a stranger in another channel": (Somebody("U6", RANDOM), NOT_AN_EXPERT),
    "a stranger in a direct message": (Somebody("U6", "D6"), NOT_AN_EXPERT),
    "the requester in their thread": (Somebody("U1", HELP), NOT_AN_EXPERT),
    "the requester in a direct message": (Somebody("U1", "D1"), NOT_AN_EXPERT),
    "an administrator elsewhere": (Somebody("U9", HELP), NOT_AN_EXPERT),
    "an expert outside the desk's channel": (Somebody("U2", RANDOM), NOT_AN_EXPERT),
    "an expert of another desk": (Somebody("U7", OTHER), MOVED),
    "a guest of another organisation in the desk": (
        Somebody("U5", DESK, home="T999"),
        NOT_AN_EXPERT,
    ),
    "somebody of another workspace with the same ids": (
        Somebody("U2", DESK, home="T2", team="T2"),
        NOT_AN_EXPERT,
    ),
}
CHOICES = (*EVERY_CHOICE, "expert:slack:U6", f"desk:slack:T1:{OTHER}")
TOKENS = ("FM-1", "FM-1/resolve")


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, administrators="slack:U9") as running:
        for channel in (DESK, OTHER):
            await running.workspace.says("U9", channel, f"{MENTION} desk here")
        await running.workspace.says("U1", HELP, f"{MENTION} {PASTE}")
        (card,) = await running.thread(HELP)
        await running.workspace.presses("U1", HELP, card, "Talk to a person")
        await running.quiet()
        yield running


def desk_card(slack: Town) -> Json:
    (card,) = (it for it in slack.api.by_bot(DESK) if not it.get("thread_ts"))
    return card


def forged(slack: Town, who: Somebody, token: str, choice: str) -> Json:
    """Return a press of a button that never was on any card."""
    card = desk_card(slack)
    button = {
        "type": "button",
        "action_id": "choice:0",
        "text": {"type": "plain_text", "text": "x"},
        "value": Pressed(token, choice).value,
    }
    return who.tells(bodies.press(who.user, who.channel, card, button, slack.api.url))


def filled_in(slack: Town, who: Somebody, token: str, words: str) -> Json:
    """Return a window that was sent off, for the thread of the desk's card."""
    sent = bodies.interaction("view_submission", who.user, who.channel, slack.api.url)
    del sent["channel"]
    typed = {"words": {"words": {"type": "plain_text_input", "value": words}}}
    sent["view"] = {
        "id": f"V{who.user}{len(slack.workspace.answers)}",
        "private_metadata": Form(token, who.channel, desk_card(slack)["ts"]).metadata,
        "state": {"values": typed},
    }
    return who.tells(sent)


async def told(slack: Town, body: Json) -> str:
    """Post `body`; return what whoever did it is shown, and nobody else."""
    before = len(slack.api.whispered)
    assert (await slack.workspace.interact(body))[0] == 200
    await slack.eventually(lambda: len(slack.api.whispered) > before)
    (shown,) = slack.api.whispered[before:]
    return str(shown["text"])


async def journal(slack: Town) -> list[str]:
    ticket = await slack.store.tickets.get(1)
    assert ticket
    return [entry.what for entry in ticket.entries]


async def test_whoever_is_outside_changes_nothing_and_is_told_why(slack: Town) -> None:
    shown = json.dumps([slack.api.by_bot(HELP), slack.api.by_bot(DESK)])
    presses = [(token, choice) for token in TOKENS for choice in CHOICES]

    for name, (who, why) in OUTSIDERS.items():
        for token, choice in presses:
            said = await told(slack, forged(slack, who, token, choice))
            assert said.startswith(why), (name, token, choice)
        for token in ("FM-1", "FM-1/reply", "FM-1/assign"):
            said = await told(slack, filled_in(slack, who, token, "hello <!channel>"))
            assert said.startswith(why), (name, token)
    await slack.quiet()

    assert await journal(slack) == ["opened"]
    assert not slack.api.views, "no form is opened either"
    assert json.dumps([slack.api.by_bot(HELP), slack.api.by_bot(DESK)]) == shown


async def test_a_ticket_that_there_is_not_tells_nothing(slack: Town) -> None:
    for choice in ("claim", "resolve"):
        said = await told(slack, forged(slack, Somebody("U2", DESK), "FM-99", choice))
        assert said == "There is no such ticket, or it was deleted."


async def test_whoever_is_in_the_desks_channel_may(slack: Town) -> None:
    done = {
        "claim": "claimed",
        "expert:slack:U3": "assigned",
        "take-over": "claimed",
        "retry": "retry",
        "cause:password-changed": "resolved",
        "reopen": "reopened",
        "cause:no-such-cause": "resolved",
        f"desk:slack:T1:{OTHER}": "transferred",
    }
    for choice in (*list(done)[:-1], "reopen", list(done)[-1]):
        await slack.workspace.interact(forged(slack, Somebody("U2", DESK), "FM-1", choice))
        await slack.quiet()

        assert (await journal(slack))[-1] == done[choice], choice
    assert (await journal(slack))[1:] == [*list(done.values())[:-1], "reopened", "transferred"]


async def test_forged_values_do_nothing_in_an_experts_hand_either(slack: Town) -> None:
    for choice, why in {
        "expert:teams:someone": "I know nobody here",
        "expert:nobody": "I know nobody here",
        "desk:slack:T2:C8": "There is no such desk.",
        "desk:nowhere": "There is no such desk.",
        f"desk:slack:T1:{DESK}": "It is here already.",
        "release": "Nobody has it.",
        "reopen": "It is open already.",
    }.items():
        said = await told(slack, forged(slack, Somebody("U2", DESK), "FM-1", choice))

        assert said.startswith(why), choice
    assert await journal(slack) == ["opened"]


async def test_only_an_administrator_of_this_workspace_makes_desks(slack: Town) -> None:
    before = await slack.store.desks.list()
    guest = {"user_team": "T999", "source_team": "T999"}

    for words in ("desk here", "desk off", "desks", "데스크 등록"):
        await slack.workspace.says("U2", RANDOM, f"{MENTION} {words}")
        await slack.workspace.says("U9", RANDOM, f"{MENTION} {words}", **guest)
    await slack.quiet()

    assert await slack.store.desks.list() == before
    said = [it["text"] for it in slack.api.by_bot(RANDOM)]
    assert len(said) == 8
    assert all("FLOWMEND_ADMINISTRATORS" in it for it in said)


async def test_what_cannot_be_sent_is_told_to_whoever_wrote_it_alone(slack: Town) -> None:
    """Words in a thread have no response that could show it."""
    root = desk_card(slack)["ts"]
    await slack.workspace.interact(forged(slack, Somebody("U2", DESK), "FM-1", "other-cause"))
    await slack.quiet()

    await slack.workspace.says("U2", DESK, "reply: still there?", root)
    await slack.workspace.says("U5", DESK, "reply: me too", root, user_team="T999")
    await slack.eventually(lambda: len(slack.api.whispered) == 2)

    first, second = slack.api.whispered
    assert (first["user"], first["channel"], first["thread_ts"]) == ("U2", DESK, root)
    assert first["text"].startswith("It is closed.")
    assert (second["user"], second["text"]) == ("U5", NOT_AN_EXPERT)
    assert await journal(slack) == ["opened", "resolved"]


async def test_whoever_presses_is_who_slack_says_they_are(slack: Town) -> None:
    """A value that names somebody else as the card's owner, or as the expert, changes no name."""
    body = forged(slack, Somebody("U2", DESK), "FM-1", "claim")
    body["actions"][0]["value"] = json.dumps(["FM-1", "claim", "U1", desk_card(slack)["ts"]])

    await slack.workspace.interact(body)
    await slack.quiet()

    ticket = await slack.store.tickets.get(1)
    assert ticket
    assert isinstance(ticket.state, Claimed)
    assert ticket.state.by.user == "slack:U2"
