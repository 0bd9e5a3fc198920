"""A front end in a process of its own: `python -m tests.bench.front` tells when replies arrive.

Its first line of output is its port; each further one is `MOMENT ID`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import perf_counter

from aiohttp import web


async def main() -> None:
    """Take replies until the input ends."""

    async def hear(request: web.Request) -> web.Response:
        reply = json.loads(await request.read())
        print(perf_counter(), reply["id"], flush=True)
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/replies", hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
