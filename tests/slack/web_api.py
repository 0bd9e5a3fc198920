"""The Web API of a workspace that exists in memory: a real server that answers as it is told to."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

BOT_TOKEN = "xoxb-of-the-tests"
APP_TOKEN = "xapp-of-the-tests"
TEAM, BOT, BOT_ID, APP = "T1", "UBOT", "BBOT", "A1"

Json = dict[str, Any]


@dataclass(frozen=True)
class Trouble:
    """What happens to one call in place of the usual."""

    status: int = 200
    error: str = ""
    retry_after: str = ""
    drops: bool = False
    """The connection is lost, after the call has done its work."""
    body: str | None = None
    """Something that is no JSON."""
    slow: float = 0


@dataclass
class WebApi:
    """What the workspace holds, and all that was asked of it."""

    messages: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    """By channel, oldest first."""
    whispered: list[Json] = field(default_factory=list)
    """Ephemeral messages, by either way."""
    calls: list[tuple[str, Json]] = field(default_factory=list)
    troubles: dict[str, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    """By method, what happens to its next calls."""
    locales: dict[str, str] = field(default_factory=dict)
    people: dict[str, Json] = field(default_factory=dict)
    """What else is known of somebody, by user."""
    views: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """By id, bytes and content type."""
    uploads: dict[str, bytes] = field(default_factory=dict)
    """By id, what was uploaded; shared or not."""
    members: set[str] | None = None
    """Channels that the bot is in; None: all."""
    echo: Callable[[Json], None] | None = None
    """Hears of every message that the bot posts."""
    url: str = ""
    socket: Callable[[web.Request], Any] | None = None
    upload_fails: list[int] = field(default_factory=list)
    """What the next uploads are answered with."""
    _names: dict[str, str] = field(default_factory=dict)
    _seconds: Any = field(default_factory=lambda: count(1_764_000_000))

    def ts(self) -> str:
        """Return a moment that no message has yet."""
        return f"{next(self._seconds)}.000100"

    def asked(self, method: str) -> list[Json]:
        """Return the arguments of every call of `method`."""
        return [arguments for name, arguments in self.calls if name == method]

    def by_bot(self, channel: str) -> list[Json]:
        """Return the messages of the bot's own in `channel`."""
        return [it for it in self.messages[channel] if it.get("bot_id") == BOT_ID]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        method = request.match_info["method"]
        arguments = dict(request.query)
        if raw := await request.read():
            arguments |= json.loads(raw)
        self.calls.append((method, arguments))
        trouble = self.troubles[method].pop(0) if self.troubles[method] else Trouble()
        await asyncio.sleep(trouble.slow)
        if trouble.status != 200 or trouble.body is not None:
            headers = {"Retry-After": trouble.retry_after} if trouble.retry_after else {}
            text = (
                trouble.body if trouble.body is not None else '{"ok":false,"error":"ratelimited"}'
            )
            kind = "application/json" if trouble.body is None else "text/html"
            return web.Response(
                status=trouble.status, text=text, headers=headers, content_type=kind
            )
        if trouble.error:
            return web.json_response({"ok": False, "error": trouble.error})
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        done = self._done(method, arguments)
        if trouble.drops:
            assert request.transport
            request.transport.abort()
        return web.json_response({"ok": "error" not in done, **done})

    def _done(self, method: str, asked: Json) -> Json:
        known: dict[str, Callable[[Json], Json]] = {
            "agents.sessions.setStatus": lambda _: {},
            "apps.connections.open": lambda _: {"url": f"{self.url.replace('http', 'ws')}socket"},
            "assistant.threads.setSuggestedPrompts": lambda _: {},
            "auth.test": lambda _: {"user_id": BOT, "bot_id": BOT_ID, "team_id": TEAM},
            "chat.getPermalink": self._permalink,
            "chat.postEphemeral": self._whisper,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": lambda it: {"messages": self.messages[it["channel"]]},
            "conversations.replies": self._thread,
            "files.completeUploadExternal": self._share,
            "files.getUploadURLExternal": self._place_to_upload,
            "files.info": lambda it: {"file": {"url_private": self.file_url(it["file"])}},
            "users.info": self._person,
            "views.open": self._open,
            "views.publish": self._publish,
        }
        return known[method](asked) if method in known else {"error": "unknown_method"}

    def _permalink(self, asked: Json) -> Json:
        where = asked["channel"], asked["message_ts"]
        return {"permalink": "https://t.slack.com/archives/{}/p{}".format(*where)}

    def _whisper(self, asked: Json) -> Json:
        self.whispered.append(asked)
        return {"message_ts": self.ts()}

    def _thread(self, asked: Json) -> Json:
        found = self.messages[asked["channel"]]
        return {"messages": [it for it in found if it.get("thread_ts") == asked["ts"]]}

    def _person(self, asked: Json) -> Json:
        user = asked["user"]
        known = {"id": user, "team_id": TEAM, "locale": self.locales.get(user, "en-US")}
        return {"user": {**known, **self.people.get(user, {})}}

    def _open(self, asked: Json) -> Json:
        self.views.append(asked)
        return {"view": {"id": "V1"}}

    def _publish(self, asked: Json) -> Json:
        self.homes[asked["user_id"]] = asked["view"]
        return {"view": {"id": "V2"}}

    def _post(self, asked: Json) -> Json:
        if self.members is not None and asked["channel"] not in self.members:
            return {"error": "not_in_channel"}
        message = {
            "type": "message",
            "user": BOT,
            "bot_id": BOT_ID,
            "app_id": APP,
            "ts": self.ts(),
            **{name: it for name, it in asked.items() if name != "channel"},
        }
        self.messages[asked["channel"]].append(message)
        if self.echo:
            self.echo({**message, "channel": asked["channel"]})
        return {"ts": message["ts"], "channel": asked["channel"], "message": message}

    def _place_to_upload(self, asked: Json) -> Json:
        id = f"F{len(self._names) + 1:04}"
        self._names[id] = asked["filename"]
        return {"upload_url": f"{self.url}upload/{id}", "file_id": id}

    def _share(self, asked: Json) -> Json:
        (file,) = asked["files"]
        assert self.uploads[file["id"]]
        where: Json = {it: asked[it] for it in ("thread_ts", "blocks") if it in asked}
        shown = {**file, "name": self._names[file["id"]], "mimetype": "image/png"}
        self._post({"channel": asked["channel_id"], "text": "", "files": [shown], **where})
        return {"files": [file]}

    async def upload(self, request: web.Request) -> web.Response:
        """Take the bytes of a file."""
        if self.upload_fails:
            return web.Response(status=self.upload_fails.pop(0))
        self.uploads[request.match_info["id"]] = await request.read()
        return web.Response(text="OK")

    def _update(self, asked: Json) -> Json:
        found = [m for m in self.messages[asked["channel"]] if m["ts"] == asked["ts"]]
        if not found:
            return {"error": "message_not_found"}
        found[0].update(text=asked["text"], blocks=asked.get("blocks", []))
        return {"ts": asked["ts"]}

    def file_url(self, id: str) -> str:
        """Return where the file `id` is."""
        return f"{self.url}files/{id}"

    async def file(self, request: web.Request) -> web.Response:
        """Answer with a file, or with the page to sign in at: a 200, as Slack does."""
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        raw, kind = self.files[request.match_info["id"]]
        return web.Response(body=raw, content_type=kind)

    async def respond(self, request: web.Request) -> web.Response:
        """Take what is posted to a `response_url`."""
        self.whispered.append(await request.json())
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        assert self.socket
        response: web.StreamResponse = await self.socket(request)
        return response


@asynccontextmanager
async def web_api() -> AsyncIterator[WebApi]:
    """Run the Web API and yield it."""
    api = WebApi()
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/api/{method}", api.answer)
    app.router.add_get("/files/{id}", api.file)
    app.router.add_post("/upload/{id}", api.upload)
    app.router.add_post("/respond", api.respond)
    app.router.add_get("/socket", api._socket)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield api
    finally:
        await runner.cleanup()
