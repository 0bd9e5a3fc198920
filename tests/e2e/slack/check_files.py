"""A picture of the requester's, through a Slack that nobody here wrote: up, down, and up again."""

from __future__ import annotations

import pytest

from tests.e2e.slack.check_handover import Story
from tests.e2e.slack.emulated import Json, World, eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


async def test_a_picture_reaches_the_desk(world: World) -> None:
    story = await Story.begun(world, "English", "help", "desk")
    await story.is_handed_over()

    await shared(world, "shot.png", PNG, channel_id=story.here, thread_ts=story.root)

    async def that() -> Json | None:
        below = await world.thread(story.there, story.card["ts"], 0)
        return next((it for it in below if it.get("files")), None)

    shown = await eventually(that, "a picture below the card")
    assert shown["files"][0]["title"] == "shot.png"
    url = shown["files"][0]["url_private"]
    async with world.session.get(url, headers={"Authorization": "Bearer xoxp-bob"}) as response:
        assert await response.read() == PNG


async def shared(world: World, name: str, raw: bytes, **where: str) -> None:
    """Let Alice share a file."""
    got = await world.call("alice", "files.getUploadURLExternal", filename=name, length=len(raw))
    async with world.session.post(got["upload_url"], data=raw) as response:
        assert response.status == 200
    files = [{"id": got["file_id"], "title": name}]
    await world.call("alice", "files.completeUploadExternal", files=files, **where)
