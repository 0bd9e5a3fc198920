"""The HTTP platform with real requests, in and out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.base import Answer, Gone, Place, Receipt, TryLater
from adapters.http.adapter import MOST, ROUTE, HttpAdapter, Peer
from adapters.http.parse import parse, problem
from dialogs.events import Chose, Deleted, Edited, Event, Origin, Said
from dialogs.replies import Ask, Choice, Link, Say, Settle
from tests.front_end import TOKEN, FrontEnd, front_end

NOW = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)
ORIGIN = Origin(
    platform="http",
    tenant="local",
    conversation="http:local:c-7:@ann",
    user="http:ann",
    route={"conversation": "c-7"},
)
ASK = Ask(
    text=("**Signed out.**", "Open it."),
    token="t1",
    choices=(Choice("done", "Done"),),
    links=(Link("Open", "https://make.powerautomate.com"),),
    facts=("AADSTS50173", "SharePoint"),
    facts_title="Read",
    quote="Hello **you**",
)
SAID = {"id": "1", "conversation": "c-7", "user": "ann", "text": "401"}
PRESS = {"id": "2", "conversation": "c-7", "user": "ann", "token": "t1", "choice": "done"}
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass
class Bot:
    """What stands behind the adapter."""

    heard: list[Event] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)
    fails: Exception | None = None

    async def handle(self, event: Event) -> Answer:
        if self.fails:
            raise self.fails
        self.heard.append(event)
        return self.answer


@dataclass
class World:
    """An adapter between a client and a front end."""

    client: TestClient[Any, Any]
    bot: Bot
    adapter: HttpAdapter
    front: FrontEnd

    async def post(self, body: object, **headers: str) -> ClientResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.client.post(ROUTE, data=BytesIO(data), headers={**BEARER, **headers})


@asynccontextmanager
async def world_with(url: str, front: FrontEnd, seconds: float = 5) -> AsyncIterator[World]:
    bot, app = Bot(), web.Application()
    peer = Peer(token=TOKEN, reply_url=url, timeout=seconds, now=lambda: NOW)
    adapter = HttpAdapter(peer)
    async with adapter.connect(app, bot.handle), TestClient(TestServer(app)) as client:
        yield World(client, bot, adapter, front)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with front_end() as front, world_with(front.url, front) as world:
        yield world


async def test_words_become_an_event_and_nothing_is_answered_at_once(world: World) -> None:
    world.bot.answer = Answer({"http:3:c-7:1:0": Say(text=("Hello",))})

    response = await world.post(SAID)

    assert (response.status, await response.json()) == (200, {})
    (event,) = world.bot.heard
    assert isinstance(event, Said)
    assert (event.text, event.at, event.origin) == ("401", NOW, ORIGIN)


async def test_a_press_is_answered_with_what_the_presser_must_see(world: World) -> None:
    settle = Settle(token="t1", answer="Done", by="http:ann")
    world.bot.answer = Answer({"http:3:c-7:2:0": settle, "http:3:c-7:2:1": ASK})

    response = await world.post(PRESS)

    assert isinstance(world.bot.heard[0], Chose)
    assert await response.json() == {
        "answer": [
            {
                "id": "http:3:c-7:2:1",
                "conversation": "c-7",
                "text": "\n\n".join(
                    ("Signed out.", "Open it.", "Hello **you**", "Read: AADSTS50173 · SharePoint")
                ),
                "token": "t1.ann",
                "choices": [{"id": "done", "label": "Done"}],
                "links": [{"label": "Open", "url": "https://make.powerautomate.com"}],
            }
        ]
    }


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        f"Basic {TOKEN}",
        TOKEN,
        f"bearer  {TOKEN}",
        "Bearer \xff",
    ],
)
async def test_nobody_gets_in_without_the_token(world: World, given: str | None) -> None:
    headers = {"Authorization": given} if given is not None else {}

    response = await world.client.post(ROUTE, data=json.dumps(SAID), headers=headers)

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not world.bot.heard


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (b"", 400, "not JSON"),
        (b"{", 400, "not JSON"),
        (b"\xff\xfe\x00", 400, "not JSON"),
        (b'{"id": NaN', 400, "not JSON"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b'{"a":' * 100_000, 400, "nested too deeply"),
        (b"9" * 10_000, 400, "not JSON"),
        ([], 400, "not a JSON object"),
        ("text", 400, "not a JSON object"),
        ({}, 400, "id"),
        ({**SAID, "id": 7}, 400, "id"),
        ({**SAID, "id": "x" * 201}, 400, "id"),
        ({**SAID, "conversation": ""}, 400, "conversation"),
        ({**SAID, "conversation": "a\x00b"}, 400, "conversation"),
        ({**SAID, "user": None}, 400, "user"),
        ({**SAID, "user": "\ud800"}, 400, "user"),
        ({**SAID, "text": ["x"]}, 400, "text"),
        ({**SAID, "token": "t1", "choice": "done"}, 400, "either"),
        ({**PRESS, "choice": None}, 400, "either"),
        ({"id": "1", "conversation": "c", "user": "u"}, 400, "either"),
        ({**SAID, "text": "x" * MOST}, 413, "larger than 1,048,576 bytes"),
    ],
)
async def test_what_is_no_event_is_refused_with_a_reason(
    world: World, body: object, status: int, why: str
) -> None:
    response = await world.post(body)

    assert response.status == status
    assert why in (await response.json())["error"]
    assert not world.bot.heard


async def test_a_body_without_a_length_is_cut_off_too(world: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65_536

    response = await world.client.post(ROUTE, data=endless(), headers=BEARER)

    assert response.status == 413


async def test_half_a_character_does_no_harm(world: World) -> None:
    response = await world.post({**SAID, "text": "\ud83d 401"})

    assert response.status == 200
    assert [event.text for event in world.bot.heard if isinstance(event, Said)] == ["? 401"]


async def test_what_cannot_be_stored_is_to_be_sent_again(world: World) -> None:
    world.bot.fails = TryLater("the database cannot be used just now", 2)

    response = await world.post(SAID)

    assert response.status == 503
    assert response.headers["Retry-After"] == "2"


async def test_the_scheme_may_be_written_in_any_case(world: World) -> None:
    assert (await world.post(SAID, Authorization=f"bearer {TOKEN}")).status == 200


async def test_several_people_in_one_place_have_a_case_each(world: World) -> None:
    asked = {**PRESS, "token": "t1.ann", "user": "bob.b"}
    for body in (SAID, {**SAID, "user": "bob.b"}, {**SAID, "user": "bob.b", "deletes": "1"}):
        await world.post({k: v for k, v in body.items() if k != "text" or "deletes" not in body})
    await world.post(asked)

    ann, bob, gone, press = world.bot.heard
    assert ann.origin.conversation == "http:local:c-7:@ann"
    assert bob.origin.conversation == gone.origin.conversation == "http:local:c-7:@bob.b"
    assert isinstance(press, Chose)
    assert (press.token, press.origin.user) == ("t1", "http:bob.b")
    assert press.origin.conversation == ann.origin.conversation, "a press is about whose it is"


async def test_no_two_places_are_one(world: World) -> None:
    for place, user in (("a", "b:@c"), ("a:@b", "c"), ("a%3A@b", "c")):
        await world.post({**SAID, "conversation": place, "user": user})

    assert len({event.origin.conversation for event in world.bot.heard}) == 3


async def test_a_reply_goes_out_with_its_key_and_the_token(world: World) -> None:
    receipt = await world.adapter.send(Place(ORIGIN, key="k1"), ASK)

    assert receipt == Receipt(message="k1")
    assert world.front.authorized == [f"Bearer {TOKEN}"]
    (post,) = world.front.taken
    assert (post["id"], post["conversation"], post["token"]) == ("k1", "c-7", "t1.ann")
    assert "replaces" not in post


async def test_an_answered_question_is_replaced_without_its_buttons(world: World) -> None:
    settle = Settle(token="t1", answer="Done", by="http:ann", asked=ASK)

    await world.adapter.send(Place(ORIGIN, key="k2", shown="k1"), settle)

    (post,) = world.front.taken
    assert (post["replaces"], post["choices"]) == ("k1", [])
    assert post["text"].startswith("Signed out.")
    assert post["text"].endswith("✓ Done")
    assert "token" not in post


async def test_a_question_that_was_never_shown_is_not_replaced(world: World) -> None:
    settle = Settle(token="t1", answer="Done", by="http:ann")

    assert await world.adapter.send(Place(ORIGIN, key="k2"), settle) == Receipt()
    assert not world.front.heard


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        (None, 0),
        ("7", 7),
        ("Sun, 22 Nov 2026 09:15:00 GMT", 60),
        ("Sun, 22 Nov 2020 09:15:00 GMT", 0),
        ("-5", 0),
        ("soon", 0),
        ("9" * 400, 86_400),
        ("99999999", 86_400),
    ],
)
async def test_a_busy_front_end_names_its_pause(
    world: World, after: str | None, seconds: float
) -> None:
    world.front.plan = [web.Response(status=429, headers={"Retry-After": after} if after else {})]

    with pytest.raises(TryLater) as caught:
        await world.adapter.send(Place(ORIGIN, key="k"), ASK)

    assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, TryLater) for status in (301, 302, 307, 401, 403, 404, 405, 408, 409, 425, 429)),
        *((status, TryLater) for status in (500, 502, 503, 504)),
        *((status, Gone) for status in (400, 410, 413, 415, 422)),
    ],
)
async def test_tells_what_may_still_arrive_from_what_never_will(
    world: World, status: int, error: type[Exception]
) -> None:
    world.front.plan = [status]

    with pytest.raises(error, match=f"answered {status}"):
        await world.adapter.send(Place(ORIGIN, key="k"), ASK)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_is_delivered(world: World, status: int) -> None:
    world.front.plan = [status]

    assert (await world.adapter.send(Place(ORIGIN, key="k"), ASK)).message == "k"


async def test_a_dropped_connection_is_tried_again(world: World) -> None:
    world.front.drops = True

    with pytest.raises(TryLater, match="cannot be reached"):
        await world.adapter.send(Place(ORIGIN, key="k"), ASK)


async def test_a_silent_front_end_is_tried_again() -> None:
    async with front_end() as front:
        front.slow = 1
        async with world_with(front.url, front, seconds=0.1) as world:
            with pytest.raises(TryLater, match="cannot be reached"):
                await world.adapter.send(Place(ORIGIN, key="k"), ASK)


async def test_nobody_at_the_reply_url_is_tried_again() -> None:
    front = FrontEnd()
    async with world_with("http://127.0.0.1:9/replies", front) as world:
        with pytest.raises(TryLater, match="cannot be reached"):
            await world.adapter.send(Place(ORIGIN, key="k"), ASK)


async def test_many_clients_at_once(world: World) -> None:
    async with ClientSession(headers=BEARER) as session:
        url = world.client.make_url(ROUTE)
        for n in range(20):
            async with session.post(url, json={**SAID, "id": str(n)}) as response:
                assert response.status == 200

    assert len({event.id for event in world.bot.heard}) == 20


def test_files_are_named_and_linked_and_never_fetched() -> None:
    body = {**SAID, "files": [{"name": "a.pdf", "url": "https://files.example/a"}, {"name": "b"}]}

    said = parse({**body, "time": NOW.isoformat()})

    assert isinstance(said, Said)
    assert [(it.name, it.kind, it.link) for it in said.files] == [
        ("a.pdf", "other", "https://files.example/a"),
        ("b", "other", ""),
    ]


@pytest.mark.parametrize(
    "url", ["http://x.example/a", "https://a@x.example/", "javascript:alert(1)", "https://x y/"]
)
def test_a_link_to_a_file_is_an_address_of_the_web(url: str) -> None:
    assert problem({**SAID, "files": [{"name": "a", "url": url}]})


def test_edits_and_deletions_name_what_they_change() -> None:
    who = {"conversation": "c-7", "user": "ann", "time": NOW.isoformat()}

    said = parse({**who, "id": "1", "text": "one"})
    edited = parse({**who, "id": "2", "text": "two", "edits": "1"})
    deleted = parse({**who, "id": "3", "deletes": "1"})

    assert isinstance(said, Said)
    assert isinstance(edited, Edited)
    assert isinstance(deleted, Deleted)
    assert said.id == said.message == edited.of == edited.message == deleted.of == deleted.message
    assert edited.text == "two"


@pytest.mark.parametrize(
    "more", [{"deletes": "1"}, {"text": None}, {"text": None, "deletes": "1", "choice": "x"}]
)
def test_a_post_says_one_thing(more: dict[str, object]) -> None:
    assert "give either" in (problem({**SAID, **more}) or "")
