"""A desk in a channel of Slack: its card, its thread, its window, and who may do what."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack import bodies
from tests.slack.bodies import Json
from tests.slack.town import PASTE, Town, town
from tests.slack.web_api import Trouble
from tests.slack.workspace import MENTION, button, labels

HELP, DESK = "C1", "C9"


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, administrators="slack:U9") as running:
        await running.workspace.says("U9", DESK, f"{MENTION} desk here team support")
        await running.quiet()
        yield running


async def handed_over(slack: Town) -> tuple[Json, Json]:
    """Let U1 ask for a person; return what began their thread, and the card of the desk."""
    said = await slack.workspace.says("U1", HELP, f"{MENTION} {PASTE}")
    (card,) = await slack.thread(HELP)
    await slack.workspace.presses("U1", HELP, card, "Talk to a person")
    await slack.quiet()
    return said, card_in(slack)


def card_in(slack: Town) -> Json:
    """Return the one card in the desk's channel; it hangs on nothing."""
    (card,) = (it for it in slack.api.by_bot(DESK) if not it.get("thread_ts"))
    return card


def words(shown: object) -> str:
    return json.dumps(shown, ensure_ascii=False)


async def test_a_card_is_posted_and_changed_in_place(slack: Town) -> None:
    _, card = await handed_over(slack)
    assert labels(card)[-5:] == ["Claim", "Reply", "Ask to try again", "Resolve", "Assign"]
    assert "AADSTS50173" in words(card)

    await slack.workspace.presses("U2", DESK, card, "Claim")
    await slack.quiet()

    changed = card_in(slack)
    assert changed["ts"] == card["ts"]
    assert "Claim" not in labels(changed)
    assert any("FM-1" in it["text"] and "has" in it["text"] for it in await slack.thread(HELP))


async def test_the_reply_window_reaches_the_requester(slack: Town) -> None:
    _, card = await handed_over(slack)
    await slack.workspace.presses("U2", DESK, card, "Reply")
    await slack.eventually(lambda: slack.api.views)
    view = slack.api.views[-1]["view"]

    sent = bodies.interaction("view_submission", "U2", DESK, slack.api.url)
    del sent["channel"]
    values = {
        "words": {"words": {"type": "plain_text_input", "value": "Sign in *again* <!channel>"}}
    }
    sent["view"] = {**view, "id": "V7", "state": {"values": values}}
    assert (await slack.workspace.interact(sent))[0] == 200

    told = (await slack.thread(HELP))[-1]
    assert "Sign in *again* <!channel>" in words(told)
    assert "<!channel>" not in told["text"], "escaped, so that nobody is called"


async def test_only_marked_words_leave_the_thread(slack: Town) -> None:
    said, card = await handed_over(slack)

    await slack.workspace.says("U3", DESK, "poor soul", card["ts"])
    await slack.workspace.says("U3", DESK, "reply: Look at step two", card["ts"])
    await slack.workspace.says("U1", HELP, "I did", said["ts"])
    await slack.quiet()

    requester, desk = words(slack.api.by_bot(HELP)), slack.api.by_bot(DESK)
    assert "Look at step two" in requester
    assert "poor soul" not in requester
    below = [it for it in desk if it.get("thread_ts") == card["ts"]]
    assert "I did" in words(below)
    assert words(below).count("Look at step two") == words(below[:1]).count("Look at step two")


async def test_a_guest_and_a_stranger_change_nothing(slack: Town) -> None:
    _, card = await handed_over(slack)
    claim = button(card, "Claim")
    guest = bodies.press("U5", DESK, card, claim, slack.api.url)
    guest["user"]["team_id"] = "T999"
    stranger = bodies.press("U6", "C2", {**card, "ts": "1.000100"}, claim, slack.api.url)

    for body in (guest, stranger):
        assert (await slack.workspace.interact(body))[0] == 200
    await slack.quiet()

    ticket = await slack.store.tickets.get(1)
    assert ticket
    assert [entry.what for entry in ticket.entries] == ["opened"]


async def assign_form(slack: Town, card: Json) -> Json:
    """Let U2 press Assign; return what they alone are shown."""
    await slack.workspace.presses("U2", DESK, card, "Assign")
    await slack.eventually(lambda: slack.api.whispered)
    return slack.api.whispered.pop()


async def test_a_ticket_is_given_to_somebody_from_slacks_own_list(slack: Town) -> None:
    _, card = await handed_over(slack)
    slack.api.people["U4"] = {"profile": {"display_name": "Lee"}}
    form = await assign_form(slack, card)

    await slack.workspace.picks("U2", DESK, form, "U4", card["ts"])
    await slack.quiet()

    assert "Lee" in words(card_in(slack))
    (line,) = (it for it in slack.api.by_bot(DESK) if it.get("thread_ts") and "Given" in words(it))
    assert {"type": "user", "user_id": "U4"} in line["blocks"][1]["elements"][0]["elements"], (
        "they are called, so that they hear of it"
    )
    assert "has" in words(slack.api.by_bot(HELP)[-1])


@pytest.mark.parametrize(
    ("picked", "known", "why"),
    [
        ("U4", {"is_restricted": True}, "no guest"),
        ("U4", {"is_ultra_restricted": True}, "no guest"),
        ("U4", {"is_bot": True}, "no guest"),
        ("U4", {"deleted": True}, "no guest"),
        ("U4", {"team_id": "T999"}, "no guest"),
        ("U1", {}, "who asked"),
    ],
    ids=lambda it: str(it)[:30],
)
async def test_who_may_not_have_it_is_not_given_it(
    slack: Town, picked: str, known: Json, why: str
) -> None:
    _, card = await handed_over(slack)
    form = await assign_form(slack, card)
    slack.api.people[picked] = known

    await slack.workspace.picks("U2", DESK, form, picked, card["ts"])
    await slack.eventually(lambda: slack.api.whispered)

    assert why in words(slack.api.whispered)
    ticket = await slack.store.tickets.get(1)
    assert ticket
    assert [entry.what for entry in ticket.entries] == ["opened"]


async def test_whom_slack_does_not_tell_of_is_not_given_it(slack: Town) -> None:
    _, card = await handed_over(slack)
    form = await assign_form(slack, card)
    slack.api.troubles["users.info"] = [Trouble(error="user_not_found")]

    await slack.workspace.picks("U2", DESK, form, "U4", card["ts"])
    await slack.eventually(lambda: slack.api.whispered)

    assert "no guest" in words(slack.api.whispered)


async def test_a_guest_or_a_stranger_assigns_nothing(slack: Town) -> None:
    _, card = await handed_over(slack)
    form = await assign_form(slack, card)
    guest = bodies.pick("U5", DESK, form, "U4", slack.api.url)
    guest["user"]["team_id"] = "T999"
    elsewhere = bodies.pick("U6", "C2", form, "U4", slack.api.url)

    for body in (guest, elsewhere):
        assert (await slack.workspace.interact(body))[0] == 200
    await slack.quiet()

    ticket = await slack.store.tickets.get(1)
    assert ticket
    assert [entry.what for entry in ticket.entries] == ["opened"]
