"""Microsoft's side, on this machine: it signs activities with a key of its own, and takes cards."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from tests.adapters.teams import bodies
from tests.adapters.teams.bodies import APP

ISSUER = "https://api.botframework.com"


def new_key() -> RSAPrivateKey:
    """Return a key pair. It takes a moment."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Microsoft:
    """Publishes keys, signs tokens, and is the service that replies are posted to."""

    key: RSAPrivateKey = field(default_factory=new_key)
    keys: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    fetched: int = 0
    """How often the keys were asked for."""
    down: bool = False
    """Whether asking for them fails."""
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    """Method, path and body of what was asked of the service."""
    authorized: list[str] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)
    """Pictures that people have pasted, by name."""
    plan: list[web.Response | int] = field(default_factory=list)
    """What the service answers first, instead of taking the call."""

    def publish(self, key: RSAPrivateKey, kid: str, endorsements: list[str] | None) -> None:
        """Add a public key."""
        public = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
        more = {} if endorsements is None else {"endorsements": endorsements}
        self.keys.append({**public, "kid": kid, "use": "sig", **more})

    @property
    def service(self) -> str:
        """Return the service URL, as activities name it."""
        return f"{self.url}/amer/"

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return what a good token says; what is changed to None is left out."""
        now = int(time.time())
        good = {"iss": ISSUER, "aud": APP, "exp": now + 3600, "nbf": now - 60}
        all_of_it = {**good, "serviceurl": self.service, **changes}
        return {name: value for name, value in all_of_it.items() if value is not None}

    def bearer(
        self, key: RSAPrivateKey | None = None, kid: str | None = "k1", **claims: Any
    ) -> str:
        """Return the header with a token."""
        headers = {"kid": kid} if kid is not None else {}
        token = jwt.encode(self.claims(**claims), key or self.key, "RS256", headers)
        return f"Bearer {token}"

    def message(self, text: str = "hello", **more: Any) -> dict[str, Any]:
        """Return a message in a personal chat."""
        return bodies.message(text, service=self.service, **more)

    @property
    def cards(self) -> list[Mapping[str, Any]]:
        """Return the cards that were posted or put, in order."""
        sent = [(body or {}).get("activity", body) or {} for _, _, body in self.calls]
        return [it["attachments"][0]["content"] for it in sent if "attachments" in it]

    async def metadata(self, _: web.Request) -> web.Response:
        """Say where the keys are."""
        self.fetched += 1
        if self.down:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def published(self, _: web.Request) -> web.Response:
        """Show the keys."""
        return web.json_response({"keys": self.keys})

    async def take(self, request: web.Request) -> web.Response:
        """Be the service."""
        body = await request.json() if request.can_read_body else None
        self.authorized.append(request.headers.get("Authorization", ""))
        if self.plan:
            planned = self.plan.pop(0)
            return web.Response(status=planned) if isinstance(planned, int) else planned
        _, pasted, name = request.path.partition("/v3/attachments/")
        if pasted and (picture := self.attachments.get(name.partition("/")[0])):
            return web.Response(body=picture, content_type="application/octet-stream")
        self.calls.append((request.method, request.path, body))
        made = {"id": f"new-{len(self.calls)}", "activityId": f"post-{len(self.calls)}"}
        return web.json_response(made, status=200 if request.method == "GET" else 201)


@asynccontextmanager
async def microsoft() -> AsyncIterator[Microsoft]:
    """Yield it, with one good key."""
    there = Microsoft()
    there.publish(there.key, "k1", ["msteams", "webchat"])
    app = web.Application()
    app.router.add_get("/metadata", there.metadata)
    app.router.add_get("/keys", there.published)
    app.router.add_route("*", "/amer/{rest:.*}", there.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        there.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield there
    finally:
        await runner.cleanup()
