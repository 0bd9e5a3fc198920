"""What a press is answered with, in the very response."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.base import Answer, TryLater
from adapters.teams.parse import parse
from dialogs.events import Chose
from dialogs.replies import Ask, Choice, Say, Settle
from tests.adapters.teams import bodies
from tests.adapters.teams.bodies import THREAD
from tests.adapters.teams.conftest import SETTLE, World, world_with
from tests.adapters.teams.microsoft import Microsoft

NEXT = Ask(text=("Step 2",), token="t2", choices=(Choice("done", "Done"),))
KOREAN = Ask(text=("3단계 중 2단계",), token="t2", choices=(Choice("done", "완료"),))
BUTTON = {"flowmend": {"token": "t1", "choice": "done", "requester": "ann"}}


def press(teams: Microsoft, data: object = BUTTON, **more: Any) -> dict[str, Any]:
    button = {"type": "Action.Execute", "verb": "flowmend.choose", "data": data}
    return bodies.press(button, service=teams.service, conversation=bodies.CHANNEL, **more)


def answer(*replies: Any) -> Answer:
    return Answer({f"k{n}": reply for n, reply in enumerate(replies)})


async def test_a_press_takes_the_buttons_away_at_once_and_names_who_pressed(world: World) -> None:
    world.bot.answers = [answer(SETTLE, NEXT)]

    body = await (await world.post(press(world.teams))).json()

    assert isinstance(world.bot.heard[0], Chose)
    assert (body["statusCode"], body["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    assert "Signed out." in str(body["value"])
    assert "✓ Done" in str(body["value"])
    assert "Ann" in str(body["value"])
    assert "Action.Execute" not in str(body["value"])


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ((Say(text=("Not **yours**.",), to="presser"),), "Not yours."),
        ((), "That was answered already."),
        ((NEXT,), "That was answered already."),
        ((KOREAN,), "이미 답한 질문이에요."),
        ((Settle(token="t2", answer="x", by=""), NEXT), "Step 2"),
        ((Settle(token="t1", answer="Done", by=""), NEXT), "✓ Done"),
        ((Say(text=("Something is broken",)),), "Something is broken"),
    ],
    ids=["kind word", "nothing", "again", "again, Korean", "old", "not known", "trouble"],
)
async def test_other_presses_leave_the_card_and_say_why(
    world: World, replies: tuple[Any, ...], words: str
) -> None:
    world.bot.answers = [answer(*replies)]

    body = await (await world.post(press(world.teams))).json()

    assert body["type"] == "application/vnd.microsoft.activity.message"
    assert body["value"] == words


async def test_a_press_that_cannot_be_stored_is_answered_in_words(world: World) -> None:
    world.bot.answers = [TryLater("x", 2)]

    response = await world.post(press(world.teams, locale="ko-KR"))

    assert response.status == 200
    assert "저장" in (await response.json())["value"]


async def test_a_slow_turn_is_answered_in_time_and_goes_on(teams: Microsoft) -> None:
    async with world_with(teams) as world:
        world.bot.slow = 3.0

        response = await world.post(press(teams))

        assert (await response.json())["value"] == "I have it. The answer follows in a moment."
        assert not world.bot.heard
    assert world.bot.heard, "it was waited for when the door was closed"


async def test_buttons_that_we_never_made_are_refused_kindly(world: World) -> None:
    body = await (await world.post(press(world.teams, {"x": 1}))).json()

    assert (body["statusCode"], body["value"]["code"]) == (400, "BadRequest")
    assert not world.bot.heard


async def test_the_press_of_an_old_client_is_answered_with_messages(world: World) -> None:
    world.bot.answers = [answer(Say(text=("Not yours.",), to="presser"))]
    where = {"id": THREAD, "conversationType": "channel"}

    response = await world.post(world.teams.message("", value=BUTTON, conversation=where))

    assert response.status == 200
    assert isinstance(world.bot.heard[0], Chose)
    assert [method for method, _, _ in world.teams.calls] == ["POST"]
    assert "Not yours." in str(world.teams.cards)


async def test_a_double_click_is_one_event(teams: Microsoft) -> None:
    first, second = (parse(press(teams, id=f"f:{n}")) for n in range(2))

    assert first
    assert second
    assert first.id == second.id
