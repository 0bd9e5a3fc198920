"""Microsoft's public keys: fetched without stopping anybody, renewed when a new one is used."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from adapters.web import start_of

if TYPE_CHECKING:
    from jwt import PyJWK

log = logging.getLogger(__name__)

METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
"""https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication"""
_TTL = 24 * 3600.0
"""Seconds after which keys are fetched anew in any case."""
_PAUSE = 60.0
"""Seconds between two tries: an unknown key must not be a way to keep us busy."""
_TIMEOUT = aiohttp.ClientTimeout(total=5)
_MOST = 1_000_000
"""Bytes of one answer."""


class KeysUnavailableError(Exception):
    """No keys have been fetched yet, and none can be just now."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key, and the channels that it may speak for."""

    public: PyJWK
    endorsements: frozenset[str]


class SigningKeys:
    """Keys by their id. The last ones that were had stay good when no new ones can be fetched."""

    def __init__(
        self, url: str, session: Callable[[], aiohttp.ClientSession], now: Callable[[], float]
    ) -> None:
        """`now` counts seconds, from any moment on."""
        self._url = url
        self._session = session
        self._now = now
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched = self._tried = float("-inf")
        self._alone = asyncio.Lock()

    async def get(self, kid: str) -> SigningKey | None:
        """Return the key `kid`; None when there is none. Raises `KeysUnavailableError`."""
        on_its_way = self._alone.locked() and kid not in self._keys
        if on_its_way or self._stale(kid):
            async with self._alone:
                if self._stale(kid):
                    await self._refresh()
        if not self._keys:
            raise KeysUnavailableError
        return self._keys.get(kid)

    def _stale(self, kid: str) -> bool:
        now = self._now()
        wanted = now - self._fetched > _TTL or kid not in self._keys
        return wanted and now - self._tried > (_PAUSE if self._keys else 1.0)

    async def _refresh(self) -> None:
        self._tried = self._now()
        try:
            metadata = await self._fetch(self._url)
            self._keys = _keys(await self._fetch(str(metadata["jwks_uri"])))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            log.warning("signing keys cannot be fetched: %s", type(error).__name__)
        else:
            self._fetched = self._now()

    async def _fetch(self, url: str) -> Mapping[str, Any]:
        async with self._session().get(url, timeout=_TIMEOUT, allow_redirects=False) as response:
            response.raise_for_status()
            raw = await start_of(response, _MOST + 1)
        if len(raw) > _MOST:
            raise ValueError("too large")
        found = json.loads(raw)
        if not isinstance(found, dict):
            raise TypeError("no object")
        return found


def _keys(found: Mapping[str, Any]) -> Mapping[str, SigningKey]:
    from jwt import PyJWK
    from jwt.exceptions import PyJWTError

    keys = {}
    for key in found["keys"]:
        if key.get("kty") != "RSA" or not isinstance(key.get("kid"), str):
            continue
        try:
            public = PyJWK(key, algorithm="RS256")
        except PyJWTError:
            log.warning("a signing key cannot be read")
            continue
        keys[key["kid"]] = SigningKey(public, frozenset(key.get("endorsements") or ()))
    if not keys:
        raise ValueError("no keys")
    return keys
