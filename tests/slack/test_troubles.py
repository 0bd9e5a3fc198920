"""What may go wrong between Slack and the bot: nothing is lost, and nothing is said twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.slack import bodies
from tests.slack.town import PASTE, Town, town
from tests.slack.web_api import Trouble, web_api
from tests.slack.workspace import MENTION, button


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(status=500, body="<html>"),
        Trouble(status=503, body=""),
        Trouble(status=502, body="bad gateway"),
        Trouble(body="{no json"),
        Trouble(error="internal_error"),
        Trouble(error="ratelimited"),
        Trouble(error="token_revoked"),
    ],
    ids=lambda it: it.error or f"{it.status}",
)
async def test_a_post_that_failed_is_made_again(slack: Town, trouble: Trouble) -> None:
    slack.api.troubles["chat.postMessage"] = [trouble, trouble]

    await slack.workspace.says("U1", "D1", PASTE)

    assert len(await slack.thread("D1")) == 1
    assert len(slack.api.asked("chat.postMessage")) == 3


async def test_a_rate_limit_is_kept_to(slack: Town) -> None:
    slack.api.troubles["chat.postMessage"] = [Trouble(status=429, retry_after="1")]
    loop = asyncio.get_running_loop()
    before = loop.time()

    await slack.workspace.says("U1", "D1", PASTE)

    assert len(await slack.thread("D1")) == 1
    assert loop.time() - before >= 0.9
    assert len(slack.api.asked("chat.postMessage")) == 2


async def test_a_post_that_arrived_although_the_line_broke_is_not_made_twice(slack: Town) -> None:
    slack.api.troubles["chat.postMessage"] = [Trouble(drops=True)]

    await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")

    (answer,) = await slack.thread("C1")
    assert len(slack.api.asked("chat.postMessage")) == 1
    await slack.workspace.presses("U1", "C1", answer, "Done")
    assert "✓ Done" in (await slack.thread("C1"))[0]["text"], "and its card can be changed"


async def test_where_history_cannot_be_read_it_is_rather_said_twice(slack: Town) -> None:
    slack.api.troubles["chat.postMessage"] = [Trouble(drops=True)]
    slack.api.troubles["conversations.replies"] = [Trouble(error="channel_not_found")]

    await slack.workspace.says("U1", "D1", PASTE)

    assert len(await slack.thread("D1")) == 2


async def test_a_silent_slack_is_asked_again(tmp_path: Path) -> None:
    async with town(tmp_path, patience=0.2) as slack:
        slack.api.troubles["chat.postMessage"] = [Trouble(slow=1)]

        await slack.workspace.says("U1", "D1", PASTE)

        assert len(await slack.thread("D1")) >= 1


async def test_slack_is_reached_through_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web_api() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        proxy.files["F1"] = (PASTE.encode(), "text/plain")
        file = {"id": "F1", "url_private": "http://slack.invalid/files/F1"}

        async with town(tmp_path, home="http://slack.invalid/api") as slack:
            await slack.workspace.says("U1", "D1", "", subtype="file_share", files=[file])
            await slack.quiet()

        assert "AADSTS50173" in proxy.by_bot("D1")[-1]["text"]


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "messages_tab_disabled"])
async def test_what_can_never_arrive_is_put_aside(slack: Town, error: str) -> None:
    slack.api.troubles["chat.postMessage"] = [Trouble(error=error)]

    await slack.workspace.says("U1", "D1", PASTE)

    assert not await slack.thread("D1")
    assert (await slack.store.backlog()).dead == 1


async def test_a_card_that_is_gone_holds_nothing_up(slack: Town) -> None:
    await slack.workspace.says("U1", "D1", PASTE)
    (card,) = await slack.thread("D1")
    slack.api.messages["D1"].remove(card)

    await slack.workspace.presses("U1", "D1", card, "Still failing")

    assert len(await slack.thread("D1")) == 1


async def test_a_press_is_done_once_however_often_it_comes(slack: Town) -> None:
    await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    (card,) = await slack.thread("C1")
    body = bodies.press("U1", "C1", card, button(card, "Still failing"), slack.api.url)

    await asyncio.gather(*(slack.workspace.interact(body) for _ in range(4)))

    assert len(await slack.thread("C1")) == 2
    assert {status for status, _ in slack.workspace.answers} == {200}


async def test_a_double_press_gets_the_question_that_is_open(slack: Town) -> None:
    await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    (card,) = await slack.thread("C1")
    old = dict(card)

    await slack.workspace.presses("U1", "C1", old, "Done")
    await slack.workspace.presses("U1", "C1", old, "Done")

    *_, newest = await slack.thread("C1")
    assert "earlier question" in newest["text"]


async def test_links_buttons_and_whatever_else_are_acknowledged(slack: Town) -> None:
    card = bodies.message("UBOT", "C1", "", "1764000001.000100")
    for pressed in (
        {"type": "button", "action_id": "link:0", "url": "https://example.com"},
        {"type": "button", "action_id": "x", "value": '["a","b"]'},
        {"type": "button", "action_id": "x", "value": "[" * 900},
        {"type": "static_select", "action_id": "y"},
    ):
        await slack.workspace.interact(bodies.press("U1", "C1", card, pressed, slack.api.url))
    for kind in ("view_closed", "view_submission", "shortcut", "block_suggestion", "zzz"):
        await slack.workspace.interact(bodies.interaction(kind, "U1", "C1", slack.api.url))
    for event in ({"type": "reaction_added", "user": "U1"}, {"type": "zzz"}, {}):
        await slack.workspace.event(bodies.envelope(event))

    assert {status for status, _ in slack.workspace.answers} == {200}
    assert not slack.api.calls or {name for name, _ in slack.api.calls} <= {"auth.test"}


async def test_while_nothing_can_be_stored_slack_is_asked_to_come_again(slack: Town) -> None:
    await slack.workspace.says("U1", "D1", PASTE)
    (card,) = await slack.thread("D1")
    await slack.courier.stop()

    said = bodies.message("U1", "D1", PASTE, slack.api.ts())
    await slack.workspace.event(bodies.envelope(said))
    assert [status for status, _ in slack.workspace.answers[1:]] == [503] * 4

    await slack.workspace.presses("U1", "D1", card, "Done")
    await slack.eventually(lambda: slack.api.whispered)
    assert slack.workspace.answers[-1] == (200, "")
    assert "could not be stored" in slack.api.whispered[0]["text"]
    told = await slack.workspace.commands("U1", "401 Unauthorized")
    assert "could not be stored" in told["text"]
