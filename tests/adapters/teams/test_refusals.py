"""What is not taken: tried again, or given up; and tokens, which go to nobody else."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from adapters.base import Gone, Place, TryLater
from tests.adapters.teams.conftest import ASK, World, world_with
from tests.adapters.teams.microsoft import Microsoft


@pytest.mark.parametrize("status", [401, 408, 412, 429, 500, 502, 503, 504])
async def test_some_refusals_pass(world: World, status: int) -> None:
    world.teams.plan = [web.Response(status=status, headers={"Retry-After": "7"})]

    with pytest.raises(TryLater, match=f"answered {status}") as caught:
        await world.adapter.send(Place(world.here()), ASK)

    assert caught.value.seconds == 7


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (403, "MessageWritesBlocked", "blocked or removed the bot"),
        (403, "BotNotInConversationRoster", "not installed there"),
        (404, "ConversationNotFound", "was deleted"),
        (413, "MessageSizeTooBig", "too large"),
        (400, "<script>", "answered 400$"),
        (403, "", "answered 403$"),
        (302, "", "answered 302$"),
    ],
)
async def test_some_refusals_are_for_good(world: World, status: int, code: str, why: str) -> None:
    error = {"error": {"code": code, "message": "secret text of theirs"}}
    world.teams.plan = [web.json_response(error, status=status)]

    with pytest.raises(Gone, match=why) as caught:
        await world.adapter.send(Place(world.here()), ASK)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("body", [b"<html>gateway</html>", b"\xff", b"[" * 3000, b""])
async def test_an_answer_that_is_no_json_is_tried_again(world: World, body: bytes) -> None:
    world.teams.plan = [web.Response(status=502, body=body)]

    with pytest.raises(TryLater):
        await world.adapter.send(Place(world.here()), ASK)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("body", [b"<html>taken</html>", b"[" * 3000, b"", b"17"])
async def test_what_was_taken_stays_taken_whatever_is_said(
    world: World, body: bytes, status: int
) -> None:
    """Sending it again would show it twice."""
    world.teams.plan = [web.Response(status=status, body=b"" if status == 204 else body)]

    receipt = await world.adapter.send(Place(world.here()), ASK)

    assert receipt.message == ""


async def test_nobody_there_is_tried_again(world: World) -> None:
    away = world.here(service="http://127.0.0.1:9/")

    with pytest.raises(TryLater, match="cannot be reached"):
        await world.adapter.send(Place(away), ASK)


@pytest.mark.parametrize(
    "service",
    [
        "",
        "https://evil.example/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evil.example/smba.trafficmanager.net",
        "https://smba.trafficmanager.net@evil.example/",
        "http://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net\\@evil.example/",
        "https://[::1",
        "ftp://127.0.0.1/",
        "https://169.254.169.254/",
    ],
)
async def test_tokens_go_nowhere_but_to_microsoft(world: World, service: str) -> None:
    with pytest.raises(Gone, match="no service"):
        await world.adapter.send(Place(world.here(service=service)), ASK)


async def test_a_token_that_cannot_be_had_is_tried_again(teams: Microsoft) -> None:
    def refused() -> str:
        raise PermissionError("invalid_client: a-secret")

    async with world_with(teams, token=refused) as world:
        with pytest.raises(TryLater, match="PermissionError") as caught:
            await world.adapter.send(Place(world.here()), ASK)

    assert "a-secret" not in str(caught.value)


async def test_one_token_for_many_cards(teams: Microsoft) -> None:
    asked = []

    def token() -> str:
        asked.append(1)
        return "a-token"

    async with world_with(teams, token=token) as world:
        places = [Place(world.here(conversation=f"c-{n}")) for n in range(10)]
        await asyncio.gather(*(world.adapter.send(place, ASK) for place in places))

    assert len(asked) == 1
