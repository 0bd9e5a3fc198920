"""Slack's end in a process of its own: `python -m tests.bench.slack_api`.

Its first line of output is its port; each further one is `MOMENT TS`: when what answers the message
`TS` was posted. `GET /calls` tells how many calls there were so far.
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import perf_counter
from typing import Any

from aiohttp import web

_ANSWERS = {
    "auth.test": {"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": "T1"},
    "users.info": {"ok": True, "user": {"id": "U1", "locale": "en-US"}},
}


async def main() -> None:
    """Answer until the input ends."""
    calls = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        method, raw = request.match_info["method"], await request.read()
        if method == "chat.postMessage":
            print(perf_counter(), _answered(json.loads(raw)), flush=True)
            return web.json_response({"ok": True, "ts": f"1764{calls:06}.000100"})
        return web.json_response(_ANSWERS.get(method, {"ok": True, "ts": "1.1"}))

    async def count(_: web.Request) -> web.Response:
        return web.Response(text=str(calls))

    app = web.Application()
    app.router.add_get("/calls", count)
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def _answered(post: dict[str, Any]) -> str:
    """Return the `ts` of the message that `post` answers: the metadata's, or the thread's."""
    payload = (post.get("metadata") or {}).get("event_payload")
    return str(payload["key"].split(":")[3] if payload else post["thread_ts"])


if __name__ == "__main__":
    asyncio.run(main())
