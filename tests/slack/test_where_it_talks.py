"""Channels, threads and direct messages, with everything real but Slack."""

from __future__ import annotations

import pytest

from tests.slack import bodies
from tests.slack.town import PASTE, Town
from tests.slack.workspace import MENTION, labels

STEPS = ["Done", "Still failing"]


async def test_a_mention_is_answered_once_in_its_thread(slack: Town) -> None:
    said = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")

    (answer,) = await slack.thread("C1")
    assert answer["thread_ts"] == said["ts"]
    assert "AADSTS50173" in answer["text"]
    assert [label for label in labels(answer) if label in STEPS] == STEPS
    assert (answer["unfurl_links"], answer["unfurl_media"]) == (False, False)
    assert slack.workspace.answers == [(200, ""), (200, "")]


async def test_it_stays_in_the_thread_without_being_mentioned_again(slack: Town) -> None:
    said = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    await slack.quiet()

    await slack.workspace.says("U1", "C1", "done", said["ts"])

    first, second = await slack.thread("C1")
    assert second["thread_ts"] == said["ts"]
    assert not set(STEPS) & set(labels(first)), "the answered question has lost its buttons"
    assert "✓ Done" in first["text"]


async def test_a_press_moves_on_and_the_card_says_who_pressed(slack: Town) -> None:
    await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    (card,) = await slack.thread("C1")

    await slack.workspace.presses("U1", "C1", card, "Still failing")

    first, _second = await slack.thread("C1")
    assert first["blocks"][-1]["elements"][1]["text"] == "<@U1>"
    assert "Still failing" not in labels(first)


async def test_nobody_else_in_the_channel_is_answered_or_kept(slack: Town) -> None:
    said = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    await slack.quiet()
    before = len(slack.api.by_bot("C1"))

    await slack.workspace.says("U2", "C1", "401 Unauthorized in my flow too")
    await slack.workspace.says("U2", "C1", "same here: 401 Unauthorized", said["ts"])
    await slack.workspace.says("U1", "C1", "<@U2> can you look at this?", said["ts"])

    assert len(await slack.thread("C1")) == before
    assert not [person async for person in slack.store.people() if person.user == "slack:U2"]


async def test_a_second_person_has_a_case_of_their_own_in_the_thread(slack: Town) -> None:
    said = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    await slack.workspace.says("U2", "C1", f"{MENTION} 429 Too Many Requests", said["ts"])

    one, two = await slack.thread("C1")
    assert one["thread_ts"] == two["thread_ts"] == said["ts"]
    assert "AADSTS50173" in one["text"]
    assert "AADSTS50173" not in two["text"]


async def test_each_message_of_a_direct_chat_is_a_thread_of_its_own(slack: Town) -> None:
    one = await slack.workspace.says("U1", "D1", PASTE)
    two = await slack.workspace.says("U1", "D1", "AADSTS50076: you must use MFA")

    first, second = await slack.thread("D1")
    assert (first["thread_ts"], second["thread_ts"]) == (one["ts"], two["ts"])
    assert "reply_broadcast" not in first


async def test_done_beside_the_thread_belongs_to_the_open_case(slack: Town) -> None:
    said = await slack.workspace.says("U1", "D1", PASTE)
    await slack.quiet()

    await slack.workspace.says("U1", "D1", "done")

    card, answer = await slack.thread("D1")
    assert "✓ Done" in card["text"]
    assert (answer["thread_ts"], answer["reply_broadcast"]) == (said["ts"], True)


@pytest.mark.parametrize(
    ("typed", "said"), [("status", "This case"), ("start over", "We start afresh")]
)
async def test_asking_about_the_open_case_beside_the_thread(
    slack: Town, typed: str, said: str
) -> None:
    root = await slack.workspace.says("U1", "D1", PASTE)
    await slack.quiet()

    await slack.workspace.says("U1", "D1", typed)

    *_, answer = await slack.thread("D1")
    assert said in answer["text"]
    assert answer["thread_ts"] == root["ts"]


async def test_a_solved_case_is_taken_up_again_by_the_word_for_it_alone(slack: Town) -> None:
    root = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    for _ in range(3):
        await slack.workspace.says("U1", "C1", "done", root["ts"])
        await slack.quiet()
    solved = await slack.thread("C1")
    assert "solved" in solved[-1]["text"]

    await slack.workspace.says("U1", "C1", "thanks, see you at lunch", root["ts"])
    assert len(await slack.thread("C1")) == len(solved)
    await slack.workspace.says("U1", "C1", "still failing", root["ts"])
    assert len(await slack.thread("C1")) == len(solved) + 1


async def test_done_finds_nothing_in_somebody_elses_or_another_chat(slack: Town) -> None:
    await slack.workspace.says("U1", "D1", PASTE)
    await slack.quiet()

    await slack.workspace.says("U2", "D2", "done")

    (own,) = await slack.thread("D2")
    assert "No sign-in failure" in own["text"]
    assert "✓" not in slack.api.by_bot("D1")[0]["text"]


async def test_private_channels_are_like_others(slack: Town) -> None:
    said = await slack.workspace.says("U1", "G1", f"{MENTION} {PASTE}")

    (answer,) = await slack.thread("G1")
    assert answer["thread_ts"] == said["ts"]


async def test_somebody_from_another_organisation_is_answered_but_helps_nobody(
    slack: Town,
) -> None:
    guest = {"user_team": "T9", "source_team": "T9", "team": "T9"}
    await slack.workspace.says("U9", "C1", f"{MENTION} {PASTE}", **guest)
    await slack.workspace.says("U1", "C1", f"{MENTION} 403 Forbidden: AADSTS50105")
    theirs, ours = await slack.thread("C1")
    assert theirs["text"]

    body = bodies.press("U9", "C1", ours, _first_choice(ours), slack.api.url)
    await slack.workspace.interact({**body, "user": {"id": "U9", "team_id": "T9"}})

    await slack.eventually(lambda: slack.api.whispered)
    assert "for the person who asked" in slack.api.whispered[0]["text"]
    assert "✓" not in slack.api.by_bot("C1")[1]["text"]


async def test_neither_itself_nor_other_bots_are_answered(slack: Town) -> None:
    await slack.workspace.says("U1", "D1", PASTE)
    (own,) = await slack.thread("D1")
    post = slack.workspace.event

    await post(bodies.envelope({**own, "channel": "D1", "channel_type": "im"}))
    other = bodies.message("UOTHER", "C1", f"{MENTION} 401", "1764000001.000100", bot_id="B2")
    await post(bodies.envelope(other))
    await post(bodies.envelope(bodies.mention_of(other)))
    await post(bodies.envelope({**other, "subtype": "bot_message", "user": None}))
    unfurled = {**own, "attachments": [{"text": "a page"}]}
    await post(bodies.envelope(bodies.changed("D1", own, unfurled, "1764000002.000100")))

    assert len(await slack.thread("D1")) == 1
    assert not await slack.thread("C1")


def _first_choice(shown: bodies.Json) -> bodies.Json:
    found: bodies.Json = next(
        element
        for block in shown["blocks"]
        for element in block.get("elements", ())
        if element.get("value")
    )
    return found
