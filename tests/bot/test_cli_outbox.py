"""`flowmend outbox`: what waits, what was put aside, and how it goes out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import clock
from bot.storage import Scope
from bot.storage.opening import open_store
from dialogs.events import Origin
from dialogs.replies import Forget
from tests.bot.program import PASTE, Program
from tests.bot.talking import talking
from tests.bot.values import deciding, said, say

EVERYTHING = Scope(platforms=frozenset({"test"}))
CONSOLE = Scope(platforms=frozenset({"console"}))


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """Return a database with a dead letter (1), one that waits (2) and one in hand (3)."""
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    now = clock.milliseconds(clock.now())
    async with open_store(url) as store:
        turn = deciding(None, say("first"), say("second"), effects=(Forget(),))
        await store.turn(said(), turn, now - 3 * 3_600_000)
        (first,) = await store.claim(EVERYTHING, now, now + 600_000, 9)
        await store.bury(first, now, "403\nthe channel is gone")
        (second,) = await store.claim(EVERYTHING, now, now + 600_000, 9)
        await store.postpone(second, now + 600_000, "429")
    return url


def outbox(flowmend: Program, url: str, *args: str) -> list[str]:
    return flowmend.run("outbox", *args, "--database", url).stdout.splitlines()


def test_what_waits_and_what_was_put_aside_is_listed(flowmend: Program, url: str) -> None:
    first, second, third = outbox(flowmend, url)

    assert first.split() == [
        *("1", "dead", "reply", "1", "try", "3h", "old", "test:t:c"),
        *("403", "the", "channel", "is", "gone"),
    ]
    assert second.split() == ["2", "waiting", "reply", "1", "try", "3h", "old", "test:t:c", "429"]
    assert third.split() == ["3", "waiting", "effect", "0", "tries", "3h", "old", "test:t:c"]


def test_one_is_shown_with_all_that_is_known(flowmend: Program, url: str) -> None:
    shown = "\n".join(outbox(flowmend, url, "show", "1"))

    for known in ("test:u1", "test:1:0", "died", "403 the channel is gone", '"Say"', "first"):
        assert known in shown
    assert "due" in "\n".join(outbox(flowmend, url, "show", "2"))


def test_a_dead_letter_goes_out_again_at_the_end(flowmend: Program, url: str) -> None:
    assert outbox(flowmend, url, "retry", "1") == ["1 goes out again"]

    assert [line.split()[:2] for line in outbox(flowmend, url)] == [
        ["2", "waiting"],
        ["3", "waiting"],
        ["4", "waiting"],
    ]
    assert outbox(flowmend, url, "retry", "all") == ["there are no dead letters"]


def test_all_dead_letters_go_out_again(flowmend: Program, url: str) -> None:
    assert outbox(flowmend, url, "retry", "all") == ["1 dead letter goes out again"]


def test_what_is_dropped_is_gone_and_told(flowmend: Program, url: str) -> None:
    assert outbox(flowmend, url, "drop", "1") == ["1 is dropped"]
    assert outbox(flowmend, url, "drop", "2") == ["2 is dropped"]
    assert outbox(flowmend, url, "retry", "3") == ["3 goes out again"]

    assert [line.split()[0] for line in outbox(flowmend, url)] == ["3"]
    told = flowmend.run("audit", "--database", url).stdout
    for line in ("dropped delivery 1", "dropped delivery 2", "sent delivery 3 again"):
        assert line in told


def test_a_wish_to_be_forgotten_is_not_dropped(flowmend: Program, url: str) -> None:
    said = flowmend.refuses("outbox", "drop", "3", "--database", url)

    assert said == (
        "3 is somebody's wish to be forgotten; 'flowmend outbox retry 3' or"
        " 'flowmend forget test:t:u1' fulfils it"
    )
    flowmend.run("forget", "test:t:u1", "--database", url)
    assert outbox(flowmend, url) == ["nothing waits, and nothing was put aside"]


async def test_what_is_being_delivered_is_left_alone(flowmend: Program, url: str) -> None:
    now = clock.milliseconds(clock.now())
    async with open_store(url) as store:
        await store.claim(EVERYTHING, now + 600_000, now + 1_200_000, 9)

    assert "in hand" in outbox(flowmend, url)[1]
    for action in ("retry", "drop"):
        assert flowmend.refuses("outbox", action, "2", "--database", url) == (
            "2 is being delivered just now; look again in a minute"
        )


async def test_a_running_chat_sends_what_is_tried_again(flowmend: Program) -> None:
    url = f"sqlite:///{flowmend.home / 'bot.sqlite3'}"
    here = Origin(
        platform="console", tenant="local", conversation="console:local:default", user="x"
    )
    with talking(flowmend, "--database", url) as talk:
        talk.say(PASTE)
        async with open_store(url) as store:
            later = clock.milliseconds(clock.now()) + 3_600_000  # the chat does not take it yet
            await store.turn(said(where=here), deciding(None, say("lost")), later)
            (lost,) = await store.claim(CONSOLE, later, later, 9)
            await store.bury(lost, later, "gone")

        assert outbox(flowmend, url, "retry", "all") == ["1 dead letter goes out again"]
        assert talk.hear() == ["lost"]
        assert outbox(flowmend, url) == ["nothing waits, and nothing was put aside"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("show",), "which one? For example: flowmend outbox show 12"),
        (("show", "7"), "there is no delivery 7; 'flowmend outbox' lists what there is"),
        (("retry", "7"), "there is no delivery 7; 'flowmend outbox' lists what there is"),
        (("drop", "7"), "there is no delivery 7; 'flowmend outbox' lists what there is"),
        (("drop", "all"), "'all' is no id; 'flowmend outbox' lists them"),
        (("show", "9" * 30), f"'{'9' * 30}' is no id; 'flowmend outbox' lists them"),
        (("list", "7"), "'list' takes no id; 'flowmend outbox show 7' does"),
    ],
)
def test_a_delivery_that_is_not_there_is_one_line(
    args: tuple[str, ...], said: str, flowmend: Program
) -> None:
    assert flowmend.refuses("outbox", *args) == said
