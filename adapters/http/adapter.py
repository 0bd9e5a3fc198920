"""`POST /http/events` in, posts to the reply URL out; the same bearer token both ways."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from http import HTTPStatus

import aiohttp
from aiohttp import web

from adapters.base import Answer, Gone, Handler, Place, Receipt, TryLater
from adapters.http.keys import PLATFORM, told
from adapters.http.parse import parse, problem
from adapters.http.render import Payload, render
from adapters.web import Refusal, body_of, json_object, retry_after, unavailable
from dialogs.events import Chose, Event, Origin
from dialogs.replies import Ask, Reply, Say, Settle

ROUTE = "/http/events"
MOST = 1_048_576
"""Bytes of one posted event."""
_NEVER = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.GONE,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
"""It is this reply that is not taken. Anything else (a redirect, 401, 404) is how the other side is
set up just now: people will see to that.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Who is on the other side."""

    token: str = field(repr=False)
    reply_url: str
    timeout: float
    """Seconds that one post may take."""
    now: Callable[[], datetime]


class HttpAdapter:
    """See `adapters.base.Adapter`."""

    name = PLATFORM

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._bearer = f"Bearer {peer.token}"
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def connect(self, http: web.Application | None, handle: Handler) -> AsyncGenerator[None]:
        """See `Adapter.connect`."""

        async def post(request: web.Request) -> web.Response:
            try:
                return await self._take(request, handle)
            except Refusal as refusal:
                return refusal.response()

        if http is not None:
            http.router.add_post(ROUTE, post)
        timeout = aiohttp.ClientTimeout(total=self._peer.timeout)
        async with aiohttp.ClientSession(timeout=timeout) as self._session:
            yield

    async def send(self, place: Place, reply: Reply) -> Receipt:
        """See `Adapter.send`. Any 2xx means delivered."""
        if isinstance(reply, Settle) and not place.shown:
            return Receipt()  # its question was never shown: there is nothing to change
        payload = _addressed(place.key, place.origin, reply)
        if place.origin.channel:
            payload |= {"channel": place.origin.channel, "thread": place.origin.thread or None}
        if place.shown:
            payload["replaces"] = place.shown
        await self._post(payload)
        stays = isinstance(reply, Ask) and reply.stays
        return Receipt(message=(place.shown if stays else "") or place.key)

    async def _take(self, request: web.Request, handle: Handler) -> web.Response:
        self._admit(request)
        payload = json_object(await body_of(request, MOST))
        if why := problem(payload):
            raise Refusal(HTTPStatus.BAD_REQUEST, why)
        event = parse({**payload, "time": self._peer.now().isoformat()})
        if event is None:
            raise Refusal(HTTPStatus.BAD_REQUEST, "this is no event")
        try:
            answer = await handle(event)
        except TryLater as later:
            raise unavailable(str(later), later.seconds) from None
        return web.json_response(_answered(event, answer))

    def _admit(self, request: web.Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        known = compare_digest(given.encode("utf-8", "replace"), self._peer.token.encode())
        if scheme.lower() != "bearer" or not known:
            needed = {"WWW-Authenticate": "Bearer"}
            raise Refusal(HTTPStatus.UNAUTHORIZED, "the bearer token is missing or wrong", needed)

    async def _post(self, payload: Payload) -> None:
        if self._session is None:
            raise TryLater("not connected")
        try:
            async with self._session.post(
                self._peer.reply_url,
                json=payload,
                headers={"Authorization": self._bearer},
                allow_redirects=False,
            ) as response:
                status, after = response.status, response.headers.get("Retry-After")
        except (TimeoutError, aiohttp.ClientError) as error:
            raise TryLater(f"the reply URL cannot be reached: {type(error).__name__}") from None
        if 200 <= status < 300:
            return
        why = f"the reply URL answered {status}"
        if status in _NEVER:
            raise Gone(why)
        raise TryLater(why, retry_after(after, self._peer.now()))


def _answered(event: Event, answer: Answer) -> dict[str, object]:
    """Return what whoever pressed is shown at once; words are answered at the reply URL, but for
    what nobody else may see.
    """
    said = [(key, it) for key, it in answer.replies.items() if isinstance(it, Say)]
    if not isinstance(event, Chose):
        said = [(key, it) for key, it in said if it.to == "presser"]
    return {"answer": [_addressed(key, event.origin, it) for key, it in said]} if said else {}


def _addressed(key: str, origin: Origin, reply: Reply) -> Payload:
    payload = {"id": key, "conversation": origin.route.get("conversation", ""), **render(reply)}
    if isinstance(reply, Ask) and reply.to != "presser":  # nobody else can answer that
        payload["token"] = told(reply.token, origin)
    return payload
