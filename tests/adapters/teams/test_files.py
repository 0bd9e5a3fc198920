"""Files that came with a message."""

from __future__ import annotations

import pytest
from aiohttp import web

from adapters.base import Gone, TryLater
from dialogs.events import File
from tests.adapters.teams.conftest import World


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
    try:
        assert await world.adapter.fetch(_file(f"{url}/run.json")) == "오류 401"
        for path, error in (("binary", Gone), ("moved", Gone), ("busy", TryLater)):
            with pytest.raises(error):
                await world.adapter.fetch(_file(f"{url}/{path}"))
        with pytest.raises(Gone, match="not read from"):
            await world.adapter.fetch(_file("https://evil.example/x"))
    finally:
        await runner.cleanup()


def _file(url: str) -> File:
    return File("x", {"url": url})
