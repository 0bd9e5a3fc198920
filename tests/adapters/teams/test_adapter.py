"""The adapter with real requests, in and out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from adapters.base import Answer, Gone, Place, Receipt, TryLater
from adapters.teams.parse import parse
from dialogs.events import Chose, File, Inspected, Origin, Said
from dialogs.replies import Ask, Choice, Say, Settle
from tests.adapters.teams.conftest import World, world_with
from tests.adapters.teams.microsoft import APP, TENANT, Microsoft

ASK = Ask(text=("**Signed out.**",), token="t1", choices=(Choice("done", "Done"),))
NEXT = Ask(text=("Step 2",), token="t2", choices=(Choice("done", "Done"),))
SETTLE = Settle(token="t1", answer="Done", by="teams:ann", asked=ASK)
KOREAN = Ask(text=("3단계 중 2단계",), token="t2", choices=(Choice("done", "완료"),))
THREAD = "19:x@thread.tacv2;messageid=1"
BUTTON = {"flowmend": {"token": "t1", "choice": "done", "requester": "ann"}}
PAYLOAD = {"id": "9", "body": {"contentType": "text", "content": "AADSTS50173"}}


def origin(teams: Microsoft, **route: str) -> Origin:
    known = {
        "service": teams.service,
        "conversation": THREAD,
        "kind": "shared",
        "bot": f"28:{APP}",
        "user": "29:ann",
        "channel": "19:x@thread.tacv2",
    }
    return Origin(
        platform="teams",
        tenant=TENANT,
        conversation=f"teams:{TENANT}:{THREAD}:ann",
        user="teams:ann",
        language="en-GB",
        route=known | route,
    )


def invoke(teams: Microsoft, name: str, value: object, **more: Any) -> dict[str, Any]:
    where = {"id": THREAD, "conversationType": "channel"}
    return {
        **teams.message(type="invoke"),
        "name": name,
        "value": value,
        "conversation": where,
        **more,
    }


def press(teams: Microsoft, data: object = BUTTON, **more: Any) -> dict[str, Any]:
    action = {"type": "Action.Execute", "verb": "flowmend.choose", "data": data}
    return invoke(teams, "adaptiveCard/action", {"action": action, "trigger": "manual"}, **more)


def answer(*replies: Any) -> Answer:
    return Answer({f"k{n}": reply for n, reply in enumerate(replies)})


def dialog(body: Any) -> tuple[str, list[str], list[str]]:
    """Return the title, words and buttons of a dialog."""
    value = body["task"]["value"]
    card = value["card"]["content"]
    words = [run["text"] for block in card["body"] for run in block.get("inlines", ())]
    return value["title"], words, [it["title"] for it in card.get("actions", ())]


async def test_words_become_an_event_and_are_answered_with_nothing(world: World) -> None:
    response = await world.post(world.teams.message("hello 안녕"))

    assert (response.status, await response.text()) == (200, "")
    (event,) = world.bot.heard
    assert isinstance(event, Said)
    assert (event.text, event.origin.route["service"]) == ("hello 안녕", world.teams.service)


async def test_what_cannot_be_stored_is_to_be_sent_again(world: World) -> None:
    world.bot.answers = [TryLater("the database cannot be used just now", 2)]

    response = await world.post(world.teams.message())

    assert (response.status, response.headers["Retry-After"]) == (503, "2")


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


async def test_a_message_is_diagnosed_in_a_dialog(world: World) -> None:
    said = Say(text=("**Signed out** by a password change",), facts=("AADSTS50173",), to="presser")
    world.bot.answers = [answer(said)]

    value = {"commandId": "diagnose", "messagePayload": PAYLOAD}
    body = await (await world.post(invoke(world.teams, "composeExtension/fetchTask", value))).json()

    assert [event.text for event in world.bot.heard if isinstance(event, Inspected)] == [
        "AADSTS50173"
    ]
    title, words, buttons = dialog(body)
    assert title == "What this message says"
    assert words == ["Signed out", " by a password change", "AADSTS50173"]
    assert buttons == ["Go on in the thread", "Go on in a direct message"]


@pytest.mark.parametrize(
    ("place", "refused", "said", "heard"),
    [
        ("here", None, "I go on with it in the conversation.", THREAD),
        ("direct", None, "I have written to you in a direct message.", "new-1"),
        ("here", 403, "I am not a member of this conversation.", None),
        ("direct", 403, "I cannot write to you yet", None),
        ("direct", 500, "I cannot write to you yet", None),
        ("elsewhere", None, "That message was empty.", None),
    ],
)
async def test_the_dialog_goes_on_where_it_is_told_to(
    world: World, place: str, refused: int | None, said: str, heard: str | None
) -> None:
    world.teams.plan = [refused] if refused else []
    value = {"messagePayload": PAYLOAD, "data": {"continue": place}}

    response = await world.post(invoke(world.teams, "composeExtension/submitAction", value))

    assert said in dialog(await response.json())[1][0]
    routes = [event.origin.route["conversation"] for event in world.bot.heard]
    assert routes == ([heard] if heard else [])
    assert all(isinstance(event, Said) for event in world.bot.heard)


async def test_a_card_goes_into_the_thread_with_a_token(world: World) -> None:
    receipt = await world.adapter.send(Place(origin(world.teams), key="k"), ASK)

    assert receipt.message == "new-1"
    ((method, path, body),) = world.teams.calls
    assert (method, path) == ("POST", f"/amer/v3/conversations/{THREAD}/activities")
    assert body["summary"] == "Signed out."
    assert world.teams.authorized == ["Bearer a-token"]
    assert "'requester': 'ann'" in str(body)


async def test_an_answered_card_is_changed_for_everybody(world: World) -> None:
    receipt = await world.adapter.send(Place(origin(world.teams), shown="m7"), SETTLE)

    assert receipt.message == "m7"
    ((method, path, body),) = world.teams.calls
    assert (method, path) == ("PUT", f"/amer/v3/conversations/{THREAD}/activities/m7")
    assert "✓ Done" in str(body)


async def test_a_card_that_was_never_shown_is_not_changed(world: World) -> None:
    assert await world.adapter.send(Place(origin(world.teams)), SETTLE) == Receipt()
    assert not world.teams.calls


async def test_a_new_post_is_a_thread_of_its_own(world: World) -> None:
    receipt = await world.adapter.send(Place(origin(world.teams), "post"), ASK)

    ((method, path, body),) = world.teams.calls
    assert (method, path) == ("POST", "/amer/v3/conversations")
    assert body["channelData"]["channel"] == {"id": "19:x@thread.tacv2"}
    assert body["isGroup"]
    assert (receipt.route["conversation"], receipt.message) == ("new-1", "post-1")


async def test_a_direct_message_opens_the_chat_first(world: World) -> None:
    receipt = await world.adapter.send(Place(origin(world.teams), "direct"), ASK)

    (_, _, opened), (_, path, _) = world.teams.calls
    assert opened["members"] == [{"id": "29:ann"}]
    assert opened["tenantId"] == TENANT
    assert path == "/amer/v3/conversations/new-1/activities"
    assert (receipt.route["conversation"], receipt.message) == ("new-1", "new-2")


@pytest.mark.parametrize(
    ("language", "text", "hint"),
    [("en-GB", "Passed on.", "Here I read"), ("en-GB", "전달했어요.", "여기서는")],
)
async def test_words_in_a_thread_tell_how_to_be_heard(
    world: World, language: str, text: str, hint: str
) -> None:
    await world.adapter.send(Place(origin(world.teams)), Say(text=(text,)))

    assert hint in str(world.teams.cards)


@pytest.mark.parametrize("status", [401, 408, 412, 429, 500, 502, 503, 504])
async def test_some_refusals_pass(world: World, status: int) -> None:
    world.teams.plan = [web.Response(status=status, headers={"Retry-After": "7"})]

    with pytest.raises(TryLater, match=f"answered {status}") as caught:
        await world.adapter.send(Place(origin(world.teams)), ASK)

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
        await world.adapter.send(Place(origin(world.teams)), ASK)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("body", [b"<html>gateway</html>", b"\xff", b"[" * 3000, b""])
async def test_an_answer_that_is_no_json_is_tried_again(world: World, body: bytes) -> None:
    world.teams.plan = [web.Response(status=502, body=body)]

    with pytest.raises(TryLater):
        await world.adapter.send(Place(origin(world.teams)), ASK)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("body", [b"<html>taken</html>", b"[" * 3000, b"", b"17"])
async def test_what_was_taken_stays_taken_whatever_is_said(
    world: World, body: bytes, status: int
) -> None:
    """Sending it again would show it twice."""
    world.teams.plan = [web.Response(status=status, body=b"" if status == 204 else body)]

    receipt = await world.adapter.send(Place(origin(world.teams)), ASK)

    assert receipt.message == ""


async def test_nobody_there_is_tried_again(world: World) -> None:
    away = origin(world.teams, service="http://127.0.0.1:9/")

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
        await world.adapter.send(Place(origin(world.teams, service=service)), ASK)


async def test_a_token_that_cannot_be_had_is_tried_again(teams: Microsoft) -> None:
    def refused() -> str:
        raise PermissionError("invalid_client: a-secret")

    async with world_with(teams, token=refused) as world:
        with pytest.raises(TryLater, match="PermissionError") as caught:
            await world.adapter.send(Place(origin(teams)), ASK)

    assert "a-secret" not in str(caught.value)


async def test_one_token_for_many_cards(teams: Microsoft) -> None:
    asked = []

    def token() -> str:
        asked.append(1)
        return "a-token"

    async with world_with(teams, token=token) as world:
        places = [Place(origin(teams, conversation=f"c-{n}")) for n in range(10)]
        await asyncio.gather(*(world.adapter.send(place, ASK) for place in places))

    assert len(asked) == 1


async def test_not_faster_than_teams_allows(world: World) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for _ in range(8):
        await world.adapter.send(Place(origin(world.teams)), ASK)

    assert loop.time() - begun >= 0.9, "seven a second"


async def test_what_would_wait_for_long_waits_in_the_outbox(world: World) -> None:
    from adapters.teams.pacing import IN_A_THREAD, Pacing

    pacing = Pacing(IN_A_THREAD)
    sent = [pacing.wait("a", at * 0.5) for at in range(60)]
    assert not any(sent)
    assert pacing.wait("a", 29.9) == pytest.approx(0.1)
    assert pacing.wait("b", 29.9) == 0
    late = [pacing.wait("c", at * 2.0) for at in range(1800)]
    assert not any(late[:1800])


async def test_a_file_is_read(world: World) -> None:
    there = {
        "run.json": web.Response(body="\ufeff오류 401".encode()),
        "binary": web.Response(body=b"\x89PNG\x00"),
        "moved": web.Response(status=302),
        "busy": web.Response(status=429),
    }

    async def serve(request: web.Request) -> web.Response:
        return there[request.match_info["name"]]

    app = web.Application()
    app.router.add_get("/{name}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    here = origin(world.teams)
    try:
        assert await world.adapter.fetch(here, _file(f"{url}/run.json")) == "오류 401"
        for path, error in (("binary", Gone), ("moved", Gone), ("busy", TryLater)):
            with pytest.raises(error):
                await world.adapter.fetch(here, _file(f"{url}/{path}"))
        with pytest.raises(Gone, match="not read from"):
            await world.adapter.fetch(here, _file("https://evil.example/x"))
    finally:
        await runner.cleanup()


async def test_a_double_click_is_one_event(teams: Microsoft) -> None:
    first, second = (parse(press(teams, id=f"f:{n}")) for n in range(2))

    assert first
    assert second
    assert first.id == second.id


def _file(url: str) -> File:
    return File("x", {"url": url})
