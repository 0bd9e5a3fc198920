"""What is no activity is refused with a reason, and never with a 5xx."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from adapters.teams.edge import MOST
from tests.adapters.teams.conftest import World

SECRET = "do-not-log-this"
DEEP = b'{"type":"message","value":' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"}"
BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"}", 400),
    (b"null", 400),
    (b"true", 400),
    (b"[]", 400),
    (b"[{}]", 400),
    (b'"text"', 400),
    (b"17", 400),
    (b"NaN", 400),
    (b"9" * 10_000, 400),
    (b"\xff\xfe\x00", 400),
    (b'{"type":"mess\xff"}', 400),
    (b"\x00" * 100, 400),
    (b"[" * 100_000, 400),
    (b'{"a":' * 50_000, 400),
    (DEEP, 400),
    (b"{'type': 'message'}", 400),
    (b"type=message&text=hello", 400),
    (b"<xml/>", 400),
    (b"{}", 400),
    (b" " * (MOST + 1), 413),
    (b'{"text":"' + b"x" * MOST + b'"}', 413),
]
CHANGES: list[dict[str, Any]] = [
    {"type": None},
    {"type": ""},
    {"type": 7},
    {"type": ["message"]},
    {"type": "x" * 101},
    {"id": 7},
    {"id": ""},
    {"id": {"id": "x"}},
    {"id": "a\nb"},
    {"id": "x" * 1001},
    {"from": None},
    {"from": "29:ann"},
    {"from": []},
    {"from": {}},
    {"from": {"id": None}},
    {"from": {"id": ""}},
    {"from": {"id": 7}},
    {"from": {"id": "a\x00b"}},
    {"from": {"id": "29:a", "aadObjectId": 7}},
    {"from": {"id": "29:a", "name": ["Ann"]}},
    {"recipient": "28:bot"},
    {"recipient": {"id": 7}},
    {"conversation": None},
    {"conversation": "a:1"},
    {"conversation": {}},
    {"conversation": {"id": None}},
    {"conversation": {"id": ""}},
    {"conversation": {"id": ["a:1"]}},
    {"conversation": {"id": "a:1\r\nb"}},
    {"conversation": {"id": "a:1", "conversationType": 7}},
    {"conversation": {"id": "a:1", "isGroup": "yes"}},
    {"text": 7},
    {"text": {"a": 1}},
    {"text": ["a"]},
    {"locale": 7},
    {"locale": "x" * 36},
    {"timestamp": 1_700_000_000},
    {"entities": "mention"},
    {"entities": {"type": "mention"}},
    {"entities": [1]},
    {"entities": [{"type": "mention", "mentioned": "28:bot"}]},
    {"attachments": "file"},
    {"attachments": [1]},
    {"attachments": [{"contentType": 7}]},
    {"channelData": "x"},
    {"channelData": {"tenant": "x"}},
    {"channelData": {"tenant": {"id": 7}}},
    {"replyToId": 7},
    {"name": 7},
    {"action": ["add"]},
    {"serviceUrl": 7},
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=range(len(BODIES)))
async def test_bodies_that_are_no_activity(world: World, body: bytes, status: int) -> None:
    response = await world.post(body)

    assert response.status == status
    assert (await response.json())["error"]
    assert not world.bot.heard


@pytest.mark.parametrize("changes", CHANGES, ids=json.dumps)
async def test_envelopes_that_cannot_be_read(
    world: World, changes: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    response = await world.post({**world.teams.message(SECRET), **changes})

    said = await response.text()
    assert response.status == 400, said
    assert not world.bot.heard
    assert SECRET not in said + caplog.text
    assert "Traceback" not in said + caplog.text


@pytest.mark.parametrize("kind", ["text/plain", "", "multipart/form-data", "application/jsonp"])
async def test_other_kinds_of_content(world: World, kind: str) -> None:
    response = await world.post(world.teams.message(), **{"Content-Type": kind})

    assert response.status == 415


@pytest.mark.parametrize(
    "more",
    [
        {"type": "brandNew"},
        {"type": "typing"},
        {"type": "endOfConversation"},
        {"type": "invoke", "name": "brand/new", "value": {}},
        {"type": "invoke"},
        {"type": "event", "name": "x"},
        {"entities": [{"type": "brandNew", "more": [1, 2]}], "type": "messageReaction"},
        {"type": "conversationUpdate", "membersAdded": [{"id": "29:x"}], "channelData": None},
        {"type": "messageUpdate", "channelData": {"eventType": "brandNew"}},
    ],
    ids=json.dumps,
)
async def test_what_is_new_to_us_is_taken_and_left_alone(
    world: World, more: dict[str, Any]
) -> None:
    tenant = {"tenant": {"id": "22222222-2222-4222-8222-222222222222"}}
    data = {**tenant, **(more.get("channelData") or {})}

    response = await world.post({**world.teams.message(), **more, "channelData": data})

    assert response.status == 200
    assert not world.bot.heard


@pytest.mark.parametrize(
    "text", ["\ud83d 401", "a\x00b", "", "\u202e401", "x" * 200_000, "<at>" * 1000, "&#x110000;"]
)
async def test_odd_texts_do_no_harm(world: World, text: str) -> None:
    response = await world.post(
        {
            **world.teams.message("x"),
            "text": text,
            "attachments": [{"contentType": "text/html", "content": text[:20_000]}],
        }
    )

    assert response.status == 200
    assert len(world.bot.heard) == 1


@pytest.mark.parametrize(
    "given", [None, "", "soon", "2020-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-22"]
)
async def test_a_time_that_cannot_be_believed_is_replaced(world: World, given: str | None) -> None:
    response = await world.post({**world.teams.message(), "timestamp": given})

    assert response.status == 200
    assert [event.at.isoformat() for event in world.bot.heard] == ["2026-11-22T09:14:00+00:00"]
