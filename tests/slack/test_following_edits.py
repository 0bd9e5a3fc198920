"""Words that were passed on, then edited or taken back by their writer: changed in their place."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack.bodies import Json
from tests.slack.test_passing_files import DESK, HELP, handed_over
from tests.slack.town import Town, town
from tests.slack.web_api import Trouble
from tests.slack.workspace import MENTION


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, administrators="slack:U9") as running:
        await running.workspace.says("U9", DESK, f"{MENTION} desk here team support")
        await running.quiet()
        running.api.messages[DESK].clear()
        yield running


async def says(slack: Town, user: str, channel: str, root: Json, text: str) -> Json:
    said = await slack.workspace.says(user, channel, text, root["ts"])
    await slack.quiet()
    return said


async def edits(slack: Town, said: Json, text: str) -> None:
    await slack.workspace.edits(said, text)
    await slack.quiet()


def words(slack: Town, channel: str) -> list[str]:
    """Return the bot's messages in `channel`, as they are now."""
    return [json.dumps(it, ensure_ascii=False) for it in slack.api.by_bot(channel)]


def ts_of(slack: Town, channel: str, text: str) -> str:
    """Return which of the bot's messages in `channel` says `text`: exactly one does."""
    (found,) = (it for it in slack.api.by_bot(channel) if text in json.dumps(it))
    return str(found["ts"])


async def test_an_answer_is_changed_where_the_requester_reads_it(slack: Town) -> None:
    _, card = await handed_over(slack)
    said = await says(slack, "U3", DESK, card, "reply: look at teh sink")
    was = ts_of(slack, HELP, "teh sink"), ts_of(slack, DESK, "teh sink")

    await edits(slack, said, "reply: look at the sink")

    text = "look at the sink"
    assert (ts_of(slack, HELP, text), ts_of(slack, DESK, text)) == was, "where it was"
    assert ts_of(slack, DESK, "(edited)") == was[1]
    assert "teh sink" not in "".join(words(slack, HELP) + words(slack, DESK))


async def test_an_answer_is_taken_back(slack: Town) -> None:
    _, card = await handed_over(slack)
    said = await says(slack, "U3", DESK, card, f"{MENTION} wrong window, sorry")

    await slack.workspace.deletes(said)
    await slack.quiet()

    assert "wrong window" not in "".join(words(slack, HELP) + words(slack, DESK))
    assert ts_of(slack, HELP, "has taken back what stood here")


async def test_what_the_requester_edits_and_deletes_changes_below_the_card(slack: Town) -> None:
    begun, _ = await handed_over(slack)
    first = await says(slack, "U1", HELP, begun, "the site is HR")
    second = await says(slack, "U1", HELP, begun, "my phone is 1234")
    before = len(words(slack, DESK))

    await edits(slack, first, "the site is Finance")
    await slack.workspace.deletes(second)
    await slack.quiet()

    below = words(slack, DESK)
    assert len(below) == before
    assert "the site is Finance" in below[-2]
    assert "1234" not in "".join(below)


async def test_side_talk_stays_where_it_is_whatever_becomes_of_it(slack: Town) -> None:
    _, card = await handed_over(slack)
    before = words(slack, HELP)
    aside = await says(slack, "U3", DESK, card, "poor soul")

    await edits(slack, aside, "what a poor soul")
    await slack.workspace.deletes(aside)
    await slack.quiet()

    assert words(slack, HELP) == before
    ticket = await slack.store.tickets.get(1)
    assert ticket
    assert [entry.what for entry in ticket.entries] == ["opened"]


async def test_an_edit_that_puts_the_mark_there_is_said_once(slack: Town) -> None:
    _, card = await handed_over(slack)
    said = await says(slack, "U3", DESK, card, "choose Done")

    await edits(slack, said, "reply: choose Done")
    await edits(slack, said, "reply: then choose Done")

    told = [it for it in words(slack, HELP) if "choose Done" in it]
    assert len(told) == 1
    assert "then choose Done" in told[0]


async def test_what_is_no_longer_there_is_said_anew(slack: Town) -> None:
    _, card = await handed_over(slack)
    said = await says(slack, "U3", DESK, card, "reply: step one")
    slack.api.messages[HELP] = [it for it in slack.api.messages[HELP] if "step one" not in str(it)]

    await edits(slack, said, "reply: step two")

    assert ts_of(slack, HELP, "step two")


async def test_an_edit_waits_for_its_turn(slack: Town) -> None:
    _, card = await handed_over(slack)
    said = await says(slack, "U3", DESK, card, "reply: one")
    slack.api.troubles["chat.update"] = [Trouble(status=429), Trouble(error="internal_error")]

    await slack.workspace.edits(said, "reply: two")
    await slack.workspace.edits(said, "reply: three")
    await slack.quiet()

    assert ts_of(slack, HELP, "three")
    assert ts_of(slack, DESK, "three")
    assert '"two"' not in "".join(words(slack, HELP) + words(slack, DESK))
