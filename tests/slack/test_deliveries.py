"""Events that come late, twice, or without saying for whom."""

from __future__ import annotations

import asyncio

from tests.slack import bodies
from tests.slack.town import PASTE, Town
from tests.slack.web_api import TEAM
from tests.slack.workspace import MENTION


async def test_messages_in_the_wrong_order_and_late_ones(slack: Town) -> None:
    said = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    await slack.quiet()
    late = bodies.message("U1", "C1", "done", slack.api.ts(), thread_ts=said["ts"])
    later = bodies.message("U1", "C1", "status", slack.api.ts(), thread_ts=said["ts"])

    await asyncio.gather(*(slack.workspace.event(bodies.envelope(it)) for it in (later, late)))
    await slack.workspace.event(bodies.envelope(late, event_time=1))

    assert len(await slack.thread("C1")) == 3, "the card, and an answer to each"


async def test_the_same_event_again_and_the_same_message_under_another_id(slack: Town) -> None:
    said = bodies.message("U1", "D1", PASTE, slack.api.ts())
    once = bodies.envelope(said)

    await asyncio.gather(*(slack.workspace.event(once) for _ in range(4)))
    await slack.workspace.event(bodies.envelope(said))

    assert len(await slack.thread("D1")) == 1
    assert {status for status, _ in slack.workspace.answers} == {200}


async def test_where_slack_does_not_say_who_the_bot_is_it_asks(slack: Town) -> None:
    said = bodies.message("U1", "C1", f"{MENTION} {PASTE}", slack.api.ts())
    body = bodies.envelope(said)
    del body["authorizations"]

    await slack.workspace.event(body)
    await slack.workspace.event({**bodies.envelope(said), "authorizations": []})

    assert len(await slack.thread("C1")) == 1
    assert len(slack.api.asked("auth.test")) == 1


async def test_a_team_that_shares_the_channel_is_not_ours(slack: Town) -> None:
    said = bodies.message("U1", "C1", f"{MENTION} {PASTE}", slack.api.ts())
    body = bodies.envelope(bodies.mention_of(said))

    await slack.workspace.event({**body, "team_id": "T9"})

    await slack.quiet()
    (person,) = {person async for person in slack.store.people()}
    assert person.tenant == TEAM
