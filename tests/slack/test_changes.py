"""Edits, deletions, and what Slack tells of in the same words but is neither."""

from __future__ import annotations

import pytest

from tests.slack import bodies
from tests.slack.town import PASTE, Town
from tests.slack.workspace import MENTION


async def test_unfurls_and_edits_that_change_nothing_are_no_edits(slack: Town) -> None:
    said = await slack.workspace.says("U1", "D1", f"{PASTE} https://example.com/x")
    unfurled = {**said, "attachments": [{"text": "401 Forbidden"}]}
    await slack.workspace.event(
        bodies.envelope(bodies.changed("D1", said, unfurled, "1764000002.000100"))
    )
    await slack.workspace.edits(said, f"{PASTE} https://example.com/x")

    assert len(await slack.thread("D1")) == 1


async def test_an_edit_that_changes_what_it_says_is_read_again(slack: Town) -> None:
    said = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    await slack.quiet()

    await slack.workspace.edits(said, f"{MENTION} AADSTS7000222: client secret expired")

    _, again = await slack.thread("C1")
    assert "AADSTS7000222" in again["text"]


async def test_a_mention_that_is_put_in_later_counts(slack: Town) -> None:
    said = await slack.workspace.says("U1", "C1", PASTE)
    assert not await slack.thread("C1")

    await slack.workspace.edits(said, f"{MENTION} {PASTE}")

    assert len(await slack.thread("C1")) == 1


@pytest.mark.parametrize("leaves_tombstone", [False, True])
async def test_a_deleted_message_closes_its_case(slack: Town, leaves_tombstone: bool) -> None:
    said = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    await slack.quiet()

    if leaves_tombstone:
        gone = {**said, "subtype": "tombstone", "user": "USLACKBOT", "text": "was deleted"}
        await slack.workspace.event(
            bodies.envelope(bodies.changed("C1", said, gone, "1764000002.000100"))
        )
    else:
        await slack.workspace.deletes(said)

    (card,) = await slack.thread("C1")
    assert "✓ The message was deleted" in card["text"]


async def test_deletions_of_what_it_never_heard_of_leave_nothing(slack: Town) -> None:
    said = bodies.message("U2", "C1", "401 Unauthorized", "1764000001.000100")

    await slack.workspace.deletes(said)
    await slack.workspace.edits(said, "402")

    assert not [person async for person in slack.store.people()]
