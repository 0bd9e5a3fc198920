"""What one person says and presses, on a Slack that nobody here wrote (`emulated.py`)."""

from __future__ import annotations

import pytest

from tests.e2e.slack.emulated import BOT, PASTE, World
from tests.slack.workspace import labels

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_channel_from_the_first_word_to_a_person(world: World) -> None:
    said = await world.call(
        "alice", "chat.postMessage", channel=world.channels["help"], text=f"{BOT} {PASTE}"
    )
    root = said["ts"]
    (card,) = await world.thread(world.channels["help"], root, 1)
    assert "AADSTS50173" in card["text"]
    assert {"Done", "Still failing"} <= set(labels(card))

    assert await world.press("alice", world.channels["help"], card, "Done") == 200
    done = await world.settled(world.channels["help"], root, "Done")
    assert done["ts"] == card["ts"], "updated in place"
    assert "Still failing" not in labels(done)

    second = (await world.thread(world.channels["help"], root, 2))[-1]
    assert await world.press("alice", world.channels["help"], second, "Talk to a person") == 200
    texts = [it["text"] for it in await world.thread(world.channels["help"], root, 4)]
    assert "FM-1" in texts[-1]


async def test_a_thread_goes_on_in_words(world: World) -> None:
    said = await world.call(
        "alice", "chat.postMessage", channel=world.channels["help"], text=f"{BOT} {PASTE}"
    )
    await world.thread(world.channels["help"], said["ts"], 1)

    await world.call(
        "alice",
        "chat.postMessage",
        channel=world.channels["help"],
        text="done",
        thread_ts=said["ts"],
    )
    await world.call(
        "bob",
        "chat.postMessage",
        channel=world.channels["help"],
        text="mine too",
        thread_ts=said["ts"],
    )

    await world.settled(world.channels["help"], said["ts"], "Done")
    assert len(await world.thread(world.channels["help"], said["ts"], 2)) == 2


async def test_a_double_press_is_one_step(world: World) -> None:
    said = await world.call(
        "alice", "chat.postMessage", channel=world.channels["help"], text=f"{BOT} {PASTE}"
    )
    (card,) = await world.thread(world.channels["help"], said["ts"], 1)

    for _ in range(2):
        assert await world.press("alice", world.channels["help"], card, "Done") == 200

    *_, last = await world.thread(world.channels["help"], said["ts"], 3)
    assert "earlier question" in last["text"]


async def test_a_direct_message(world: World) -> None:
    opened = await world.call("alice", "conversations.open", users="UFLOWMEND")
    channel = opened["channel"]["id"]

    said = await world.call(
        "alice", "chat.postMessage", channel=channel, text="비밀번호를 바꾼 뒤로 흐름이 실패해요"
    )

    (card,) = await world.thread(channel, said["ts"], 1)
    assert "완료" in labels(card)
    assert await world.press("alice", channel, card, "담당자와 이야기하기") == 200
    assert await world.settled(channel, said["ts"], "담당자와 이야기하기")


async def test_a_log_as_a_file(world: World) -> None:
    raw = b"line\n" * 2_000 + PASTE.encode()
    where = {"channel_id": world.channels["help"], "initial_comment": f"{BOT} here is the log"}
    await world.shares("alice", "log.txt", raw, **where)

    found = await world.call("alice", "conversations.history", channel=world.channels["help"])
    (said,) = (it for it in found["messages"] if "here is the log" in it["text"])
    card = await world.shows(world.channels["help"], said["ts"], "(AADSTS50173)")
    assert {"Done", "Still failing"} <= set(labels(card)), "the log was read, and is answered"


async def test_talk_of_the_channel_is_left_alone(world: World) -> None:
    said = await world.call(
        "bob", "chat.postMessage", channel=world.channels["help"], text="401 Unauthorized again"
    )
    asked = await world.call(
        "alice", "chat.postMessage", channel=world.channels["help"], text=f"{BOT} {PASTE}"
    )

    await world.thread(world.channels["help"], asked["ts"], 1)
    assert not await world.thread(world.channels["help"], said["ts"], 0)
