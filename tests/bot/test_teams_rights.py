"""Who may do what with a ticket in Teams, tried from outside: signed activities, forged buttons.

What is in a button's data is whatever somebody likes; who presses, and where, is in the envelope.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dialogs.ticket import Claimed
from tests.adapters.teams.bodies import TENANT
from tests.bot.choices import EVERY_CHOICE
from tests.bot.teams_channel import ANN, BOB, PASTE, Channel, teams_channel, words_of

ELSEWHERE = "44444444-4444-4444-8444-444444444444"
DESK, OTHER, RANDOM = (f"19:{it}@thread.tacv2" for it in ("desk", "other", "random"))
KIM = {"id": "29:kim", "name": "Kim", "aadObjectId": "kim"}
NOT_AN_EXPERT = "Only those who work in this ticket's channel can do that."
MOVED = "FM-1 has moved to another desk. Only there can it be changed."


@dataclass(frozen=True)
class Somebody:
    """A person at a place, as Teams would tell it."""

    who: dict[str, str]
    place: dict[str, str]
    tenant: str = TENANT

    @property
    def envelope(self) -> dict[str, Any]:
        """Return what every activity of theirs holds."""
        data = {"tenant": {"id": self.tenant}}
        return {"from": self.who, "conversation": self.place, "channelData": data}


def below(channel: str, root: str = "1") -> dict[str, str]:
    return {"id": f"{channel};messageid={root}", "conversationType": "channel"}


ALONE = {"id": "a:1", "conversationType": "personal"}
OUTSIDERS: dict[str, tuple[Somebody, str]] = {
    "a stranger in another channel": (Somebody(KIM, below(RANDOM)), NOT_AN_EXPERT),
    "a stranger in a personal chat": (Somebody(KIM, ALONE), NOT_AN_EXPERT),
    "the requester in their thread": (Somebody(BOB, below("19:x@thread.tacv2")), NOT_AN_EXPERT),
    "the requester in a personal chat": (Somebody(BOB, ALONE), NOT_AN_EXPERT),
    "an administrator elsewhere": (Somebody(ANN, below(RANDOM)), NOT_AN_EXPERT),
    "an expert of another desk": (Somebody(KIM, below(OTHER)), MOVED),
    "the desk's channel, said by another tenant": (
        Somebody(KIM, below(DESK), ELSEWHERE),
        NOT_AN_EXPERT,
    ),
}
CHOICES = (*EVERY_CHOICE, "expert:teams:bob", f"desk:teams:{TENANT}:{OTHER}")


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncIterator[Channel]:
    async with teams_channel(tmp_path, frozenset({TENANT, ELSEWHERE})) as running:
        for place in (DESK, OTHER):
            await running.mention(ANN, "desk here", conversation=below(place, "9"))
        await running.mention(BOB, PASTE)
        await running.shows("Step 1 of 3")
        await running.press(BOB, "Talk to a person")
        await running.shows("Nobody has taken it yet")
        await running.shows("This is with the support team now")
        yield running


async def forged(channel: Channel, who: Somebody, **ours: str) -> str:
    """Press a button that never was on any card; return what whoever did it is shown."""
    data = {"flowmend": {name: it for name, it in ours.items() if name != "words"}}
    data |= {"words": ours["words"]} if "words" in ours else {}  # type: ignore[dict-item]
    action = {"type": "Action.Execute", "verb": "flowmend.choose", "data": data}
    value = {"action": action, "trigger": "manual"}
    press = {"type": "invoke", "name": "adaptiveCard/action", "value": value}
    answer = await channel.sends(press | who.envelope)
    return answer["value"] if isinstance(answer["value"], str) else words_of(answer["value"])


async def journal(channel: Channel) -> list[str]:
    ticket = await channel.store.tickets.get(1)
    assert ticket
    return [entry.what for entry in ticket.entries]


async def test_whoever_is_outside_changes_nothing_and_is_told_why(channel: Channel) -> None:
    before = len(channel.teams.calls)

    for name, (who, why) in OUTSIDERS.items():
        for token in ("FM-1", "FM-1/resolve"):
            for choice in CHOICES:
                said = await forged(channel, who, token=token, choice=choice)
                assert said.startswith(why), (name, token, choice)
            said = await forged(channel, who, token=token, words="hello <at>everyone</at>")
            assert said.startswith(why), (name, token)

    assert await journal(channel) == ["opened"]
    assert len(channel.teams.calls) == before, "nobody else heard of it"


async def test_a_tenant_that_is_not_served_does_not_get_in(tmp_path: Path) -> None:
    async with teams_channel(tmp_path, frozenset({TENANT})) as channel:
        foreign = Somebody(KIM, below(DESK), ELSEWHERE)
        with pytest.raises(AssertionError, match="this tenant is not served"):
            await forged(channel, foreign, token="FM-1", choice="claim")


async def test_whoever_is_in_the_desks_channel_may(channel: Channel) -> None:
    expert = Somebody(KIM, below(DESK))
    done = {
        "claim": "claimed",
        "retry": "retry",
        "cause:password-changed": "resolved",
        "reopen": "reopened",
        f"desk:teams:{TENANT}:{OTHER}": "transferred",
    }

    for choice, entry in done.items():
        await forged(channel, expert, token="FM-1", choice=choice)
        assert (await journal(channel))[-1] == entry, choice

    assert await journal(channel) == ["opened", *done.values()]


async def test_a_button_that_names_somebody_else_changes_no_name(channel: Channel) -> None:
    expert = Somebody(KIM, below(DESK))

    await forged(channel, expert, token="FM-1", choice="claim", requester="bob")

    ticket = await channel.store.tickets.get(1)
    assert ticket
    assert isinstance(ticket.state, Claimed)
    assert ticket.state.by.user == "teams:kim"


async def test_a_ticket_goes_to_no_desk_of_another_organisation(channel: Channel) -> None:
    there = Somebody(ANN, below(RANDOM, "9"), ELSEWHERE)
    await channel.mention(ANN, "desk here team theirs", **there.envelope)
    await channel.shows("theirs")
    expert = Somebody(KIM, below(DESK))

    form = await forged(channel, expert, token="FM-1", choice="assign")
    said = await forged(channel, expert, token="FM-1", choice=f"desk:teams:{ELSEWHERE}:{RANDOM}")

    assert "theirs" not in form
    assert said.startswith("There is no such desk.")
    said = await forged(
        channel, Somebody(KIM, below(RANDOM), ELSEWHERE), token="FM-1", choice="claim"
    )
    assert said.startswith(NOT_AN_EXPERT), "and its people do not hear where it is"


async def test_what_cannot_be_sent_is_told_in_the_thread(channel: Channel) -> None:
    expert = Somebody(KIM, below(DESK))
    await forged(channel, expert, token="FM-1", choice="other-cause")

    posted = next(
        n for n, it in enumerate(channel.teams.calls, 1) if "channelData" in (it[2] or {})
    )
    below_the_card = Somebody(KIM, below(DESK, f"post-{posted}"))
    await channel.mention(KIM, "are you there?", **below_the_card.envelope)

    await channel.shows("It is closed.")
    assert await journal(channel) == ["opened", "resolved"]


async def test_only_an_administrator_makes_desks(channel: Channel) -> None:
    before = await channel.store.desks.list()

    for words in ("desk here", "desk off", "desks"):
        await channel.mention(BOB, words, conversation=below(RANDOM, "9"))

    await channel.shows("Only an administrator can do that.")
    assert await channel.store.desks.list() == before
