"""Microsoft Teams: activities come to `/api/messages`, cards go to the service they came from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

import aiohttp
from aiohttp import web

from adapters.base import Gone, Handler, Place, Receipt, TryLater, Unshown
from adapters.recent import Recent
from adapters.teams import files, places
from adapters.teams.activity import Activity
from adapters.teams.bearer import Bearer
from adapters.teams.credentials import App, Tokens, token_of
from adapters.teams.dialog import CARD
from adapters.teams.edge import ROUTE, Edge
from adapters.teams.elements import Element
from adapters.teams.hosts import PUBLIC_CLOUD, is_service
from adapters.teams.invokes import Invokes
from adapters.teams.keys import METADATA, SigningKeys
from adapters.teams.outgoing import failure
from adapters.teams.pacing import IN_A_TENANT, IN_A_THREAD, Pacing
from adapters.teams.parse import event
from adapters.teams.people import Names
from adapters.teams.phrases import Phrases
from adapters.teams.render import Frame, render, summary
from adapters.teams.transport import Body, RefusedError, Said, Transport
from adapters.web import Refusal, unavailable
from dialogs.events import File, Origin
from dialogs.replies import Ask, Picture, Pictured, Reply, Say, Settle

_MOST = 1000
"""Organisations whose service is remembered."""
_SHORT = 2.0
"""Seconds that are waited for one's turn; for longer pauses the outbox is the place."""
_LARGEST = 1024 * 1024
"""Bytes of a picture that a bot sends:
https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the adapter is told."""

    app: App | None
    """None: a developer's own machine."""
    tenants: frozenset[str] = frozenset()
    """Whose activities are taken; all when empty."""
    loopback: bool = False
    """Whether Teams may be a program on this very machine."""
    timeout: float
    """Seconds that one request may take."""
    now: Callable[[], datetime]
    clock: Callable[[], float] = monotonic
    """Counts seconds, from any moment on."""
    phrase: Callable[[str, str], str]
    """One of the bot's phrases, by name and language."""
    service: str = PUBLIC_CLOUD
    """Where a channel is reached of whose organisation nobody has written yet."""
    metadata: str = METADATA
    token: Callable[[], str] | None = None
    """What gets a token for sending; the way of `app` when None."""


class TeamsAdapter:
    """See `adapters.base.Adapter`."""

    name = places.PLATFORM

    def __init__(self, setup: Setup) -> None:
        """Raises `ValueError` or `OSError` when the certificate cannot be read."""
        self._setup = setup
        self._session: aiohttp.ClientSession | None = None
        app = setup.app
        token = setup.token or (token_of(app) if app else None)
        keys = SigningKeys(setup.metadata, self._open_session, setup.clock)
        self._edge = Edge(
            bearer=Bearer(app.id, keys, setup.now) if app else None,
            tenants=setup.tenants,
            loopback=setup.loopback,
            now=setup.now,
        )
        self._tokens = Tokens(token, setup.clock)
        self._transport = Transport(self._open_session, self._tokens, app.id if app else "")
        self._names, self._phrases = Names(), Phrases(setup.phrase)
        self._invokes = Invokes(self._transport, self._names, self._phrases)
        self._services: Recent[str, str] = Recent(_MOST)
        self._in_threads, self._in_tenants = Pacing(IN_A_THREAD), Pacing(IN_A_TENANT)

    @asynccontextmanager
    async def connect(self, http: web.Application | None, handle: Handler) -> AsyncGenerator[None]:
        """See `Adapter.connect`."""

        async def take(activity: Activity) -> Body | None:
            self._names.remember(activity.sender)
            if activity.service:
                self._services[activity.tenant] = activity.service
            return await self._transport.turn(activity, lambda: self._respond(activity, handle))

        async def post(request: web.Request) -> web.Response:
            try:
                return await self._edge.receive(request, take)
            except Refusal as refusal:
                return refusal.response()
            except TryLater as later:
                return unavailable(str(later), later.seconds).response()

        if http is not None:
            http.router.add_post(ROUTE, post)
        timeout = aiohttp.ClientTimeout(total=self._setup.timeout)
        async with aiohttp.ClientSession(timeout=timeout) as self._session:
            yield
            await self._invokes.drain()

    async def send(self, place: Place, reply: Reply) -> Receipt:
        """See `Adapter.send`."""
        if isinstance(reply, Settle) and not place.shown:
            return Receipt()  # its question was never shown: there is nothing to change
        place = replace(place, origin=self._reached(place.origin))
        route = place.origin.route
        if not is_service(route.get("service", ""), loopback=self._setup.loopback):
            raise Gone("the way back leads to no service of Microsoft's")
        await self._in_turn(place.origin)
        activity = self._activity(place.origin, reply)
        try:
            said = await self._delivered(place, reply, activity)
        except RefusedError as refused:
            error = failure(refused, self._setup.now())
            shows = isinstance(reply, Pictured)
            raise (Unshown(str(error)) if shows and isinstance(error, Gone) else error) from None
        except (TimeoutError, aiohttp.ClientError) as error:
            raise TryLater(f"Teams cannot be reached: {type(error).__name__}") from None
        return Receipt(route={**route, "conversation": said.conversation}, message=said.message)

    async def fetch(self, file: File) -> str:
        """See `Fetches.fetch`."""
        return await files.text_of(file, self._open_session(), loopback=self._setup.loopback)

    async def picture(self, file: File) -> Picture:
        """See `Fetches.picture`."""
        session, loopback = self._open_session(), self._setup.loopback
        return await files.picture_of(file, session, self._tokens, loopback=loopback)

    @property
    def largest_picture(self) -> int:
        """See `adapters.base.ShowsPictures`."""
        return _LARGEST

    def _reached(self, origin: Origin) -> Origin:
        """Return `origin` with a way to it, also where it is a channel of the settings."""
        if origin.route.get("service") or not origin.channel:
            return origin
        service = self._services.get(origin.tenant, self._setup.service)
        bot = f"28:{self._setup.app.id}" if self._setup.app else ""
        route = places.completed(origin.route, origin.channel, service, bot)
        return replace(origin, route=route)

    async def _respond(self, activity: Activity, handle: Handler) -> Element | None:
        if respond := self._invokes.responder(activity):
            return await respond(activity, handle)
        if (happened := event(activity)) is None:
            return None
        answer = await handle(happened)
        # Neither words nor an old client's press are answered in the response.
        for key, reply in answer.replies.items():
            if isinstance(reply, Say) and reply.to == "presser":
                await self.send(Place(happened.origin, key=key), reply)
        return None

    async def _delivered(self, place: Place, reply: Reply, activity: Element) -> Said:
        route, tenant = place.origin.route, place.origin.tenant
        service, thread = route["service"], places.thread(place.origin)
        if isinstance(reply, Ask) and reply.stays:
            thread = place.origin.channel
        if isinstance(reply, Settle) or place.shown:
            return await self._transport.update(service, thread, place.shown, activity)
        bot = route.get("bot", "")
        # A group chat has no posts with threads below them: everything is one after the other.
        where = route.get("conversation", "")
        if place.where == "post" and (places.root(where) or not where):
            channel = route.get("channel") or thread.partition(";")[0]
            return await self._transport.start(
                service, bot=bot, tenant=tenant, channel=channel, activity=activity
            )
        if place.where == "direct":
            opened = await self._transport.start(
                service, bot=bot, tenant=tenant, member=route.get("user", "")
            )
            thread = opened.conversation
        return await self._transport.send(service, thread, activity)

    async def _in_turn(self, origin: Origin) -> None:
        """Wait for a moment when Teams takes one more. Raises `TryLater`."""
        thread = f"{origin.tenant}:{origin.route.get('conversation', '')}"
        for pacing, where in ((self._in_threads, thread), (self._in_tenants, origin.tenant)):
            while pause := pacing.wait(where, self._setup.clock()):
                if pause > _SHORT:
                    raise TryLater("as much as Teams takes here was said already", pause)
                await asyncio.sleep(pause)

    def _activity(self, origin: Origin, reply: Reply) -> Element:
        card = render(reply, self._frame(origin, reply))
        more = [files.inline(reply.picture)] if isinstance(reply, Pictured) else []
        return {
            "summary": summary(reply),
            "attachments": [{"contentType": CARD, "content": card}, *more],
        }

    def _frame(self, origin: Origin, reply: Reply) -> Frame:
        requester = places.requester(origin)
        if isinstance(reply, Settle):
            return Frame(by=self._names.of(reply.by))
        # What is asked has buttons, or a field; what is only said may be answered as well.
        needed = requester and not isinstance(reply, Ask)
        hint = self._phrases.of("mention-me", origin, [reply]) if needed else ""
        return Frame(requester=requester, hint=hint)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise TryLater("not connected")
        return self._session
