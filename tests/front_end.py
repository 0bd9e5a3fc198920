"""The other side of the HTTP platform: a real server that takes replies as it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "a-token-of-the-tests"


@dataclass
class FrontEnd:
    """Answers 204; `plan` is what it answers first instead, a status or a response each."""

    plan: list[int | web.Response] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    """What was answered 2xx, in order."""
    heard: list[dict[str, Any]] = field(default_factory=list)
    """Everything that was posted."""
    authorized: list[str] = field(default_factory=list)
    slow: float = 0.0
    """Seconds that each answer takes."""
    drops: bool = False
    """Take the post, then close the connection without an answer."""
    url: str = ""
    first: Callable[[dict[str, Any]], Awaitable[None]] | None = None
    """What is done with a post before it is answered."""

    async def hear(self, request: web.Request) -> web.StreamResponse:
        """Take one reply."""
        body = await request.json()
        if life := request.query.get("life"):  # a sender that wants to be told apart
            body["life"] = life
        self.heard.append(body)
        self.authorized.append(request.headers.get("Authorization", ""))
        if self.first:
            await self.first(body)
        if self.slow:
            await asyncio.sleep(self.slow)
        planned = self.plan.pop(0) if self.plan else 204
        response = web.Response(status=planned) if isinstance(planned, int) else planned
        if 200 <= response.status < 300:
            self.taken.append(body)
        if self.drops and request.transport:
            request.transport.close()
        return response

    def said(self, conversation: str) -> list[str]:
        """Return the texts that `conversation` was sent, in order."""
        return [post["text"] for post in self.taken if post["conversation"] == conversation]

    async def has(self, count: int, seconds: float = 20) -> None:
        """Wait until `count` replies were taken."""
        async with asyncio.timeout(seconds):
            while len(self.taken) < count:  # noqa: ASYNC110 - another process decides when
                await asyncio.sleep(0.01)


@asynccontextmanager
async def front_end() -> AsyncIterator[FrontEnd]:
    """Yield a front end that listens on a free port of this machine."""
    there = FrontEnd()
    app = web.Application()
    app.router.add_post("/replies", there.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        there.url = f"http://127.0.0.1:{runner.addresses[0][1]}/replies"
        yield there
    finally:
        await runner.cleanup()
