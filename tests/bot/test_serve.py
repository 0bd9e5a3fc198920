"""`flowmend serve`, the program itself: what it says, what it refuses, how it is looked after."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO

import pytest
import pytest_asyncio

from tests.bot.program import Program
from tests.bot.served import SECONDS, Served, serving, set_up
from tests.bot.talking import talking
from tests.front_end import TOKEN, FrontEnd, front_end

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOCKED = "AADSTS50053: the account is locked because there were too many sign-in attempts"
LOCKED_KO = "흐름이 계속 실패해요. AADSTS50053 오류가 나요. 계정이 잠겼대요."
SECRET = "Kq8~x7Q2zV.9bT4mLwP1cR6nYd3sHf0eGjUa5"


@dataclass
class World:
    """The program at work, and the front end that it answers to."""

    program: Program
    served: Served
    front: FrontEnd

    async def hears(self, count: int, who: str) -> list[str]:
        """Return what `who` was told, once it is so many replies."""
        async with asyncio.timeout(SECONDS):
            while len(self.front.said(who)) < count:  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(0.01)
        return self.front.said(who)

    async def run(self, *args: str) -> str:
        """Run another command beside it and return what it prints."""
        return (await asyncio.to_thread(self.program.run, *args)).stdout


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with front_end() as front:
        program = set_up(Program(tmp_path_factory.mktemp("served")), front)
        async with serving(program) as served:
            yield World(program, served, front)


# What it refuses


async def test_without_a_platform_it_says_what_to_set(flowmend: Program) -> None:
    said = await asyncio.to_thread(flowmend.refuses, "serve")

    assert "FLOWMEND_HTTP_TOKEN" in said
    assert "FLOWMEND_HTTP_REPLY_URL" in said


@pytest.mark.parametrize("setting", ["PORT", "OPS_PORT"])
async def test_a_port_that_is_taken_is_named(flowmend: Program, setting: str) -> None:
    ports = {"PORT": "0", "OPS_PORT": "0", "HTTP_TOKEN": TOKEN, "HTTP_REPLY_URL": "http://x.y/z"}
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        there = flowmend.set(**{**ports, setting: port})
        said = await asyncio.to_thread(there.refuses, "serve")

    assert said == (
        f"FLOWMEND_{setting}: cannot listen on 127.0.0.1:{port}: address already in use"
    )


@pytest.mark.parametrize("setting", ["HOST", "OPS_HOST"])
async def test_a_host_that_is_not_here_is_named(flowmend: Program, setting: str) -> None:
    doors = {"PORT": "0", "OPS_PORT": "0", "HTTP_TOKEN": TOKEN, "HTTP_REPLY_URL": "http://x.y/z"}
    said = await asyncio.to_thread(flowmend.set(**doors, **{setting: "192.0.2.1"}).refuses, "serve")

    assert said.startswith(f"FLOWMEND_{setting}: cannot listen on 192.0.2.1:0: ")


async def test_a_second_one_on_the_same_file_refuses(world: World) -> None:
    said = await asyncio.to_thread(world.program.refuses, "serve")

    assert said == "another 'flowmend serve' delivers for this database already"


async def test_a_database_that_was_never_migrated_is_refused(
    flowmend: Program, empty_postgres_url: str
) -> None:
    there = flowmend.set(
        DATABASE=empty_postgres_url, HTTP_TOKEN=TOKEN, HTTP_REPLY_URL="http://x.y/z"
    )

    said = await asyncio.to_thread(there.refuses, "serve")

    assert "flowmend migrate" in said
    assert "p@ss" not in said
    assert "p%40ss" not in said


# A story


async def test_a_story_in_english_by_words(world: World) -> None:
    await world.served.says(LOCKED, "1", "en")
    (first,) = await world.hears(1, "en")
    assert "Step 1 of 4" in first

    await world.served.says("done", "2", "en")
    _, settled, second = await world.hears(3, "en")
    posts = [post for post in world.front.taken if post["conversation"] == "en"]
    assert posts[1]["replaces"] == posts[0]["id"]
    assert posts[1]["choices"] == []
    assert settled.endswith("✓ Done")
    assert "Step 2 of 4" in second

    await world.served.says("talk to a person", "3", "en")
    *_, handing, opened = await world.hears(6, "en")
    assert handing == "I am passing this to a person."
    assert "FM-" in opened


async def test_a_story_in_korean_by_presses(world: World) -> None:
    await world.served.says(LOCKED_KO, "1", "ko")
    (first,) = await world.hears(1, "ko")
    assert "4단계 중 1단계" in first

    body = await world.served.presses(world.front, "done", "2", "ko")
    (shown,) = body["answer"]
    assert "4단계 중 2단계" in shown["text"]
    _, settled, second = await world.hears(3, "ko")
    assert settled.endswith("✓ 완료")
    assert second == shown["text"], "the same in the response and at the reply URL"
    posts = [post for post in world.front.taken if post["conversation"] == "ko"]
    assert [post.get("replaces") for post in posts] == [None, posts[0]["id"], None]
    assert shown["id"] == posts[2]["id"], "and under the same id"

    again = await world.served.presses(world.front, "done", "2", "ko")
    assert [a["text"] for a in again["answer"]] == [second], "what is repeated changes nothing"

    await world.served.presses(world.front, "person", "3", "ko")
    *_, opened = await world.hears(6, "ko")
    assert "FM-" in opened


async def test_whoever_talks_in_somebodys_place_moves_nothing_of_theirs(world: World) -> None:
    async def eve(id: str, **more: object) -> dict[str, object]:
        body = {"id": id, "conversation": "room", "user": "eve", "channel": "r", **more}
        return (await world.served.post(**body))[1]

    await world.served.post(id="1", conversation="room", user="ann", text=LOCKED, channel="r")
    (asked,) = await world.hears(1, "room")
    assert "Step 1" in asked
    await eve("2", text="done", addressed=False)
    await eve("3", text="nice weather", addressed=False)
    await eve("4", deletes="1")
    await eve("5", edits="1", text="AADSTS53003")
    await eve("6", text="forget me")
    await world.hears(2, "room")
    await eve("7", text="yes")
    await world.hears(3, "room")
    await world.served.post(id="8", conversation="room", user="ann", text="done", channel="r")

    *_, settled, after = await world.hears(5, "room")
    assert settled.endswith("✓ Done")
    assert "Step 2" in after, "her case is where it was"


async def test_what_is_resolved_in_a_shell_reaches_the_person(world: World) -> None:
    await world.served.says(LOCKED, "1", "shell")
    await world.served.says("talk to a person", "2", "shell")
    *_, opened = await world.hears(4, "shell")
    number = next(word for word in opened.split() if word.startswith("FM-")).rstrip(",.")

    await world.run("tickets", "resolve", number)

    *_, resolved = await world.hears(5, "shell")
    assert number in resolved
    assert "resolved" in (await world.run("tickets", "show", number)).lower()


async def test_a_chat_works_beside_it(world: World) -> None:
    def chat() -> list[list[str]]:
        with talking(world.program) as talk:
            first = talk.say(LOCKED)
            handed = talk.say("talk to a person")
            return [first, handed]

    first, handed = await asyncio.to_thread(chat)

    assert any("Step 1 of 4" in line for line in first)
    assert any("passing this to a person" in line for line in handed)
    assert not world.front.said("chat")


# Looking after it


async def test_both_doors_show_what_is_theirs(world: World) -> None:
    assert await world.served.get("/healthz") == (200, '{"status": "alive"}')
    assert await world.served.get("/readyz") == (200, '{"status": "ready"}')
    for path in ("/health", "/metrics"):
        assert (await world.served.get(path))[0] == 404
    for path in ("/healthz", "/readyz", "/http/events"):
        assert (await world.served.get(path, ops=True))[0] == 404

    status, health = await world.served.get("/health", ops=True)
    told = json.loads(health)
    assert status == 200
    assert (told["ready"], told["store"], told["platforms"]) == (True, "reachable", ["http"])
    assert told["outbox"]["dead_letters"] == 0


async def test_metrics_count_what_happened(world: World) -> None:
    await world.served.says(LOCKED, "1", "counted")
    await world.hears(1, "counted")

    status, metrics = await world.served.get("/metrics", ops=True)

    assert status == 200
    for name in (
        'flowmend_turns_total{outcome="guiding",platform="http"}',
        'flowmend_diagnoses_total{cause="account-blocked"',
        'flowmend_delivery_seconds_count{kind="ask",platform="http"}',
        'flowmend_ingest_seconds_count{platform="http"}',
        'flowmend_commit_seconds_count{platform="http"}',
        "flowmend_outbox_waiting",
        "flowmend_dead_letters 0.0",
    ):
        assert name in metrics, name


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", b"", 404),
        ("GET", "/http/events", b"", 405),
        ("DELETE", "/healthz", b"", 405),
        ("POST", "/http/events", b"{", 400),
        ("POST", "/http/events", b'{"text": "' + b"x" * 1_100_000 + b'"}', 413),
    ],
)
async def test_errors_are_one_line_of_json(
    world: World, method: str, path: str, body: bytes, status: int
) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = world.served.url(path)

    async with world.served.session.request(
        method, url, data=BytesIO(body), headers=headers
    ) as response:
        assert response.status == status
        assert response.content_type == "application/json"
        assert list(await response.json()) == ["error"]
        if status == 405:
            assert response.headers["Allow"]


async def test_what_is_no_http_does_no_harm(world: World) -> None:
    port = int(world.served.url("").rpartition(":")[2])
    for garbage in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9\r\n\r\n", b"\0" * 70_000):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(garbage)
        writer.write_eof()
        assert b" 500 " not in (await reader.read(200))
        writer.close()

    assert (await world.served.get("/healthz"))[0] == 200
    assert not [line for line in world.served.lines if "exception" in line]


async def test_the_log_names_places_and_events_and_no_secret(world: World) -> None:
    secret = f"client_secret={SECRET} AADSTS7000215 Invalid client secret provided"
    await world.served.says(secret, "the-event", "logged")
    await world.hears(1, "logged")

    turn = await world.served.logs(lambda line: line.get("event_id") == "http:6:logged:the-event")
    assert turn["event"] == "turn"
    assert turn["conversation"] == "http:local:logged:@logged"
    assert turn["timestamp"].endswith("Z")
    sent = await world.served.logs(lambda line: line.get("delivery") == f"{turn['event_id']}:0")
    assert sent["event"] == "delivered"
    assert SECRET not in world.served.raw
    assert TOKEN not in world.served.raw
    assert all("level" in line and "logger" in line for line in world.served.lines)
    assert SECRET not in "".join(post["text"] for post in world.front.heard)
