"""Files, from a real server: so much of them, in the encodings that logs come in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.base import Gone, TryLater
from adapters.files import read
from dialogs.length import MOST, at_most

LOG = "오류 AADSTS50173\n"


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async def serve(request: web.Request) -> web.Response:
        path = request.match_info["path"]
        if path.isdecimal():
            return web.Response(status=int(path), headers={"Location": "/plain"})
        return web.Response(body=BODIES[path], content_type="text/plain")

    app = web.Application()
    app.router.add_get("/{path}", serve)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


BODIES = {
    "plain": LOG.encode(),
    "marked": LOG.encode("utf-8-sig"),
    "wide": LOG.encode("utf-16"),
    "long": b"x" * MOST * 3,
    "long-wide": ("x" * MOST * 3).encode("utf-16"),
    "long-wide-korean": ("가" * MOST * 3).encode("utf-16"),
}


@pytest.mark.parametrize("path", ["plain", "marked", "wide"])
async def test_reads_what_was_written(url: str, path: str) -> None:
    async with ClientSession() as session:
        assert await read(session, f"{url}{path}") == (LOG, "text/plain")


@pytest.mark.parametrize("path", ["long", "long-wide", "long-wide-korean"])
async def test_the_cut_is_noticed_whatever_the_encoding(url: str, path: str) -> None:
    async with ClientSession() as session:
        text, _ = await read(session, f"{url}{path}")

    assert at_most(text)[1]
    assert len(text) <= 2 * MOST + 4


@pytest.mark.parametrize(
    ("path", "error"),
    [("302", Gone), ("404", Gone), ("408", TryLater), ("429", TryLater), ("503", TryLater)],
)
async def test_what_is_not_given_is_gone_or_comes_later(
    url: str, path: str, error: type[Exception]
) -> None:
    async with ClientSession() as session:
        with pytest.raises(error, match=f"answered {path}"):
            await read(session, f"{url}{path}")
